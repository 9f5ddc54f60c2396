"""What people are called instead."""

import pytest

from tradepost.crm.matching.nicknames import formal_names


@pytest.mark.parametrize(
    ("one", "other"),
    [("Bob", "Robert"), ("Саша", "Александр"), ("Саша", "Александра"), ("Sasha", "Aleksandr"), ("Uschi", "Ursula"),
     ("Женя", "Евгения"), ("Liz", "Elisabeth"), ("Катя", "Ekaterina"), ("Лёша", "Alexey"), ("Fritz", "Friedrich")],
)  # fmt: skip
def test_a_short_form_stands_for_its_name(one: str, other: str) -> None:
    assert formal_names(one) & formal_names(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Maria", "Marina"), ("Мария", "Марина"), ("Александр", "Александра"), ("Hans", "Heinz"), ("Ivan", "Igor")],
)
def test_two_names_are_not_one(one: str, other: str) -> None:
    assert formal_names(one)
    assert formal_names(other)
    assert not formal_names(one) & formal_names(other)


def test_an_unknown_word_stands_for_nothing() -> None:
    assert formal_names("Shcherbakov") == frozenset()
