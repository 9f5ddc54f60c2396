"""Contacts: created whole and once, read, listed, and changed by those who know the version they change (rule 36)."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

import orjson

from mainstay.db.query import encode_position_cursor, page_size
from mainstay.errors import FieldProblem, JsonValue, VersionConflict
from mainstay.modules.identity import api as identity
from mainstay.three_way import Facts, given
from mainstay.versioned import Attempt, conflict
from mainstay.work import Row, UnitOfWork
from tradepost.crm.errors import ContactMerged, IdReused, InvalidContact, UnknownContact
from tradepost.crm.events import ContactChanged, ContactCreated
from tradepost.crm.repository import contacts as repository
from tradepost.crm.repository import lists, personal, reaching, timeline
from tradepost.crm.repository.search import ENTITY, Wanted
from tradepost.crm.repository.timeline import Entry
from tradepost.crm.schemas import (
    ContactIn,
    ContactOut,
    ContactPatch,
    ContactRowOut,
    ContactsOut,
    LabelOut,
    Source,
    TimelineEntryOut,
    TimelineOut,
)
from tradepost.crm.service import entry, owners
from tradepost.tagging import api as tagging

NOBODY = UUID(int=0)


async def get_contact(uow: UnitOfWork, contact_id: UUID) -> ContactOut:
    """Return a contact; the id of one that was merged leads to the survivor (rule 34). Raises UnknownContact."""
    known = await _present(uow, contact_id)
    people = await owners.names_of(uow, [known])
    facts = dict(personal.shown(uow.actor, known)) | {"hides_personal": not personal.is_seen(uow.actor)}
    labels = (await tagging.tags_of(uow, ENTITY, [known["id"]]))[known["id"]]
    return ContactOut.model_validate(_facts(facts | _owner(known, people), ContactOut) | _labels(labels))


async def list_contacts(uow: UnitOfWork, wanted: Wanted, cursor: str | None, limit: int) -> ContactsOut:
    """Return a page of contacts. Raises InvalidInput for a foreign cursor."""
    page = await lists.page(uow, wanted, cursor, page_size(limit))
    labels = await tagging.tags_of(uow, ENTITY, [row["id"] for row in page.rows])
    people = await owners.names_of(uow, page.rows)
    rows = [dict(row) | _owner(row, people) for row in page.rows]
    items = [ContactRowOut.model_validate(_facts(row, ContactRowOut) | _labels(labels[row["id"]])) for row in rows]
    return ContactsOut(items=items, next_cursor=page.next_cursor, total=page.total)


async def create_contact(uow: UnitOfWork, wanted: ContactIn, source: Source = "manual") -> ContactOut:
    """Create a contact, once: the same id and content again changes nothing (rule 18).

    Raises InvalidContact, IdReused, tagging's TooManyTags, and NotAllowed for what is personal without the right to it.
    """
    personal.demand(uow.actor, [field for field in personal.BLANK if getattr(wanted, field, None)])
    content_hash = _content_hash(wanted)
    entry.check_emails(wanted)
    whole = await entry.with_company(uow, wanted)
    origin = entry.Origin(source, content_hash=content_hash)
    contact = entry.stored(whole, await entry.home_region(uow), origin)
    if not await repository.add(uow, [contact], "created", reaching.new_owner(uow.actor)):
        known = await repository.one(uow, wanted.id)
        if known is None or known["content_hash"] != content_hash:
            raise IdReused("A contact with this id and other content exists; nothing was changed.")
        return await get_contact(uow, wanted.id)
    await assign_labels(uow, wanted)
    uow.publish(ContactCreated(contact_id=wanted.id, source=source))
    return await get_contact(uow, wanted.id)


async def change_contact(uow: UnitOfWork, contact_id: UUID, patch: ContactPatch) -> ContactOut:
    """Change a contact; lists and tags are replaced as a whole.

    Raises UnknownContact, VersionConflict, InvalidContact, tagging's TooManyTags, and NotAllowed for what is personal
    without the right to it.
    """
    personal.demand(uow.actor, patch.model_fields_set)
    locked = (await repository.lock(uow, [contact_id])).get(contact_id)
    if locked is None:
        raise await absent(uow, contact_id)
    if locked["version"] != patch.version:
        raise await _conflict(uow, contact_id, patch)
    known = await _present(uow, contact_id)
    before = entry.entered(known, (await tagging.tags_of(uow, ENTITY, [contact_id]))[contact_id])
    fields = patch.model_fields_set - {"version", "owner_id"}
    after = before.model_copy(update={field: getattr(patch, field) for field in fields})
    if after.company_id is not None:
        # The name that is shown is that of the company itself.
        after = after.model_copy(update={"company_name": known["company_name"]})
    changed = _changed(before, after)
    if changed:
        await _write(uow, known, after, changed)
        changes = {field: {"before": _plain(before, field), "after": _plain(after, field)} for field in changed}
        await timeline.add(uow, [Entry(contact_id, patch.version + 1, "changed", {"changes": changes})])
        uow.publish(ContactChanged(contact_id=contact_id, fields=tuple(changed)))
    if "owner_id" in patch.model_fields_set:
        await owners.give(uow, [locked], patch.owner_id)
    return await get_contact(uow, contact_id)


async def list_timeline(uow: UnitOfWork, contact_id: UUID, before: int | None, limit: int) -> TimelineOut:
    """Return what happened to a contact, newest first. Raises UnknownContact."""
    known = await _present(uow, contact_id)
    size = page_size(limit)
    rows = await timeline.page(uow, known["id"], before or timeline.NEWEST, size + 1)
    items = [
        TimelineEntryOut(**dict(row) | {"details": personal.told(uow.actor, row["details"])}) for row in rows[:size]
    ]
    following = encode_position_cursor(items[-1].id) if len(rows) > size else None
    return TimelineOut(items=items, next_cursor=following, total=await timeline.count(uow, known["id"]))


async def assign_labels(uow: UnitOfWork, wanted: ContactIn) -> None:
    """Give a contact exactly the tags and groups that it names; those that are missing are made."""
    tags = await tagging.make(uow, "tag", wanted.tags)
    groups = await tagging.make(uow, "group", wanted.groups)
    await tagging.assign(uow, ENTITY, {wanted.id: [label.id for label in (*tags.values(), *groups.values())]})


async def _write(uow: UnitOfWork, known: Row, after: ContactIn, changed: list[str]) -> None:
    entry.check_emails(after)
    whole = await entry.with_company(uow, after)
    if "kind" in changed and after.kind == "person" and await repository.people_of(uow, after.id, NOBODY, 1):
        message = "People are with this company; give them another one first."
        raise InvalidContact(message, errors=[FieldProblem("kind", "has_people", message)])
    # A number that came with its country keeps it, wherever the shop is.
    numbers = {phone["written"]: phone["e164"] for phone in known["phones"]}
    origin = entry.Origin(known["source"], e164=tuple(numbers.get(phone.written) for phone in after.phones))
    contact = entry.stored(whole, await entry.home_region(uow), origin)
    await repository.change(uow, contact, [name for name in entry.LISTS if name in changed])
    if set(entry.LABELS) & set(changed):
        await assign_labels(uow, after)


def _changed(before: ContactIn, after: ContactIn) -> list[str]:
    fields = (*entry.FIELDS, *entry.LISTS)
    changed = [field for field in fields if getattr(before, field) != getattr(after, field)]
    for field in entry.LABELS:
        keys = [{tagging.name_key(name) for name in getattr(one, field)} for one in (before, after)]
        changed += [field] if keys[0] != keys[1] else []
    return changed


def _plain(contact: ContactIn, field: str) -> JsonValue:
    value: JsonValue = contact.model_dump(mode="json", include={field})[field]
    return value


async def _conflict(uow: UnitOfWork, contact_id: UUID, patch: ContactPatch) -> VersionConflict:
    """Return what somebody has to know to save again: all three sides, and what others did meanwhile."""
    since: list[JsonValue] = [
        {
            "what": row["what"],
            "fields": sorted(row["details"].get("changes", {})),
            "actor_name": row["actor_name"],
            "happened_at": row["happened_at"].isoformat(),
        }
        for row in await timeline.since(uow, contact_id, patch.version)
    ]
    attempt = Attempt(contact_id, patch.version, given(patch))
    return await conflict(uow, repository.VERSIONED, attempt, tell_to(uow), {"since": since})


def tell_to(uow: UnitOfWork) -> Callable[[dict[str, Any]], Facts]:
    """Return what shows of a contact's facts those that the actor may see."""
    return lambda facts: {name: value for name, value in personal.shown(uow.actor, facts).items() if name in facts}


async def absent(uow: UnitOfWork, contact_id: UUID) -> UnknownContact | ContactMerged:
    """Return why a contact cannot be changed: there is none, or it was merged into another."""
    known = await repository.one(uow, contact_id)
    if known is None or known["merged_into"] is None:
        return UnknownContact("There is no such contact.")
    survivor = await _present(uow, known["merged_into"])
    return ContactMerged(
        f"This contact was merged into {survivor['name']}; change that one.",
        extra={"survivor_id": str(survivor["id"])},
    )


async def _present(uow: UnitOfWork, contact_id: UUID) -> Row:
    """Return a contact, or that into which it was merged."""
    known = await repository.one(uow, contact_id)
    if known is not None and known["merged_into"] is not None:
        known = await repository.one(uow, known["merged_into"])
    if known is None:
        raise UnknownContact("There is no such contact.")
    return known


def _facts(row: Row, model: type[ContactOut | ContactRowOut]) -> dict[str, object]:
    return {field: row[field] for field in model.model_fields if field not in entry.LABELS}


def _owner(row: Row, people: Mapping[UUID, identity.Colleague]) -> dict[str, object]:
    owner = people.get(row["owner_id"])
    return {
        "owner_name": None if owner is None else owner.name,
        "has_owner_left": owner is not None and not owner.is_active,
    }


def _labels(labels: Iterable[tagging.Label]) -> dict[str, list[LabelOut]]:
    found: dict[str, list[LabelOut]] = {"tags": [], "groups": []}
    for label in labels:
        found[f"{label.kind}s"].append(LabelOut(id=label.id, name=label.name, colour=label.colour))
    return found


def _content_hash(wanted: ContactIn) -> str:
    return hashlib.sha256(orjson.dumps(wanted.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS)).hexdigest()
