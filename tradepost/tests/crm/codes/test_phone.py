"""Phone numbers: E.164 where it is one, and what they are searched by."""

import pytest

from tradepost.crm.codes.phone import digit_runs, e164


@pytest.mark.parametrize(
    ("written", "region", "number"),
    [
        ("01 23 45 67 89", "FR", "+33123456789"),
        ("01 23 45 67 89", None, None),
        ("+49 (0)30 1234567", "FR", "+49301234567"),
        ("0049 30 1234567", "FR", "+49301234567"),
        ("8 (912) 345-67-89", "RU", "+79123456789"),
        ("+7 495 123-45-67 доб. 12", None, "+74951234567"),
        ("tel:+33123456789", None, "+33123456789"),
        ("+1 555 010 0199", None, "+15550100199"),
        ("1-800-FLOWERS", "US", "+18003569377"),
        ("112", "FR", None),
        ("Extension 12", "FR", None),
        ("+1 8", None, None),
        ("0" * 60, "FR", None),
        ("+999 123456", None, None),
        ("01 23 45 67 89", "XX", None),
    ],
)
def test_a_number_is_e164_where_it_can_be_one(written: str, region: str | None, number: str | None) -> None:
    """Rule 30: at most fifteen digits after a country code, and no country is guessed."""
    assert e164(written, region) == number


@pytest.mark.parametrize(
    ("written", "number", "runs"),
    [
        ("+49 (0)30 1234567", "+49301234567", ["0301234567", "490301234567", "49301234567"]),
        ("8 (912) 345-67-89", "+79123456789", ["79123456789", "89123456789"]),
        ("Extension 12", None, ["12"]),
        ("٠١٢٣", None, ["0123"]),
        ("call me", None, []),
    ],
)
def test_a_number_is_searched_as_it_is_dialled_anywhere(written: str, number: str | None, runs: list[str]) -> None:
    assert digit_runs(written, number) == runs
