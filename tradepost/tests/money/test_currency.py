"""Currencies, and amounts of them as text and as minor units (rules 1 and 2)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradepost.money.currency import Currency, active_codes, currency, format_minor, parse_amount, to_minor
from tradepost.money.errors import InvalidAmount, TooManyDecimals, UnknownCurrency

EUR, JPY, KWD = Currency("EUR", 2), Currency("JPY", 0), Currency("KWD", 3)


@pytest.mark.parametrize(
    ("code", "exponent"),
    [("EUR", 2), ("USD", 2), ("CHF", 2), ("RUB", 2), ("JPY", 0), ("KRW", 0), ("ISK", 0), ("KWD", 3), ("TND", 3)],
)
def test_a_currency_has_its_own_exponent(code: str, exponent: int) -> None:
    """Rule 2. Source: ISO 4217 list one."""
    assert currency(code) == Currency(code, exponent)


def test_all_active_codes_are_known_once() -> None:
    codes = active_codes()
    assert len(codes) == len(set(codes)) == 165
    assert [currency(code).exponent for code in codes].count(0) == 17
    assert [currency(code).exponent for code in codes].count(2) == 139
    assert [currency(code).exponent for code in codes].count(3) == 7


@pytest.mark.parametrize("code", ["EURO", "eur", "", "XAU", "XXX", "DEM", "HRK", "BGN", " EUR", "EUR USD"])
def test_other_codes_are_refused(code: str) -> None:
    with pytest.raises(UnknownCurrency) as caught:
        currency(code)
    assert caught.value.code == "money.unknown_currency"


@pytest.mark.parametrize(
    ("amount", "unit", "minor"),
    [
        ("12.50", EUR, 1250),
        (Decimal("12.5"), EUR, 1250),
        ("-0.01", EUR, -1),
        ("0", EUR, 0),
        ("1500", JPY, 1500),
        ("1.234", KWD, 1234),
        (Decimal("2.4900"), EUR, 249),
        ("-20000000000000.00", EUR, -2 * 10**15),
    ],
)
def test_an_amount_becomes_minor_units(amount: str | Decimal, unit: Currency, minor: int) -> None:
    """Rules 1 and 2."""
    assert to_minor(amount, unit) == minor


@pytest.mark.parametrize(("amount", "unit"), [("1.999", EUR), (Decimal("0.001"), EUR), ("0.5", JPY), ("1.2345", KWD)])
def test_a_price_with_three_decimals_is_a_clear_error(amount: str | Decimal, unit: Currency) -> None:
    """Rule 2."""
    with pytest.raises(TooManyDecimals) as caught:
        to_minor(amount, unit)
    assert caught.value.code == "money.too_many_decimals"
    assert str(caught.value) == f"An amount in {unit.code} may have at most {unit.exponent} decimals."


@pytest.mark.parametrize(
    "amount",
    [
        *[
            "",
            " 1",
            "1 ",
            "1e3",
            "1_000",
            "1,50",
            "1,000.00",
            "+1",
            ".5",
            "5.",
            "NaN",
            "inf",
            "१",
            "--1",
            "1.1.1",
            "1\n",
        ],
        *["20000000000000.01", "-20000000000000.01", "9" * 16, "9" * 17],
        *[Decimal("NaN"), Decimal("Infinity"), Decimal("1E+16")],
    ],
)
def test_text_that_is_no_plain_number_is_refused(amount: str | Decimal) -> None:
    with pytest.raises(InvalidAmount) as caught:
        to_minor(amount, EUR)
    assert caught.value.code == "money.invalid_amount"


@pytest.mark.parametrize("amount", [12.5, 12, None, b"12.50"])
def test_a_float_amount_is_a_type_error(amount: object) -> None:
    """Rule 1."""
    with pytest.raises(TypeError):
        to_minor(amount, EUR)  # type: ignore[arg-type]  # the refusal of wrong types is what is tested


@pytest.mark.parametrize(
    ("text", "minor"), [("2,49", 249), ("2.49", 249), (" 7 ", 700), ("-3,5", -350), ("0,1", 10), ("1.0", 100)]
)
def test_a_typed_amount_may_have_a_comma_and_outer_spaces(text: str, minor: int) -> None:
    assert parse_amount(text, EUR) == minor


@pytest.mark.parametrize("text", ["1,234", "1.234"])
def test_a_typed_grouping_mark_is_not_taken_for_a_decimal_separator(text: str) -> None:
    with pytest.raises(TooManyDecimals):
        parse_amount(text, EUR)


@pytest.mark.parametrize("text", ["", "1,2,3", "1.234,50", "1 000", "2,", ",5", "€2", "NaN"])
def test_a_typed_amount_that_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidAmount):
        parse_amount(text, EUR)


@pytest.mark.parametrize("text", [2.49, Decimal("2.49"), None])
def test_a_typed_amount_must_be_text(text: object) -> None:
    """Rule 1."""
    with pytest.raises(TypeError):
        parse_amount(text, EUR)  # type: ignore[arg-type]  # the refusal of wrong types is what is tested


@pytest.mark.parametrize(
    ("minor", "unit", "text"),
    [
        (1250, EUR, "12.50"),
        (5, EUR, "0.05"),
        (-5, EUR, "-0.05"),
        (0, EUR, "0.00"),
        (5, JPY, "5"),
        (-1234, KWD, "-1.234"),
    ],
)
def test_minor_units_are_written_as_plain_decimal_text(minor: int, unit: Currency, text: str) -> None:
    assert format_minor(minor, unit) == text


@pytest.mark.parametrize("minor", [12.5, Decimal(12), "12", True])
def test_only_an_int_is_written_as_an_amount(minor: object) -> None:
    """Rule 1."""
    with pytest.raises(TypeError):
        format_minor(minor, EUR)  # type: ignore[arg-type]  # the refusal of wrong types is what is tested


@given(st.integers(min_value=-(10**15), max_value=10**15), st.sampled_from([EUR, JPY, KWD]))
def test_writing_and_reading_an_amount_changes_nothing(minor: int, unit: Currency) -> None:
    assert to_minor(format_minor(minor, unit), unit) == minor
    assert parse_amount(format_minor(minor, unit), unit) == minor
