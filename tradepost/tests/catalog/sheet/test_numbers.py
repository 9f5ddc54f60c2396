"""Numbers as people write them, and those nobody can tell."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradepost.catalog.sheet.numbers import NotANumber, ThreeDecimals, parse_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2.49", "2.49"),
        ("2,49", "2.49"),
        (" 12 ", "12"),
        ("1 234,50", "1234.50"),
        ("1\u00a0234.5", "1234.5"),
        ("1\u202f234\u202f567,89", "1234567.89"),
        ("1'234.50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1.234.567", "1234567"),
        ("1,234,567.1", "1234567.1"),
        ("0.125", "0.125"),
        ("-3,5", "-3.5"),
        ("+4", "4"),
        ("007", "7"),
        ("2.4999", "2.4999"),
    ],
)
def test_points_commas_and_groups_are_understood(text: str, value: str) -> None:
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["1,234", "1.234", "2.499"])
def test_three_decimals_or_thousands_are_not_guessed(text: str) -> None:
    """Rule 1: a price must not be wrong by a thousand."""
    with pytest.raises(ThreeDecimals, match="three decimals"):
        parse_number(text)
    assert parse_number(text, may_be_fine=True) == Decimal(text.replace(",", "."))


@pytest.mark.parametrize(
    "text",
    [
        "", "abc", "NaN", "nan", "inf", "-Infinity", "1e5", "1.2.3", "1,2,3", "1 2,49", "12,34.50", "1.23,45,6", "--1",
        "2.49 €", "$2", "٣", "1_000", "0x10", "1" * 31, "9999999999999", ".5", "5.", "1.\u0000",
    ],
)  # fmt: skip
def test_anything_else_is_no_number(text: str) -> None:
    with pytest.raises(NotANumber):
        parse_number(text)


@given(st.decimals(0, 10**9, places=2))
def test_a_price_is_read_the_same_with_point_and_comma(value: Decimal) -> None:
    assert parse_number(f"{value:.2f}") == parse_number(f"{value:.2f}".replace(".", ",")) == value


@given(st.decimals(1000, 10**9, places=2))
def test_grouped_digits_are_read_as_they_were_written(value: Decimal) -> None:
    english = f"{value:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert parse_number(english) == parse_number(german) == parse_number(english.replace(",", " ")) == value


@given(st.text(max_size=12))
def test_any_text_is_a_finite_number_or_refused(text: str) -> None:
    try:
        value = parse_number(text, may_be_fine=True)
    except NotANumber:
        return
    assert value.is_finite()
    assert abs(value) < 10**12
