"""Many spellings of one name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradepost.crm.matching.spelling import plain, skeletons, without_umlauts


@pytest.mark.parametrize(
    "spellings",
    [
        ("Юлия", "Yuliya", "Julija", "Iuliia", "Yulia", "Julia"),
        ("Щербакова", "Shcherbakova", "Schtscherbakowa", "Chtcherbakova", "Scherbakova"),
        ("Дмитрий", "Dmitri", "Dmitry", "Dmitriy", "Dmitrij"),
        ("Алёна", "Alyona", "Alena"),
        ("Евгений", "Yevgeniy", "Evgeny", "Jewgenij"),
        ("Алексей", "Alexey", "Aleksei", "Alexej"),
        ("Carl", "Karl"),
        ("Schulz", "Schultz"),
    ],
)
def test_spellings_of_one_name_become_one(spellings: tuple[str, ...]) -> None:
    """Rule 33: transliteration is a key, whichever way it was done."""
    assert len({plain(spelling) for spelling in spellings}) == 1


def test_german_umlauts_written_out_meet_in_a_second_key() -> None:
    assert plain("Mueller") != plain("Müller")
    assert without_umlauts("Mueller") == without_umlauts("Müller") == without_umlauts("Muller")


def test_bauer_and_baur_stay_apart_in_the_first_key() -> None:
    assert plain("Bauer") != plain("Baur")


@pytest.mark.parametrize(("one", "other"), [("Kaufman", "Kauffmann"), ("Smith", "Smyth"), ("Meier", "Mayer")])
def test_what_sounds_alike_has_one_skeleton(one: str, other: str) -> None:
    assert skeletons(one) == skeletons(other)


def test_ch_may_be_k() -> None:
    assert set(skeletons("Michail")) & set(skeletons("Mikail"))


@given(st.text(max_size=30))
def test_any_text_has_a_spelling_and_a_skeleton(text: str) -> None:
    assert plain(text) == plain(text.casefold())
    assert 1 <= len(skeletons(text)) <= 2
