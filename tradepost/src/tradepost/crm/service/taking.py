"""Taking entries of files in: each becomes a contact, is known already, or is rejected with the reason (rule 35)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from mainstay.work import UnitOfWork
from tradepost.crm.exchange.answers import EntryOutcome
from tradepost.crm.exchange.entry import Notice, Read, Rejected
from tradepost.crm.exchange.normal import normal, plain
from tradepost.crm.exchange.record import ContactRecord, ForeignProperty
from tradepost.crm.exchange.sheet.rejects import record_cells
from tradepost.crm.matching.search_text import Searched, search_text
from tradepost.crm.repository import imports as repository
from tradepost.crm.repository.imports import EntryRow
from tradepost.crm.schemas import Source
from tradepost.crm.service import records
from tradepost.tagging import api as tagging

PAGE = 500
# A table has at most half as many columns; what a row has beyond these is not kept.
MOST_CELLS = 1000
NO_ROOM_FOR_TAGS = Notice("tags_left_out", "Its tags were left out: there would be too many tags in all.")
_CALLED = {
    "phones": "Phone", "emails": "E-mail", "websites": "Website", "addresses": "Address", "tags": "Tag", "uid": "UID",
    "foreign": "Property",
}  # fmt: skip
# What is looked at to tell whether two contacts have equal content.
Content = tuple[ContactRecord, frozenset[str]]


@dataclass(slots=True)
class _Known:
    """Contacts by their UIDs, and by their content with the properties that nobody here knows.

    Whom a UID or content leads to is an id, or the place among those that the same batch makes.
    """

    uids: dict[str, UUID | int]
    contents: dict[Content, list[tuple[frozenset[ForeignProperty], UUID | int]]] = field(default_factory=dict)

    def add(self, record: ContactRecord, whom: UUID | int) -> None:
        """Know another contact."""
        self.contents.setdefault(_content(record), []).append((frozenset(record.foreign), whom))
        if record.uid:
            self.uids.setdefault(record.uid, whom)

    def find(self, record: ContactRecord) -> UUID | int | None:
        """Return who has the UID, or the same content and nothing less."""
        if record.uid in self.uids:
            return self.uids[record.uid]
        alike = self.contents.get(_content(record), ())
        return next((whom for foreign, whom in alike if foreign.issuperset(record.foreign)), None)


@dataclass(frozen=True, slots=True)
class Weighed:
    """An entry and whom it is: a contact by its id, or the place among those to be made; None when it is rejected."""

    entry: Read | Rejected
    whom: UUID | int | None = None
    is_new: bool = False

    @property
    def outcome(self) -> EntryOutcome:
        """What comes of it."""
        if isinstance(self.entry, Rejected):
            return "rejected"
        return "accepted" if self.is_new else "known"


async def weigh(uow: UnitOfWork, entries: Sequence[Read | Rejected]) -> list[Weighed]:
    """Return what would come of each entry, in their order; nothing is written."""
    checked = await asyncio.to_thread(lambda: [_checked(entry) for entry in entries])
    known = await _known(uow, [entry.record for entry in checked if isinstance(entry, Read)])
    return await asyncio.to_thread(_weighed, checked, known)


async def take(
    uow: UnitOfWork,
    entries: Sequence[Read | Rejected],
    source: Source,
    region: str | None,
    owner_id: UUID | None,
) -> list[EntryRow]:
    """Create the contacts that are new, set by set, and return what came of each entry, in their order.

    `region` is the country of phones without a country code, None the shop's (rule 30). `owner_id` is whose the new
    contacts are, None the house's.
    """
    weighed = await weigh(uow, entries)
    fresh = [one.entry.record for one in weighed if one.is_new and isinstance(one.entry, Read)]
    made, has_tags = await _made(uow, fresh, source, region, owner_id)
    told = weighed if has_tags else [replace(one, entry=_told_of_tags(one.entry)) for one in weighed]
    return [_row(one, made[one.whom] if isinstance(one.whom, int) else one.whom) for one in told]


def _weighed(checked: Sequence[Read | Rejected], known: _Known) -> list[Weighed]:
    weighed: list[Weighed] = []
    count = 0
    for entry in checked:
        whom = known.find(entry.record) if isinstance(entry, Read) else None
        is_new = isinstance(entry, Read) and whom is None
        if isinstance(entry, Read) and whom is None:
            whom, count = count, count + 1
            known.add(entry.record, whom)
        weighed.append(Weighed(entry, whom, is_new))
    return weighed


async def _made(
    uow: UnitOfWork, fresh: Sequence[ContactRecord], source: Source, region: str | None, owner_id: UUID | None
) -> tuple[list[UUID], bool]:
    """Create contacts, and say whether their tags could be: without them, where there is no room for so many."""
    if not fresh:
        return [], True
    try:
        return await records.import_records(uow, fresh, source, region, owner_id), True
    except tagging.TooManyTags:  # refused before anything was written
        bare = [replace(record, tags=()) for record in fresh]
        return await records.import_records(uow, bare, source, region, owner_id), False


def _told_of_tags(entry: Read | Rejected) -> Read | Rejected:
    if isinstance(entry, Rejected) or not entry.record.tags:
        return entry
    return replace(entry, notices=(*entry.notices, NO_ROOM_FOR_TAGS))


def _checked(entry: Read | Rejected) -> Read | Rejected:
    """Return an entry, rejected when it holds what no contact can have."""
    if isinstance(entry, Rejected):
        return entry
    problems = records.problems(entry.record)
    if not problems:
        return entry
    sentence = " ".join(f"{_called(problem.field)}: {problem.message.rstrip('.')}." for problem in problems)
    return Rejected(
        entry.number, entry.line, Notice(problems[0].code, sentence), entry.cells or record_cells(entry.record)
    )


def _called(path: str) -> str:
    """Return a field as a person knows it: `emails.0.address` is `E-mail 1`."""
    field, _, rest = path.partition(".")
    place = rest.partition(".")[0]
    name = _CALLED.get(field, field.capitalize())
    return f"{name} {int(place) + 1}" if place.isdecimal() else name


async def _known(uow: UnitOfWork, asked: Sequence[ContactRecord]) -> _Known:
    """Return the contacts that may be those of a file: with their UIDs, or with their names."""
    known = _Known(dict(await records.of_uids(uow, (record.uid for record in asked if record.uid))))
    wanted = await repository.named(uow, list({_name_key(record.name) for record in asked}))
    for place in range(0, len(wanted), PAGE):
        page = wanted[place : place + PAGE]
        for record, contact_id in await records.recognised(uow, page):
            known.add(record, contact_id)
    return known


def _name_key(name: str) -> str:
    return search_text(Searched(name, "", (), (), ())).name_key


def _content(record: ContactRecord) -> Content:
    """Return what makes two contacts equal: all but UIDs, what is derived, and what this program does not know."""
    phones = tuple(replace(phone, e164=None) for phone in record.phones)
    bare = normal(replace(record, uid="", foreign=(), tags=(), phones=phones))
    return bare, frozenset(map(tagging.name_key, record.tags))


def reason(weighed: Weighed) -> Notice | None:
    """Return why an entry is rejected, or what of it is left out; nothing is left out of who is known."""
    if isinstance(weighed.entry, Rejected):
        return Notice(weighed.entry.reason.code, plain(weighed.entry.reason.sentence))
    notices = weighed.entry.notices if weighed.is_new else ()
    return Notice(notices[0].code, plain(" ".join(one.sentence for one in notices))) if notices else None


def _row(weighed: Weighed, whom: UUID | None) -> EntryRow:
    entry, told = weighed.entry, reason(weighed)
    # PostgreSQL cannot keep NUL.
    cells = [cell.replace("\0", "") for cell in entry.cells[:MOST_CELLS]] if isinstance(entry, Rejected) else None
    code, sentence = (told.code, told.sentence) if told else (None, None)
    return EntryRow(entry.number, entry.line, weighed.outcome, code, sentence, whom, cells)
