"""Discounts never make anything negative (rules 6 and 7)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradepost.money.discount import Discount, LineDiscount, TicketDiscount, take_discount
from tradepost.money.errors import InvalidDiscount
from tradepost.money.rounding import RoundingMode

HALF_UP = RoundingMode.HALF_UP


@pytest.mark.parametrize(
    ("discount", "base", "taken"),
    [
        (None, 1000, 0),
        (LineDiscount(percent=Decimal(10)), 1000, 100),
        (LineDiscount(percent=Decimal(10)), 995, 100),  # 99.5
        (LineDiscount(percent=Decimal("33.3333")), 1000, 333),
        (LineDiscount(percent=Decimal(100)), 999, 999),
        (LineDiscount(percent=Decimal(0)), 999, 0),
        (TicketDiscount(amount_minor=50), 999, 50),
        (TicketDiscount(amount_minor=999), 999, 999),
        (TicketDiscount(amount_minor=0), 0, 0),
        (LineDiscount(percent=Decimal(50)), 0, 0),
    ],
)
def test_a_discount_is_taken_from_its_base(discount: Discount | None, base: int, taken: int) -> None:
    assert take_discount(discount, base, HALF_UP) == taken


def test_a_percentage_is_rounded_by_the_profiles_mode() -> None:
    """Rule 3."""
    ten = LineDiscount(percent=Decimal(10))
    assert [take_discount(ten, 995, mode) for mode in RoundingMode] == [100, 100, 99, 100, 99]


@given(
    st.integers(0, 10**12),
    st.decimals(0, 100, places=4),
    st.sampled_from(list(RoundingMode)),
)
def test_a_percentage_never_takes_more_than_there_is(base: int, percent: Decimal, mode: RoundingMode) -> None:
    assert 0 <= take_discount(LineDiscount(percent=percent), base, mode) <= base


@pytest.mark.parametrize(
    "discount",
    [
        LineDiscount(percent=Decimal("100.0001")),
        LineDiscount(percent=Decimal("-0.0001")),
        LineDiscount(percent=Decimal("0.00001")),
        LineDiscount(percent=Decimal("NaN")),
        LineDiscount(percent=Decimal("Infinity")),
        TicketDiscount(amount_minor=-1),
        TicketDiscount(amount_minor=1001),
    ],
)
def test_a_discount_outside_its_limits_is_refused(discount: Discount) -> None:
    with pytest.raises(InvalidDiscount) as caught:
        take_discount(discount, 1000, HALF_UP)
    assert caught.value.code == "money.invalid_discount"


def test_a_discount_is_either_a_percentage_or_an_amount() -> None:
    with pytest.raises(InvalidDiscount, match="either a percentage or an amount"):
        LineDiscount()
    with pytest.raises(InvalidDiscount, match="either a percentage or an amount"):
        TicketDiscount(percent=Decimal(10), amount_minor=5)


def test_floats_are_no_discount() -> None:
    """Rule 1."""
    with pytest.raises(TypeError):
        LineDiscount(percent=10.0)  # type: ignore[arg-type]  # the refusal is what is tested
    with pytest.raises(TypeError):
        LineDiscount(amount_minor=10.0)  # type: ignore[arg-type]  # the refusal is what is tested
    with pytest.raises(TypeError):
        LineDiscount(amount_minor=Decimal(10))  # type: ignore[arg-type]  # the refusal is what is tested
