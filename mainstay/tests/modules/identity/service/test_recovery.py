"""Recovery codes are read however they are written down."""

import pytest

from mainstay.modules.identity.service import recovery


@pytest.mark.parametrize("written", ["3k7qm-92xt1", "3K7QM92XT1", " 3k7qm 92xti ", "3k7qm-92xtL"])
def test_a_code_is_read_without_its_marks_its_case_and_letters_that_look_alike(written: str) -> None:
    assert recovery.normal(written) == "3k7qm92xt1"


def test_the_letter_o_is_a_nought() -> None:
    assert recovery.normal("OoO") == "000"


def test_no_code_has_a_letter_that_is_taken_for_another() -> None:
    assert recovery.normal(recovery.ALPHABET) == recovery.ALPHABET
    assert len(set(recovery.ALPHABET)) == 32
