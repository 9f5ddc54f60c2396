"""Exact decimals become whole numbers, or are refused; floats never get in (rule 1)."""

from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradepost.money.errors import InvalidPrice
from tradepost.money.exact import refuse_float, require_decimal, require_minor, scale_decimal, shift_exactly, unscale


@pytest.mark.parametrize("value", [1.5, 1, "1.5", None, float("nan"), True])
def test_anything_but_a_decimal_is_a_type_error(value: object) -> None:
    """Rule 1."""
    with pytest.raises(TypeError, match="price must be a Decimal"):
        require_decimal(value, "price")


@pytest.mark.parametrize("value", ["2.5", 2, Decimal("2.5"), None])
def test_what_is_no_float_passes_on_to_the_next_check(value: object) -> None:
    assert refuse_float(value) is value


@pytest.mark.parametrize("value", [2.5, 2.0, float("nan")])
def test_a_float_is_refused_with_what_to_send_instead(value: float) -> None:
    """Rule 1."""
    with pytest.raises(ValueError, match="send the number as text"):
        refuse_float(value)


@pytest.mark.parametrize("value", [1.0, Decimal(1), "1", None, True, False])
def test_anything_but_an_int_is_no_minor_amount(value: object) -> None:
    """Rule 1."""
    with pytest.raises(TypeError, match="total must be an int of minor units"):
        require_minor(value, "total")


def test_the_largest_number_is_scaled() -> None:
    largest = Decimal("9999999999999999.99")
    assert scale_decimal(largest, 2, "unit price", InvalidPrice) == 999999999999999999


@pytest.mark.parametrize("text", ["NaN", "sNaN", "-NaN", "Infinity", "-Infinity"])
def test_nan_and_infinity_are_refused(text: str) -> None:
    with pytest.raises(InvalidPrice, match="The unit price must be a number"):
        scale_decimal(Decimal(text), 6, "unit price", InvalidPrice)


@pytest.mark.parametrize("text", ["1E+16", "-1E+16", "1E+999999", "0E+999999", "10000000000000000.5"])
def test_huge_numbers_are_refused_before_they_fill_the_memory(text: str) -> None:
    with pytest.raises(InvalidPrice, match="The unit price is too large"):
        scale_decimal(Decimal(text), 6, "unit price", InvalidPrice)


@pytest.mark.parametrize("text", ["0.001", "-0.001", "1E-999999", "1." + "0" * 200 + "1", "1.005"])
def test_more_decimals_than_allowed_are_refused(text: str) -> None:
    with pytest.raises(InvalidPrice, match="The unit price may have at most 2 decimals"):
        scale_decimal(Decimal(text), 2, "unit price", InvalidPrice)


@pytest.mark.parametrize(
    ("text", "scaled"),
    [("1.23", 123), ("-1.23", -123), ("1.2300", 123), ("5", 500), ("1E+2", 10000), ("-0", 0), ("0E-999999", 0)],
)
def test_a_decimal_is_scaled_without_loss(text: str, scaled: int) -> None:
    assert scale_decimal(Decimal(text), 2, "unit price", InvalidPrice) == scaled


def test_scaling_does_not_depend_on_the_callers_decimal_context() -> None:
    with localcontext() as context:
        context.prec = 2
        assert shift_exactly(Decimal("123456789.123"), 3) == 123456789123


@given(st.integers(min_value=-(10**21), max_value=10**21), st.integers(min_value=0, max_value=8))
def test_scaling_takes_back_what_the_exponent_did(number: int, places: int) -> None:
    digits = str(abs(number)).rjust(places + 1, "0")
    sign = "-" if number < 0 else ""
    text = f"{sign}{digits[: len(digits) - places]}.{digits[len(digits) - places :]}"
    assert shift_exactly(Decimal(text), places) == number


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (210000, "21"), (99750, "9.975"), (1, "0.0001"), (1000000, "100"), (55000, "5.5")]
)
def test_a_rate_is_written_plainly(value: int, text: str) -> None:
    assert str(unscale(value, 4)) == text
