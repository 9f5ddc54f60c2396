"""Rounding to minor units and to the smallest coin (rules 3 and 8)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradepost.money.errors import InvalidAmount, InvalidCashRounding
from tradepost.money.rounding import (
    CashRounding,
    RoundingMode,
    divide_rounded,
    require_mode,
    round_cash_due,
    round_to_minor,
    round_to_multiple,
)

UP, DOWN = RoundingMode.UP, RoundingMode.DOWN
HALF_UP, HALF_EVEN, HALF_DOWN = RoundingMode.HALF_UP, RoundingMode.HALF_EVEN, RoundingMode.HALF_DOWN
IN_TENTHS = [
    # value, half_up, half_even, half_down, up, down
    (0, 0, 0, 0, 0, 0),
    (1, 0, 0, 0, 1, 0),
    (4, 0, 0, 0, 1, 0),
    (5, 1, 0, 0, 1, 0),
    (6, 1, 1, 1, 1, 0),
    (10, 1, 1, 1, 1, 1),
    (14, 1, 1, 1, 2, 1),
    (15, 2, 2, 1, 2, 1),
    (16, 2, 2, 2, 2, 1),
    (25, 3, 2, 2, 3, 2),
    (-4, 0, 0, 0, -1, 0),
    (-5, -1, 0, 0, -1, 0),
    (-15, -2, -2, -1, -2, -1),
    (-16, -2, -2, -2, -2, -1),
]


@pytest.mark.parametrize("row", IN_TENTHS)
def test_each_mode_decides_as_its_name_says(row: tuple[int, ...]) -> None:
    """Rule 3."""
    tenths, *expected = row
    modes = [HALF_UP, HALF_EVEN, HALF_DOWN, UP, DOWN]
    assert [divide_rounded(tenths, 10, mode) for mode in modes] == expected
    assert [round_to_minor(Decimal(tenths) / 10, mode) for mode in modes] == expected


@given(st.integers(-(10**15), 10**15), st.integers(0, 6), st.sampled_from(list(RoundingMode)))
def test_division_of_ints_agrees_with_the_decimal_module(number: int, places: int, mode: RoundingMode) -> None:
    assert divide_rounded(number, 10**places, mode) == round_to_minor(Decimal(number).scaleb(-places), mode)


@given(st.integers(-(10**15), 10**15), st.integers(1, 10**9), st.sampled_from([HALF_UP, HALF_EVEN, HALF_DOWN]))
def test_rounding_to_the_nearest_moves_by_at_most_a_half(number: int, divisor: int, mode: RoundingMode) -> None:
    assert 2 * abs(divide_rounded(number, divisor, mode) * divisor - number) <= divisor


def test_a_mode_is_known_by_its_text() -> None:
    assert [RoundingMode(text) for text in ("half_up", "half_even", "half_down", "up", "down")] == list(RoundingMode)
    with pytest.raises(ValueError, match="nearest"):
        RoundingMode("nearest")


def test_plain_text_is_no_mode() -> None:
    with pytest.raises(TypeError, match="must be a RoundingMode, not str"):
        require_mode("half_up")
    with pytest.raises(TypeError):
        round_to_minor(Decimal("1.5"), "half_up")  # type: ignore[arg-type]  # the refusal is what is tested


def test_a_tiny_fraction_rounds_up_and_down() -> None:
    assert round_to_minor(Decimal("1E-999999"), UP) == 1
    assert round_to_minor(Decimal("1E-999999"), HALF_UP) == 0


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1E+16", "2000000000000000.5", "-2000000000000000.5"])
def test_no_number_cannot_be_rounded(text: str) -> None:
    with pytest.raises(InvalidAmount):
        round_to_minor(Decimal(text), HALF_UP)


def test_a_float_cannot_be_rounded() -> None:
    """Rule 1."""
    with pytest.raises(TypeError):
        round_to_minor(1.5, HALF_UP)  # type: ignore[arg-type]  # the refusal is what is tested


BELGIUM = CashRounding(5, HALF_UP, HALF_DOWN, above_minor=5)
CANADA = CashRounding(5, HALF_UP, HALF_DOWN)
SWEDEN = CashRounding(100, HALF_UP, HALF_DOWN)
DENMARK = CashRounding(50, HALF_UP, HALF_DOWN)
NEW_ZEALAND_A = CashRounding(10, HALF_UP, HALF_UP)
NEW_ZEALAND_B = CashRounding(10, HALF_DOWN, HALF_UP)
CASH_DUE = [
    # Belgium since 2019-12-01, economie.fgov.be: 1, 2, 6, 7 down; 3, 4, 8, 9 up; only above 5 cents
    *[(BELGIUM, 1000 + cents, 1000 + due) for cents, due in [(0, 0), (1, 0), (2, 0), (3, 5), (4, 5), (5, 5)]],
    *[(BELGIUM, 1000 + cents, 1000 + due) for cents, due in [(6, 5), (7, 5), (8, 10), (9, 10)]],
    *[(BELGIUM, 1, 1), (BELGIUM, 3, 3), (BELGIUM, 5, 5), (BELGIUM, 6, 5), (BELGIUM, 8, 10)],
    # Canada: budget.canada.ca 2012 (4.92 → 4.90), opc.gouv.qc.ca (5.98 → 6.00, 5.97 → 5.95)
    *[(CANADA, 492, 490), (CANADA, 598, 600), (CANADA, 597, 595), (CANADA, 2, 0)],
    # Switzerland: Comarch POS (16.97 → 16.95, 16.99 → 17.00, 999.99 → 1000.00), SRF Espresso (19.32 → 19.30)
    *[(CANADA, 1697, 1695), (CANADA, 1699, 1700), (CANADA, 99999, 100000), (CANADA, 1932, 1930)],
    # Sweden since 2010, Casio V-R manual page 81 "new Swedish": 00 to 49 → 00, 50 to 99 → 100
    *[(SWEDEN, 1049, 1000), (SWEDEN, 1050, 1100), (SWEDEN, 1051, 1100), (SWEDEN, 49, 0)],
    # Denmark, the same page: 00 to 24 → 00, 25 to 74 → 50, 75 to 99 → 100
    *[(DENMARK, 1024, 1000), (DENMARK, 1025, 1050), (DENMARK, 1074, 1050), (DENMARK, 1075, 1100)],
    # New Zealand, the same page: (A) 0 to 4 → 0, 5 to 9 → 10; (B) 0 to 5 → 0, 6 to 9 → 10
    *[(NEW_ZEALAND_A, 1004, 1000), (NEW_ZEALAND_A, 1005, 1010)],
    *[(NEW_ZEALAND_B, 1005, 1000), (NEW_ZEALAND_B, 1006, 1010)],
    # Japan, the same page "round to 10 yen": 0 to 9 → 0
    (CashRounding(10, DOWN, UP), 1239, 1230),
]


@pytest.mark.parametrize(("rounding", "exact", "due"), CASH_DUE)
def test_the_cash_due_follows_the_countrys_table(rounding: CashRounding, exact: int, due: int) -> None:
    """Rule 8."""
    assert round_cash_due(exact, rounding) == due


def test_the_threshold_itself_stays_exact() -> None:
    """Rule 8: "more than 5 cents"."""
    rounding = CashRounding(5, HALF_UP, HALF_DOWN, above_minor=3)
    assert [round_cash_due(due, rounding) for due in (2, 3, 4)] == [2, 3, 5]


def test_without_cash_rounding_the_due_stays_exact() -> None:
    assert round_cash_due(1003, None) == 1003


def test_a_multiple_of_the_coin_is_found_on_both_sides_of_zero() -> None:
    assert [round_to_multiple(amount, 5, HALF_UP) for amount in (-3, -2, 0, 2, 3)] == [-5, 0, 0, 0, 5]


@pytest.mark.parametrize("increment", [0, -5, 1_000_001])
def test_a_coin_outside_its_limits_is_refused(increment: int) -> None:
    with pytest.raises(InvalidCashRounding, match="smallest coin"):
        CashRounding(increment, HALF_UP, HALF_DOWN)


@pytest.mark.parametrize("above", [-1, 1_000_001])
def test_a_threshold_outside_its_limits_is_refused(above: int) -> None:
    with pytest.raises(InvalidCashRounding, match="threshold"):
        CashRounding(5, HALF_UP, HALF_DOWN, above)


def test_the_largest_coin_and_threshold_are_accepted() -> None:
    assert round_cash_due(1_500_001, CashRounding(1_000_000, HALF_UP, HALF_DOWN, 1_000_000)) == 2_000_000
    assert round_cash_due(7, CashRounding(1, HALF_UP, HALF_DOWN)) == 7


def test_cash_rounding_refuses_floats_and_plain_text() -> None:
    """Rule 1."""
    with pytest.raises(TypeError):
        CashRounding(0.05, HALF_UP, HALF_DOWN)  # type: ignore[arg-type]  # the refusal is what is tested
    with pytest.raises(TypeError):
        CashRounding(5, HALF_UP, HALF_DOWN, 0.05)  # type: ignore[arg-type]  # the refusal is what is tested
    with pytest.raises(TypeError):
        CashRounding(5, "half_up", HALF_DOWN)  # type: ignore[arg-type]  # the refusal is what is tested
    with pytest.raises(TypeError):
        CashRounding(5, HALF_UP, "half_down")  # type: ignore[arg-type]  # the refusal is what is tested
    with pytest.raises(TypeError):
        round_cash_due(10.03, BELGIUM)  # type: ignore[arg-type]  # the refusal is what is tested
