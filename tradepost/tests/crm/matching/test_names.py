"""How alike two names are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradepost.crm.matching.folding import words
from tradepost.crm.matching.names import NameLikeness, compare_names
from tradepost.crm.matching.profile import word_of


def likeness(one: str, other: str) -> NameLikeness:
    return compare_names(tuple(map(word_of, words(one))), tuple(map(word_of, words(other))))


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("Anna Petrova", "Petrova Anna", "same"),
        ("Юлия Щербакова", "Yuliya Shcherbakova", "same"),
        ("Юлия Щербакова", "Julia Scherbakowa", "spelling"),
        ("Jürgen Müller", "Juergen Mueller", "spelling"),
        ("Саша Иванов", "Aleksandr Ivanov", "nickname"),
        ("Bob Miller", "Robert Miller", "nickname"),
        ("Jac ob Lanyon", "Jacob Lanyon", "typing"),
        ("李明", "李 明", "typing"),
    ],
)
def test_one_name_is_found_again(one: str, other: str, how: str) -> None:
    """Rule 33: by transliteration, spelling, nickname, order."""
    found = likeness(one, other)
    assert found.similarity >= 0.93
    assert found.how == how


@pytest.mark.parametrize(
    ("one", "other"), [("Dakota Morrison", "Dakota Morison"), ("Thomas Kaufmann", "Tomas Kaufman")]
)
def test_a_slip_of_the_pen_costs_little(one: str, other: str) -> None:
    assert 0.88 <= likeness(one, other).similarity < 1


def test_an_initial_fits_its_name() -> None:
    assert likeness("A. Petrova", "Anna Petrova").how == "initial"
    assert likeness("B Petrova", "Anna Petrova").similarity < 0.7


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Maria Ivanova", "Marina Ivanova"),
        ("Ivan Petrov", "Sergey Petrov"),
        ("Hans Meier", "Heinz Meier"),
        ("Wei Li", "Wei Lu"),
        ("Anna", "Olga"),
        ("A P", "A P Sidorov"),
    ],
)
def test_different_people_have_different_names(one: str, other: str) -> None:
    assert likeness(one, other).similarity < 0.7


def test_a_patronymic_on_one_side_is_no_difference() -> None:
    assert likeness("Иван Петрович Сидоров", "Иван Сидоров").similarity >= 0.97


def test_two_patronymics_are_two_people() -> None:
    assert likeness("Иван Петрович Сидоров", "Иван Сергеевич Сидоров").similarity < 0.7


def test_one_word_alone_says_less() -> None:
    assert likeness("Petrova", "Anna Petrova").similarity == 0.8


def test_the_first_name_alone_is_told_apart_from_the_family_name_alone() -> None:
    assert likeness("Anna Petrova", "Anna Sidorova").given_only
    assert not likeness("Anna Petrova", "Olga Petrova").given_only


def test_a_word_of_doubled_letters_is_no_initial() -> None:
    assert likeness("Aa Bb", "Bb Aa").similarity == 1


@given(st.lists(st.text(alphabet="abeiknoс", min_size=2, max_size=6), min_size=1, max_size=4))
def test_a_name_is_like_itself_in_any_order(parts: list[str]) -> None:
    name = tuple(map(word_of, parts))
    assert compare_names(name, name).similarity == 1
    assert compare_names(name, name[::-1]).similarity >= 0.9
