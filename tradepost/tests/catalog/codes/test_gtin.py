"""Check digits, lengths and what spreadsheets do to barcodes (rule 26)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradepost.catalog.codes.gtin import (
    Code,
    InvalidCode,
    WrongCheckDigit,
    check_digit,
    has_right_check_digit,
    printed_code,
    restored_code,
    scan_keys,
    to_gtin,
    typed_code,
)

DIGITS = st.text("0123456789", min_size=1, max_size=13)
GTINS = st.sampled_from([7, 11, 12, 13]).flatmap(
    lambda length: st.text("0123456789", min_size=length, max_size=length).map(
        lambda body: f"{body}{check_digit(body)}"
    )
)


def test_the_check_digit_of_the_standard_is_right() -> None:
    """Rule 26: golden case of GS1, 629104150021 → 3."""
    assert check_digit("629104150021") == 3


@pytest.mark.parametrize(
    "code",
    ["96385074", "036000291452", "4006381333931", "10614141543219", "00012345600012", "0012345678905", "012345678905"],
)
def test_printed_codes_of_every_length_are_recognised(code: str) -> None:
    """Rule 26: GTIN-8, 12, 13 and 14, stored as 14 digits with their leading zeros."""
    assert to_gtin(code) == code.rjust(14, "0")
    assert typed_code(code) == Code(code, code.rjust(14, "0"))
    assert typed_code(code).kind == "gtin"


def test_a_code_of_12_digits_and_its_form_with_13_are_the_same() -> None:
    """Rule 26: a UPC-A scans as an EAN-13 with a leading zero on many scanners."""
    assert typed_code("036000291452").key == typed_code("0036000291452").key == "00036000291452"


def test_a_mistyped_code_is_told_its_digit() -> None:
    """Rule 26."""
    with pytest.raises(WrongCheckDigit, match="last digit would have to be 1") as refused:
        typed_code("4006381333932")
    assert (refused.value.expected, refused.value.code) == (1, "wrong_check_digit")


def test_a_printed_code_with_a_wrong_check_digit_stays_as_it_is() -> None:
    """Rule 26: it is on the shelf like that, and must scan."""
    assert printed_code("26015638") == Code("26015638", None)
    assert printed_code("26015638").kind == "internal"
    assert scan_keys("26015638") == ("26015638", "26015638")


@pytest.mark.parametrize("code", ["1", "4011", "123456789", "ABC-128", "A1b2", "٣٤٥٦٧٨٩٠", "123456789012345"])
def test_other_codes_are_internal_and_scan_as_printed(code: str) -> None:
    assert typed_code(f" {code} ") == Code(code, None)
    assert scan_keys(code)[0] == code


@pytest.mark.parametrize("code", ["", "  ", "x" * 65, "12\n34", "12\x0034"])
def test_what_cannot_be_printed_is_no_code(code: str) -> None:
    with pytest.raises(InvalidCode):
        typed_code(code)
    with pytest.raises(InvalidCode):
        printed_code(code)


@pytest.mark.parametrize(
    ("remainder", "code"),
    [
        ("36000291452", "036000291452"),
        ("949705", "00949705"),
        ("12345670", None),
        ("4011", None),
        ("36000291453", None),
    ],
)
def test_leading_zeros_that_a_spreadsheet_took_are_restored(remainder: str, code: str | None) -> None:
    """Rule 26: only where the check digit of the longer code is right."""
    restored = restored_code(remainder)
    assert (restored.code if restored else None) == code


def test_a_scanner_that_drops_leading_zeros_finds_the_code() -> None:
    """Rule 26: the remainder is looked up as it is first, then as what it was."""
    assert scan_keys("36000291452") == ("36000291452", "00036000291452")


@given(DIGITS)
def test_every_check_digit_fits_and_every_other_does_not(body: str) -> None:
    """Rule 26."""
    right = check_digit(body)
    assert has_right_check_digit(f"{body}{right}")
    assert not any(has_right_check_digit(f"{body}{digit}") for digit in range(10) if digit != right)


@given(GTINS, st.data())
def test_one_wrong_digit_is_always_noticed(code: str, data: st.DataObject) -> None:
    """Rule 26: that is what the check digit is for."""
    place = data.draw(st.integers(0, len(code) - 1))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != code[place]]))
    assert to_gtin(code[:place] + wrong + code[place + 1 :]) is None


@given(GTINS)
def test_a_code_is_found_by_what_was_printed_and_by_its_14_digits(code: str) -> None:
    """Rules 26 and 28."""
    stored = typed_code(code).key
    assert scan_keys(code)[0] == scan_keys(stored)[0] == stored
    assert int(stored) == int(code)
