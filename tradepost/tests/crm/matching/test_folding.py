"""Folding names for search and comparison."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradepost.crm.matching.folding import fold, sort_key, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Smith", "smith"),
        ("André Müller", "andre muller"),
        ("Straße", "strasse"),
        ("Łukasz Ørsted Đorđe", "lukasz orsted dorde"),
        ("ǾRSTED", "orsted"),
        ("Михаил Щербаков", "mikhail shcherbakov"),
        ("Алёна Соловьёва", "alena soloveva"),
        ("Сергей Подъячий", "sergey podyachiy"),
        ("Їжак Євген", "yizhak yevgen"),
        ("Љубица Ђорђевић", "ljubitsa djordjevic"),
        ("ﬁne Ｗｉｄｅ", "fine wide"),
        ("ΑΘΉΝΑ Γιώργος Ευαγγέλου", "athina giorgos evangelou"),
        ("田中さくら", "田中さくら"),
        ("ガラス", "ガラス"),
        ("कढ़ी", "कढ़ी"),
        ("مُحَمَّد", "محمد"),
        ("İstanbul", "istanbul"),
    ],
)
def test_case_accents_and_cyrillic_are_gone_and_other_scripts_stay(text: str, folded: str) -> None:
    """Rule 33: transliteration is a key."""
    assert fold(text) == folded


@pytest.mark.parametrize("composed", ["Й", "Ё", "Ї", "é", "ガ"])
def test_both_forms_of_unicode_fold_alike(composed: str) -> None:
    """Rule 33: files of macOS come decomposed."""
    assert fold(unicodedata.normalize("NFD", composed)) == fold(composed)


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("O'Brien & Sons, Ltd.", ["obrien", "sons", "ltd"]),
        ("Д’Артаньян", ["dartanyan"]),
        ("Anne-Marie", ["anne", "marie"]),
        ("  ", []),
        ("कढ़ी चावल", ["कढ़ी", "चावल"]),
    ],
)
def test_words_are_runs_of_letters_and_digits(text: str, expected: list[str]) -> None:
    assert words(text) == [fold(word) for word in expected]


def test_names_are_sorted_by_their_folded_words() -> None:
    assert sorted(["Ян", "Åsa", "andré", "Zoë"], key=sort_key) == ["andré", "Åsa", "Ян", "Zoë"]
