"""The letters of backup are there in both languages and can be written."""

import importlib.resources
import json
import string
from typing import Any

import pytest

from mainstay.mail.letter import lay_out
from mainstay.mail.settings import Language
from mainstay.modules.backup.service.letters import LETTERS, MISSED, WELL

NAMES = (MISSED.name, WELL.name)
LANGUAGES: tuple[Language, ...] = ("en", "ru")


def texts(language: str) -> dict[str, Any]:
    folder = importlib.resources.files("mainstay.modules.backup") / "letters"
    found: dict[str, Any] = json.loads((folder / f"{language}.json").read_text(encoding="utf-8"))
    return found


def places(entry: dict[str, Any]) -> set[str]:
    lines = [line for value in entry.values() for line in ([value] if isinstance(value, str) else value)]
    return {name for line in lines for _, name, _, _ in string.Formatter().parse(line) if name}


def test_both_languages_have_the_same_letters_parts_and_places() -> None:
    english, russian = texts("en"), texts("ru")

    assert set(english["letters"]) == set(NAMES)
    assert all(english[group].keys() == russian[group].keys() for group in english)
    for name, entry in english["letters"].items():
        assert entry.keys() == russian["letters"][name].keys()
        assert places(entry) == places(russian["letters"][name])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_letter_can_be_written(name: str, language: Language) -> None:
    values = dict.fromkeys(("brand", "last", "reason"), "VALUE")

    for part in lay_out(LETTERS.write(name, language, values, "https://shop.example/"), "Shop"):
        assert "VALUE" in part
        assert "{" not in part.split("</style>")[-1]
