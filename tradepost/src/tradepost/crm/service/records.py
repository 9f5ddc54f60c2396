"""Contacts between programs: taken in from files by the thousand, and given out page by page (rules 32 and 35)."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from uuid import UUID

from pydantic import ValidationError

from mainstay import ids
from mainstay.errors import FieldProblem
from mainstay.work import Row, UnitOfWork
from tradepost.crm.errors import InvalidContact
from tradepost.crm.events import ContactsImported
from tradepost.crm.exchange.record import ContactRecord, Email, ForeignProperty, Phone, PostalAddress, Website
from tradepost.crm.repository import contacts as repository
from tradepost.crm.repository import lists, merges, personal
from tradepost.crm.repository.search import ENTITY, Wanted
from tradepost.crm.schemas import RecordIn, Source
from tradepost.crm.service import entry
from tradepost.tagging import api as tagging

# One statement and one event each.
BATCH = 1000
EXPORT_PAGE = 500
# How this program's own contacts are named in vCards (RFC 9562).
OWN_UID = "urn:uuid:"
_OPTIONAL = ("given", "family", "middle", "prefix", "suffix", "title", "department", "language", "uid")


def problems(record: ContactRecord) -> list[FieldProblem]:
    """Return why a contact cannot be taken in, with the fields as the record names them; nothing when it can."""
    try:
        _checked(record)
    except InvalidContact as failure:
        return list(failure.errors)
    return []


async def import_records(
    uow: UnitOfWork,
    records: Sequence[ContactRecord],
    source: Source,
    region: str | None = None,
    owner_id: UUID | None = None,
) -> list[UUID]:
    """Create contacts, a thousand in one statement, and return their ids in the order of `records`.

    `region` is the country whose phones have no country code, without it the shop's (rule 30). `owner_id` is whose the
    contacts are, None the house's. Companies stay names.
    Raises InvalidContact for the first record that has `problems`, before anything is created, tagging's TooManyTags.
    """
    checked = [_checked(record) for record in records]
    home = region or await entry.home_region(uow)
    tags = await tagging.make(uow, "tag", (tag for wanted in checked for tag in wanted.tags))
    created: list[UUID] = []
    waiting = zip(checked, records, strict=True)
    while batch := list(islice(waiting, BATCH)):
        contacts = [entry.stored(wanted, home, _origin(wanted, record, source)) for wanted, record in batch]
        await repository.add(uow, contacts, "imported", owner_id)
        links = {wanted.id: {tags[tagging.name_key(tag)].id for tag in wanted.tags} for wanted, _ in batch}
        await tagging.assign(uow, ENTITY, links)
        uow.publish(ContactsImported(contact_ids=tuple(links), source=source))
        created += links
    return created


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Contacts of a list in its order, and the place after which the next page begins."""

    records: list[ContactRecord]
    place: tuple[str, ...] | None


async def record_page(uow: UnitOfWork, wanted: Wanted, after: tuple[str, ...] | None) -> RecordPage:
    """Return the contacts of a list that follow a place, at most 500, in three statements."""
    page = await lists.ids_page(uow, wanted, after, EXPORT_PAGE)
    return RecordPage(await records_of(uow, page.ids), page.place)


async def records_of(uow: UnitOfWork, contact_ids: Iterable[UUID]) -> list[ContactRecord]:
    """Return contacts in the order of their ids, in two statements; unknown ones are left out.

    What is personal is only in them for those who may see it.
    """
    wanted = list(contact_ids)
    rows = {key: personal.shown(uow.actor, row) for key, row in (await repository.many(uow, wanted)).items()}
    labels = await tagging.tags_of(uow, ENTITY, rows)
    return [_record(rows[contact_id], _names(labels[contact_id])) for contact_id in wanted if contact_id in rows]


async def recognised(uow: UnitOfWork, contact_ids: Iterable[UUID]) -> list[tuple[ContactRecord, UUID]]:
    """Return contacts as a file would have them, and whom each leads to: one that was merged leads to the survivor.

    Who was merged is known as it was then, with its tags: the same file again brings nobody back (rules 34 and 35).
    """
    rows = await repository.every(uow, contact_ids)
    labels = await tagging.tags_of(uow, ENTITY, rows)
    former = await merges.labels_of(uow, [key for key, row in rows.items() if row["merged_into"]])
    names = {key: [one["name"] for one in kept] for key, kept in former.items()}
    return [(_record(row, names.get(key, _names(labels[key]))), row["merged_into"] or key) for key, row in rows.items()]


async def of_uids(uow: UnitOfWork, uids: Iterable[str]) -> dict[str, UUID]:
    """Return which contacts have these UIDs of vCards: as they came with them, or as this program gave them out."""
    asked = set(uids)
    own = {uid: contact_id for uid in asked if (contact_id := _own_id(uid)) is not None}
    survivors = await repository.survivors(uow, own.values())
    ours = {uid: survivors[contact_id] for uid, contact_id in own.items() if contact_id in survivors}
    return ours | await repository.of_uids(uow, asked)


def _checked(record: ContactRecord) -> RecordIn:
    """Return a record as somebody would enter it, with a new id. Raises InvalidContact with all its problems."""
    try:
        wanted = _entered(record, ids.new_id())
    except ValidationError as failure:
        found = [
            FieldProblem(_path(error["loc"]), error["type"], error["msg"].removeprefix("Value error, "))
            for error in failure.errors()
        ]
        raise _invalid(record, found) from failure
    found = entry.email_problems(wanted.emails)
    if record.kind == "company" and record.company:
        found.append(FieldProblem("company", "company_of_company", "A company has no company of its own."))
    if found:
        raise _invalid(record, found)
    return wanted


def _entered(record: ContactRecord, contact_id: UUID) -> RecordIn:
    """Return a record as somebody would enter it. Raises pydantic's ValidationError."""
    return RecordIn.model_validate(
        {
            "id": contact_id,
            "kind": record.kind,
            "name": record.name,
            **{field: getattr(record, field) or None for field in _OPTIONAL},
            "company_name": record.company or None,
            "notes": record.notes,
            "phones": [{"written": phone.written, "kind": phone.kind} for phone in record.phones],
            "emails": [asdict(email) for email in record.emails],
            "websites": [asdict(website) for website in record.websites],
            "addresses": [asdict(address) for address in record.addresses],
            "tags": list(record.tags),
            "foreign": [one.line for one in record.foreign],
        }
    )


def _origin(wanted: RecordIn, record: ContactRecord, source: Source) -> entry.Origin:
    numbers = tuple(phone.e164 for phone in record.phones)
    return entry.Origin(source, uid=wanted.uid, foreign=tuple(wanted.foreign), e164=numbers)


def _names(labels: Sequence[tagging.Label]) -> list[str]:
    return [label.name for label in labels]


def _record(row: Row, tags: Sequence[str]) -> ContactRecord:
    return ContactRecord(
        name=row["name"],
        kind=row["kind"],
        **{field: row[field] or "" for field in _OPTIONAL if field != "uid"},
        company=row["company_name"] or "",
        notes=row["notes"],
        uid=row["uid"] or f"{OWN_UID}{row['id']}",
        phones=tuple(Phone(**one) for one in row["phones"]),
        emails=tuple(Email(**one) for one in row["emails"]),
        websites=tuple(Website(**one) for one in row["websites"]),
        addresses=tuple(PostalAddress(**one) for one in row["addresses"]),
        # Files know one sort of words; what was a group comes back as a tag.
        tags=tuple(dict.fromkeys(tags)),
        foreign=tuple(map(ForeignProperty, row["foreign_properties"])),
    )


def _invalid(record: ContactRecord, found: Sequence[FieldProblem]) -> InvalidContact:
    return InvalidContact(f"{record.name}: {found[0].message}", errors=found)


def _path(location: Iterable[int | str]) -> str:
    """Return where in a record something is wrong, as the record names it: `emails.0.address`."""
    return ".".join("company" if part == "company_name" else str(part) for part in location)


def _own_id(uid: str) -> UUID | None:
    try:
        return UUID(uid.removeprefix(OWN_UID)) if uid.startswith(OWN_UID) else None
    except ValueError:
        return None
