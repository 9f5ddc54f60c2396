"""Refusals of the money engine: stable codes, sentences, and numbers a till can show."""

import pytest

from tradepost.money import errors

ALL = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.MoneyError)]


def test_every_refusal_has_its_own_code() -> None:
    codes = [kind.code for kind in ALL]
    assert len(ALL) == 16
    assert len(set(codes)) == len(codes)
    assert all(code.startswith("money.") for code in codes)


@pytest.mark.parametrize("kind", ALL)
def test_every_refusal_is_a_value_error(kind: type[errors.MoneyError]) -> None:
    assert issubclass(kind, ValueError)


def test_a_refusal_carries_its_sentence_and_no_line() -> None:
    error = errors.InvalidPrice("The unit price must not be negative.")
    assert str(error) == "The unit price must not be negative."
    assert error.line is None


def test_a_tender_too_low_says_what_is_missing() -> None:
    error = errors.TenderTooLow(205)
    assert (error.code, error.missing_minor) == ("money.tender_too_low", 205)
    assert str(error) == "The amount paid is below the amount due."


def test_a_tender_too_high_says_what_is_too_much() -> None:
    error = errors.TenderTooHigh(1)
    assert (error.code, error.excess_minor) == ("money.tender_too_high", 1)
    assert str(error) == "Only cash may be more than the amount due."
