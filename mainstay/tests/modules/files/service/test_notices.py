"""What senders are told, in both languages."""

import importlib.resources
import json
import string
from typing import Any

import pytest

from mainstay.mail.letter import lay_out
from mainstay.mail.settings import Language
from mainstay.modules.files.service import notices
from mainstay.modules.files.service.notices import INFECTED, LETTERS
from mainstay.modules.files.service.scanning import Upload
from mainstay.work import UnitOfWork

LANGUAGES: tuple[Language, ...] = ("en", "ru")


def texts(language: str) -> dict[str, Any]:
    folder = importlib.resources.files("mainstay.modules.files") / "letters"
    found: dict[str, Any] = json.loads((folder / f"{language}.json").read_text(encoding="utf-8"))
    return found


def places(entry: dict[str, Any]) -> set[str]:
    lines = [line for value in entry.values() for line in ([value] if isinstance(value, str) else value)]
    return {name for line in lines for _, name, _, _ in string.Formatter().parse(line) if name}


def test_both_languages_have_the_same_letter_parts_and_places() -> None:
    english, russian = texts("en"), texts("ru")

    assert english.keys() == russian.keys()
    assert english["facts"].keys() == russian["facts"].keys()
    assert english["letters"].keys() == russian["letters"].keys() == {INFECTED.name}
    for name, entry in english["letters"].items():
        assert entry.keys() == russian["letters"][name].keys()
        assert places(entry) == places(russian["letters"][name])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_can_be_written(language: Language) -> None:
    values = dict.fromkeys(("brand", "file", "found", "at"), "VALUE")

    for part in lay_out(LETTERS.write(INFECTED.name, language, values, "https://shop.example/"), "Shop"):
        assert "VALUE" in part
        assert "{" not in part.split("</style>")[-1]


async def test_what_a_program_sent_is_told_to_nobody(uow: UnitOfWork) -> None:
    await notices.tell_infected(uow, Upload("files.file", "list.pdf"), None, "Eicar", None)

    assert await uow.read_value("SELECT count(*) FROM notifications_item") == 0
