"""Folded words."""

import pytest

from tradepost.crm.exchange.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [(" Prénom_(Straße) ", "prenom strasse"), ("_$!<Mobile>!$_", "mobile"), ("Й-2", "и 2"), ("", "")],
)
def test_case_accents_and_signs_make_no_difference(text: str, folded: str) -> None:
    assert fold(text) == folded
