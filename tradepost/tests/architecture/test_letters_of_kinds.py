"""Whatever people are told has its words in both languages, with the same parts and the same places to fill in."""

import importlib.resources
import json
import string
from typing import Any

import pytest

from mainstay.messages.notification import NotificationKind
from tradepost.main import make_program

KINDS = sorted(make_program().notifications.values(), key=lambda kind: kind.name)
NEEDED = {"title", "subject", "heading", "paragraphs", "button", "reason"}


def texts(kind: NotificationKind, language: str) -> dict[str, Any]:
    folder = importlib.resources.files(kind.letters.package) / "letters"
    found: dict[str, Any] = json.loads((folder / f"{language}.json").read_text(encoding="utf-8"))
    return found


def places(entry: dict[str, Any]) -> set[str]:
    lines = [line for value in entry.values() for line in ([value] if isinstance(value, str) else value)]
    return {name for line in lines for _, name, _, _ in string.Formatter().parse(line) if name}


def test_there_are_kinds() -> None:
    assert len(KINDS) >= 9


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_has_its_words_in_both_languages(kind: NotificationKind) -> None:
    english, russian = (texts(kind, language) for language in ("en", "ru"))
    one, other = (found["letters"][kind.name] for found in (english, russian))

    assert one.keys() == other.keys()
    assert one.keys() >= NEEDED
    assert (places(one), one.get("facts")) == (places(other), other.get("facts"))
    for found in (english, russian):
        assert set(one.get("facts", ())) <= found["facts"].keys()
        assert set(kind.words.values()) <= found.keys()
