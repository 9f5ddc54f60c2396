"""What stands on a sheet of contacts, before anything is drawn: groups of entries, and the words around them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

from tradepost.crm.exchange.record import ContactRecord
from tradepost.crm.matching.search_text import Searched, search_text

Language = Literal["en", "ru"]
Grouping = Literal["letter", "company", "none"]
Paper = Literal["a4", "us-letter"]

# Signs that turn the direction of what follows, beyond the field that they stand in; shaping does not need them.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Countries whose printers hold Letter, by the paper sizes of CLDR.
_LETTER = frozenset({"BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"})
_MONTHS: dict[Language, str] = {
    "en": "January February March April May June July August September October November December",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}
_DATE = {"en": "{day} {month} {year}", "ru": "{day} {month} {year} г."}
TITLE = {"en": "Contacts", "ru": "Контакты"}
NO_COMPANY = {"en": "Without a company", "ru": "Без компании"}
# Digits and signs at the beginning of a name stand together.
SIGNS = "#"


@dataclass(frozen=True, slots=True)
class Entry:
    """A contact: its name and the lines below it, and what it is reached by."""

    name: str
    lines: tuple[str, ...]
    reach: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading; without one when nothing groups them."""

    heading: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as it is handed to the press."""

    title: str
    subtitle: str
    day: str
    language: Language
    paper: Paper
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around the contacts: whose they are, the day, the language of the words, and the country."""

    shop: str
    day: date
    language: Language
    country: str | None


def make_sheet(records: Iterable[ContactRecord], around: Around, grouping: Grouping) -> Sheet:
    """Return a sheet of contacts in their order."""
    language = around.language
    month = _MONTHS[language].split()[around.day.month - 1]
    headed = groupby(records, key=lambda record: _heading(record, grouping, language))
    return Sheet(
        title=TITLE[language],
        subtitle=_clean(around.shop),
        day=_DATE[language].format(day=around.day.day, month=month, year=around.day.year),
        language=language,
        paper="us-letter" if around.country in _LETTER else "a4",
        groups=tuple(Group(heading, tuple(map(_entry, some))) for heading, some in headed),
    )


def _heading(record: ContactRecord, grouping: Grouping, language: Language) -> str:
    if grouping == "company":
        return _clean(record.name if record.kind == "company" else record.company) or NO_COMPANY[language]
    if grouping == "none":
        return ""
    # By what the list is sorted, in which Б stands beside B.
    first = search_text(Searched(record.name, "", (), (), ())).name_key[:1].title()
    return first if first.isalpha() else SIGNS


def _entry(record: ContactRecord) -> Entry:
    company = record.company if record.company != record.name else ""
    lines = (", ".join(part for part in (record.title, record.department) if part), company)
    reach = [*(phone.written for phone in record.phones), *(email.address for email in record.emails)]
    return Entry(_clean(record.name), _cleaned(lines), _cleaned(reach))


def _cleaned(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(text for text in map(_clean, texts) if text)


def _clean(text: str) -> str:
    """Return one line of text that turns nothing around it."""
    return " ".join(_TURNS.sub("", text).split())
