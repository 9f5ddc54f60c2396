"""Taking entries of files in: each becomes a contact, is known already, or is rejected with the reason (rule 35)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from mainstay.work import UnitOfWork
from tradepost.crm.exchange.entry import Notice, Read, Rejected
from tradepost.crm.exchange.normal import normal, plain
from tradepost.crm.exchange.record import ContactRecord, ForeignProperty
from tradepost.crm.matching.search_text import Searched, search_text
from tradepost.crm.repository import imports as repository
from tradepost.crm.repository.imports import EntryRow
from tradepost.crm.schemas import Source
from tradepost.crm.service import records
from tradepost.tagging import api as tagging

PAGE = 500
NO_ROOM_FOR_TAGS = Notice("tags_left_out", "Its tags were left out: there would be too many tags in all.")
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


async def take(
    uow: UnitOfWork, entries: Sequence[Read | Rejected], source: Source, region: str | None
) -> list[EntryRow]:
    """Create the contacts that are new, set by set, and return what came of each entry, in their order.

    `region` is the country of phones without a country code, None the shop's (rule 30).
    """
    checked = [_checked(entry) for entry in entries]
    known = await _known(uow, [entry.record for entry in checked if isinstance(entry, Read)])
    fresh: list[ContactRecord] = []
    found: list[UUID | int | None] = []
    is_fresh: set[int] = set()
    for entry in checked:
        whom = known.find(entry.record) if isinstance(entry, Read) else None
        if isinstance(entry, Read) and whom is None:
            whom = len(fresh)
            known.add(entry.record, whom)
            fresh.append(entry.record)
            is_fresh.add(entry.number)
        found.append(whom)
    made, has_tags = await _made(uow, fresh, source, region)
    ids = [made[whom] if isinstance(whom, int) else whom for whom in found]
    told = checked if has_tags else [_told_of_tags(entry) for entry in checked]
    return [_row(entry, whom, is_new=entry.number in is_fresh) for entry, whom in zip(told, ids, strict=True)]


async def _made(
    uow: UnitOfWork, fresh: Sequence[ContactRecord], source: Source, region: str | None
) -> tuple[list[UUID], bool]:
    """Create contacts, and say whether their tags could be: without them, where there is no room for so many."""
    if not fresh:
        return [], True
    try:
        return await records.import_records(uow, fresh, source, region), True
    except tagging.TooManyTags:  # refused before anything was written
        bare = [replace(record, tags=()) for record in fresh]
        return await records.import_records(uow, bare, source, region), False


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
    sentence = " ".join(f"{problem.field}: {problem.message.rstrip('.')}." for problem in problems)
    return Rejected(entry.number, entry.line, Notice(problems[0].code, sentence))


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


def _row(entry: Read | Rejected, whom: UUID | None, *, is_new: bool) -> EntryRow:
    if isinstance(entry, Rejected):
        return EntryRow(entry.number, entry.line, "rejected", entry.reason.code, plain(entry.reason.sentence), None)
    # What was left out is left out of contacts that are made.
    notices = entry.notices if is_new else ()
    code = notices[0].code if notices else None
    sentence = plain(" ".join(notice.sentence for notice in notices)) or None
    return EntryRow(entry.number, entry.line, "accepted" if is_new else "known", code, sentence, whom)
