"""Merging contacts: one survivor with all that referred to the others, in one transaction (rule 34)."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import orjson

from mainstay.errors import JsonValue
from mainstay.messages import audit
from mainstay.three_way import given
from mainstay.versioned import Attempt, conflict
from mainstay.work import Row, UnitOfWork
from tradepost.crm.errors import ContactMerged, IdReused, UnknownContact, UnknownMerge
from tradepost.crm.events import ContactsMerged
from tradepost.crm.matching.answers import MergeIn, MergeOut, MergesOut
from tradepost.crm.repository import contacts as repository
from tradepost.crm.repository import duplicates, merges, timeline
from tradepost.crm.repository.merges import NewMerge, Part
from tradepost.crm.repository.search import ENTITY
from tradepost.crm.repository.timeline import Entry
from tradepost.crm.schemas import ContactIn
from tradepost.crm.service import contacts, entry
from tradepost.tagging import api as tagging

MOST_SHOWN = 20


async def merge(uow: UnitOfWork, wanted: MergeIn) -> MergeOut:
    """Make one contact of several, once: the same id and content again changes nothing (rule 18).

    Raises UnknownContact, ContactMerged, VersionConflict, InvalidContact, IdReused, tagging's TooManyTags.
    """
    content_hash = _content_hash(wanted)
    # Whoever sends the same at the same moment waits here, and finds it done.
    locked = await merges.lock(uow, wanted.versions)
    known = await merges.content_hash(uow, wanted.id)
    if known is None:
        await _merge(uow, wanted, locked, content_hash)
    elif known != content_hash:
        raise IdReused("A merge with this id and other content exists; nothing was changed.")
    return await get_merge(uow, wanted.id)


async def get_merge(uow: UnitOfWork, merge_id: UUID) -> MergeOut:
    """Return a merge. Raises UnknownMerge."""
    known = await merges.one(uow, merge_id)
    if known is None:
        raise UnknownMerge("There is no such merge.")
    return await _shown(uow, known)


async def list_merges(uow: UnitOfWork, contact_id: UUID) -> MergesOut:
    """Return the latest merges that made a contact. Raises UnknownContact."""
    contact = await contacts.get_contact(uow, contact_id)
    return MergesOut(items=[await _shown(uow, row) for row in await merges.of(uow, contact.id, MOST_SHOWN)])


async def facts_of(uow: UnitOfWork, row: Row) -> dict[str, JsonValue]:
    """Return a contact as a merge keeps it: what a person may change, unknown lines of its vCard, ids of its tags."""
    labels = (await tagging.tags_of(uow, ENTITY, [row["id"]]))[row["id"]]
    facts = {field: row[field] for field in (*entry.FIELDS, *entry.LISTS)}
    facts["company_id"] = str(row["company_id"]) if row["company_id"] else None
    # The name of a company that is a contact is that contact's.
    facts["company_name"] = None if row["company_id"] else row["company_name"]
    return facts | {"foreign": list(row["foreign_properties"]), "labels": [str(label.id) for label in labels]}


def e164_of(rows: Iterable[Row], wanted: ContactIn) -> tuple[str | None, ...]:
    """Return the known forms of phones: a number that came with its country keeps it, wherever the shop is."""
    known: dict[str, str | None] = {}
    for row in rows:
        for phone in row["phones"]:
            known.setdefault(phone["written"], phone["e164"])
    return tuple(known.get(phone.written) for phone in wanted.phones)


async def _merge(uow: UnitOfWork, wanted: MergeIn, locked: Mapping[UUID, Row], content_hash: str) -> None:
    await _check_seen(uow, locked, wanted)
    rows = await repository.many(uow, wanted.versions)
    merged_ids = sorted(wanted.versions.keys() - {wanted.survivor_id})
    labels = await tagging.tags_of(uow, ENTITY, merged_ids)
    before = await facts_of(uow, rows[wanted.survivor_id])
    await _write_survivor(uow, wanted, rows)
    moved = await merges.move(uow, wanted.survivor_id, merged_ids)
    await merges.put_away(uow, wanted.survivor_id, merged_ids)
    await tagging.assign(uow, ENTITY, {contact_id: [] for contact_id in merged_ids})
    await duplicates.forget(uow, merged_ids)
    survivor = (await repository.many(uow, [wanted.survivor_id]))[wanted.survivor_id]
    after = await facts_of(uow, survivor)
    parts = [Part(key, locked[key]["archived_at"], _kept(labels[key])) for key in merged_ids]
    await merges.add(uow, NewMerge(wanted.id, wanted.survivor_id, before, after, moved, content_hash, parts))
    await _tell(uow, wanted, survivor, [rows[key] for key in merged_ids])


async def _check_seen(uow: UnitOfWork, locked: Mapping[UUID, Row], wanted: MergeIn) -> None:
    """Raise what is wrong unless each contact is there as it was seen."""
    for contact_id in wanted.versions:
        if contact_id not in locked:
            raise UnknownContact("There is no such contact.", extra={"contact_id": str(contact_id)})
        if survivor_id := locked[contact_id]["merged_into"]:
            raise ContactMerged(
                "One of them was merged into another contact meanwhile; look at them again.",
                extra={"contact_id": str(contact_id), "survivor_id": str(survivor_id)},
            )
    changed = [key for key, version in wanted.versions.items() if locked[key]["version"] != version]
    if changed:
        # The survivor is what the result is written to; of the others nothing is wanted but that they go.
        key = wanted.survivor_id if wanted.survivor_id in changed else changed[0]
        attempt = Attempt(key, wanted.versions[key], given(wanted.result) if key == wanted.survivor_id else {})
        told: list[JsonValue] = [str(each) for each in changed]
        raise await conflict(uow, repository.VERSIONED, attempt, contacts.tell_to(uow), {"changed": told})


async def _write_survivor(uow: UnitOfWork, wanted: MergeIn, rows: Mapping[UUID, Row]) -> None:
    result = ContactIn(id=wanted.survivor_id, **dict(wanted.result))
    entry.check_emails(result)
    if result.company_id in wanted.versions:
        raise entry.refused("company_id", "own_company", "One of those that are merged cannot be the company.")
    if result.kind == "person" and await merges.have_others(uow, wanted.versions):
        message = "People are with one of these companies, so that the result has to be a company."
        raise entry.refused("result.kind", "has_people", message)
    whole = await entry.with_company(uow, result)
    own = rows[wanted.survivor_id]
    others = [row for key, row in sorted(rows.items()) if key != wanted.survivor_id]
    origin = entry.Origin(own["source"], e164=e164_of([own, *others], result))
    await repository.change(uow, entry.stored(whole, await entry.home_region(uow), origin), entry.LISTS)
    foreign = list(dict.fromkeys(line for row in (own, *others) for line in row["foreign_properties"]))
    await merges.keep_foreign(uow, wanted.survivor_id, foreign)
    await contacts.assign_labels(uow, result)


def _kept(labels: Iterable[tagging.Label]) -> list[dict[str, str]]:
    """Return tags and groups with the names by which a file would know them."""
    return [{"id": str(label.id), "name": label.name} for label in labels]


async def _tell(uow: UnitOfWork, wanted: MergeIn, survivor: Row, merged: Sequence[Row]) -> None:
    told: list[JsonValue] = [{"id": str(row["id"]), "name": row["name"]} for row in merged]
    details: dict[str, JsonValue] = {"merge_id": str(wanted.id), "merged": told}
    await timeline.add(uow, [Entry(survivor["id"], survivor["version"], "merged", details)])
    uow.publish(
        ContactsMerged(merge_id=wanted.id, survivor_id=survivor["id"], contact_ids=tuple(row["id"] for row in merged))
    )
    uow.record(audit.Entry("crm.contacts_merged", "crm.contact", survivor["id"], new=details))


async def _shown(uow: UnitOfWork, row: Row) -> MergeOut:
    survivor = await contacts.get_contact(uow, row["survivor_id"])
    facts = {field: row[field] for field in ("id", "merged_ids", "merged_at", "actor_name", "undone_at")}
    return MergeOut.model_validate(facts | {"survivor": survivor})


def _content_hash(wanted: MergeIn) -> str:
    return hashlib.sha256(orjson.dumps(wanted.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS)).hexdigest()
