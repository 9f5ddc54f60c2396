"""Folded text: what names are searched, sorted and compared by, in any script (rule 33)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradepost.catalog.codes.folding import (
    display_name,
    fold,
    name_key,
    options_key,
    search_text,
    sku_key,
    words,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Crème BRÛLÉE", "creme brulee"),
        ("Straße", "strasse"),
        ("Łódź Øl", "lodz ol"),
        ("Ёлка и Йод", "елка и иод"),
        ("ΠΑΓΩΤΌ", "παγωτο"),
        ("ﬁne ½", "fine 1⁄2"),
        ("हिन्दी", "हिन्दी"),
        ("ガラス", "ガラス"),
        ("İstanbul", "istanbul"),
        ("שָׁלוֹם", "שלום"),
    ],
)
def test_case_and_diacritics_go_and_letters_stay(text: str, folded: str) -> None:
    """Rule 33: vowel signs and voicing marks are letters in their scripts, accents are not."""
    assert fold(text) == unicodedata.normalize("NFKC", folded)


def test_words_are_what_stands_between_signs() -> None:
    assert words("Coca-Cola® 1,5 L (PET)") == ["coca", "cola", "1", "5", "l", "pet"]
    assert words("...") == []
    assert words("हिन्दी चाय") == ["हिन्दी", "चाय"]


def test_the_name_key_is_short_and_the_search_text_whole() -> None:
    assert len(name_key("à" * 500)) == 200
    assert search_text("Tonic Water", "AB-12", ["5449000000996", "X 1"]) == (
        " tonic water # ab 12 # 5449000000996 # x 1 "
    )
    assert search_text("Tonic", None, []) == " tonic "


def test_skus_are_compared_without_case() -> None:
    assert sku_key(" Tee-Réd/1 ") == "tee-red/1"
    assert sku_key(None) == sku_key("") == ""


def test_options_are_the_same_in_any_order() -> None:
    assert options_key({"Size": "L", "Colour": "Red"}) == options_key({"Colour": "Red", "Size": "L"})
    assert options_key({"Size": "L"}) != options_key({"Size": "M"})
    assert options_key({}) == ""


def test_the_name_of_a_variant_tells_its_options_in_their_order() -> None:
    assert display_name("T-shirt", {"Colour": "Red", "Size": "L"}) == "T-shirt, Red / L"
    assert display_name("T-shirt", {}) == "T-shirt"


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=60))
def test_the_beginning_of_every_word_is_in_the_search_text(text: str) -> None:
    found = search_text(text, None, [])
    assert all(f" {word[:3]}" in found for word in words(text))
    assert not any(sign in found for sign in "%_\\")
