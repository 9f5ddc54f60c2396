"""A letter: what a mail says in one language, made from a catalogue of texts, and laid out as text and as HTML."""

import importlib.resources
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from types import MappingProxyType
from typing import Any, Final, Self

from jinja2 import Environment, FunctionLoader, StrictUndefined, select_autoescape

from mainstay.mail.address import clean
from mainstay.mail.settings import Language

MONTHS: Final[Mapping[Language, tuple[str, ...]]] = MappingProxyType(
    {
        "en": (
            *("January", "February", "March", "April", "May", "June"),
            *("July", "August", "September", "October", "November", "December"),
        ),
        "ru": (
            *("января", "февраля", "марта", "апреля", "мая", "июня"),
            *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Button:
    """The one thing to do: a label and the address it opens."""

    label: str
    link: str


@dataclass(frozen=True, slots=True)
class Leaving:
    """How a reader ends such mails: a link with its label, and the address for one click of a mail program (RFC 8058).

    The link is a page that asks; what is sent to `one_click` ends them at once.
    """

    label: str
    link: str
    one_click: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says, in the order in which it is read; both parts of the mail are made from it.

    `facts` are pairs of label and value, `notes` small print after the button, `reason` why the reader gets it, and
    `leaving` how they end it, where they may.
    """

    language: Language
    subject: str
    heading: str
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    button: Button | None = None
    notes: tuple[str, ...] = ()
    reason: str = ""
    leaving: Leaving | None = None

    def to_json(self) -> str:
        """Return the letter as text, to be kept until it is sent."""
        button = [self.button.label, self.button.link] if self.button else None
        values = [self.language, self.subject, self.heading, self.paragraphs, self.facts, button, self.notes]
        leaving = [self.leaving.label, self.leaving.link, self.leaving.one_click] if self.leaving else None
        return json.dumps([*values, self.reason, leaving], ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the letter that `to_json` wrote; earlier versions wrote no `leaving`."""
        language, subject, heading, paragraphs, facts, button, notes, reason, *further = json.loads(text)
        pairs = tuple((label, value) for label, value in facts)
        pressed = Button(*button) if button else None
        leaving = Leaving(*further[0]) if further and further[0] else None
        return cls(language, subject, heading, tuple(paragraphs), pairs, pressed, tuple(notes), reason, leaving)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The texts of a module's letters: the files `en.json` and `ru.json` in the folder `letters` of `package`."""

    package: str

    def write(self, name: str, language: Language, values: Mapping[str, str], link: str | None = None) -> Letter:
        """Return the letter `name` with `values` filled in; `link` is where its button leads, where it has one.

        Values are text and stay text: what looks like markup or like a place to fill in is shown as it is.
        """
        texts = _texts(self.package, language)
        entry, labels = texts["letters"][name], texts["facts"]
        lines = {key: clean(value) for key, value in values.items()}

        def fill(text: str) -> str:
            return text.format_map(lines)

        return Letter(
            language,
            subject=fill(entry["subject"]),
            heading=fill(entry["heading"]),
            paragraphs=tuple(map(fill, entry["paragraphs"])),
            facts=tuple((labels[key], lines[key]) for key in entry.get("facts", ()) if lines.get(key)),
            button=Button(fill(entry["button"]), link) if link is not None else None,
            notes=tuple(map(fill, entry.get("notes", ()))),
            reason=fill(entry["reason"]),
        )

    def title(self, name: str, language: Language) -> str:
        """Return what the kind of the letter `name` is called where people choose what they get."""
        return str(_texts(self.package, language)["letters"][name]["title"])

    def word(self, language: Language, group: str, key: str) -> str:
        """Return one word of a group of the catalogue, such as the name of a role; the key itself where there is none.

        Roles can be made by people, who name them in their own language.
        """
        return str(_texts(self.package, language).get(group, {}).get(key, key))


@cache
def _texts(package: str, language: Language) -> dict[str, Any]:
    file = importlib.resources.files(package).joinpath("letters", f"{language}.json")
    texts: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return texts


def moment_text(moment: datetime, language: Language) -> str:
    """Return a moment as people write it, in UTC and saying so: a mail is read in any zone."""
    at = moment.astimezone(UTC)
    month = MONTHS[language][at.month - 1]
    if language == "ru":
        return f"{at.day} {month} {at.year} г., {at:%H:%M} UTC"
    return f"{at.day} {month} {at.year}, {at:%H:%M} UTC"


def count_text(count: int, language: Language) -> str:
    """Return a whole number as people write it, with its thousands apart."""
    return f"{count:,}" if language == "en" else f"{count:,}".replace(",", " ")


def lay_out(letter: Letter, brand: str) -> tuple[str, str]:
    """Return the letter as plain text and as HTML, under the name of the program it comes from."""
    values = {"letter": letter, "brand": brand}
    layouts = _layouts()
    return layouts.get_template("layout.txt").render(values), layouts.get_template("layout.html").render(values)


@cache
def _layouts() -> Environment:
    return Environment(
        loader=FunctionLoader(_source),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _source(name: str) -> str:
    return importlib.resources.files("mainstay.mail").joinpath(name).read_text(encoding="utf-8")
