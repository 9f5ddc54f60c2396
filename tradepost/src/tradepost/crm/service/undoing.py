"""Undoing a merge: those that were merged are there again, and what was changed since is kept and told (rule 34)."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from mainstay.errors import JsonValue
from mainstay.messages import audit
from mainstay.versioned import keep
from mainstay.work import Row, UnitOfWork
from tradepost.crm.errors import MergeNotUndoable, UnknownMerge
from tradepost.crm.events import MergeUndone
from tradepost.crm.matching.answers import KeptOut, MergeUndoneOut
from tradepost.crm.matching.unmerging import TOGETHER, Kept, undone
from tradepost.crm.repository import contacts as repository
from tradepost.crm.repository import merges, timeline
from tradepost.crm.repository.search import ENTITY
from tradepost.crm.repository.timeline import Entry
from tradepost.crm.schemas import AddressIn, ContactIn, EmailIn, PhoneIn, WebsiteIn
from tradepost.crm.service import contacts, entry
from tradepost.crm.service.indexing import reindex
from tradepost.crm.service.merging import e164_of, facts_of
from tradepost.tagging import api as tagging


async def undo(uow: UnitOfWork, merge_id: UUID) -> MergeUndoneOut:
    """Undo a merge. Raises UnknownMerge, MergeNotUndoable."""
    whole = await merges.lock_whole(uow, merge_id)
    if whole is None:
        raise UnknownMerge("There is no such merge.")
    parts = await merges.parts(uow, merge_id)
    survivor_id: UUID = whole["survivor_id"]
    involved = {survivor_id, *(part["contact_id"] for part in parts)}
    locked = await merges.lock(uow, involved)
    if locked.keys() != involved:
        raise UnknownMerge("There is no such merge.")
    await _check(uow, whole, locked[survivor_id])
    await merges.move_back(uow, survivor_id, whole["moved"])
    await keep(uow, repository.VERSIONED, [survivor_id])
    versions = await merges.bring_back(uow, merge_id)
    await _give_labels_back(uow, parts)
    kept = await _restore(uow, whole)
    await merges.end(uow, merge_id)
    await reindex(uow, list(versions))
    versions[survivor_id] = locked[survivor_id]["version"] + 1
    details: dict[str, JsonValue] = {"merge_id": str(merge_id)}
    await timeline.add(uow, [Entry(key, version, "merge_undone", details) for key, version in versions.items()])
    restored_ids = [part["contact_id"] for part in parts]
    uow.publish(MergeUndone(merge_id=merge_id, survivor_id=survivor_id, contact_ids=tuple(restored_ids)))
    uow.record(audit.Entry("crm.merge_undone", "crm.contact", survivor_id, new=details))
    return MergeUndoneOut(
        survivor=await contacts.get_contact(uow, survivor_id),
        restored=[await contacts.get_contact(uow, contact_id) for contact_id in restored_ids],
        kept=[KeptOut(field=one.field, value_now=one.value) for one in kept],
    )


async def _check(uow: UnitOfWork, whole: Row, survivor: Row) -> None:
    if whole["undone_at"] is not None:
        raise MergeNotUndoable("This merge was undone before.")
    if survivor["merged_into"] is not None:
        name = (await contacts.get_contact(uow, survivor["merged_into"])).name
        raise MergeNotUndoable(f"The contact was itself merged into {name} since; undo that merge first.")


async def _give_labels_back(uow: UnitOfWork, parts: Iterable[Row]) -> None:
    """Give those that were merged the tags they had; a tag that was deleted since stays deleted."""
    wanted = {part["contact_id"]: [UUID(label["id"]) for label in part["labels"]] for part in parts}
    present = await tagging.present(uow, {tag_id for tag_ids in wanted.values() for tag_id in tag_ids})
    await tagging.assign(
        uow, ENTITY, {key: [tag_id for tag_id in tag_ids if tag_id in present] for key, tag_ids in wanted.items()}
    )


async def _restore(uow: UnitOfWork, whole: Row) -> list[Kept]:
    """Write the survivor as it was before the merge, with what was changed since; returns what was kept."""
    survivor_id: UUID = whole["survivor_id"]
    row = (await repository.many(uow, [survivor_id]))[survivor_id]
    now = await facts_of(uow, row)
    result, kept = undone(whole["before"], whole["after"], now)
    if result["kind"] == "person" and await merges.have_others(uow, [survivor_id]):
        # People came to the company since: it stays one.
        result |= {field: now[field] for field in TOGETHER}
        kept = [Kept("kind", now["kind"]), *(one for one in kept if one.field not in TOGETHER)]
    known = [row, whole["before"], whole["after"]]
    wanted = await _with_labels(uow, _entered(survivor_id, result), result)
    named = await entry.with_company(uow, wanted, of_anybody=True)
    origin = entry.Origin(row["source"], e164=e164_of(known, wanted))
    await repository.change(uow, entry.stored(named, await entry.home_region(uow), origin), entry.LISTS)
    await merges.keep_foreign(uow, survivor_id, _strings(result["foreign"]))
    return kept


async def _with_labels(uow: UnitOfWork, wanted: ContactIn, result: Mapping[str, JsonValue]) -> ContactIn:
    """Give the survivor its tags by their ids, and return it with their present names, by which it is found."""
    asked = [UUID(tag_id) for tag_id in _strings(result["labels"])]
    present = await tagging.present(uow, asked)
    await tagging.assign(uow, ENTITY, {wanted.id: [tag_id for tag_id in asked if tag_id in present]})
    labels = (await tagging.tags_of(uow, ENTITY, [wanted.id]))[wanted.id]
    names = {kind: [label.name for label in labels if label.kind == kind] for kind in ("tag", "group")}
    return wanted.model_copy(update={"tags": names["tag"], "groups": names["group"]})


def _entered(contact_id: UUID, facts: Mapping[str, Any]) -> ContactIn:
    """Return what a merge kept as somebody would enter it; it was checked when it came in."""
    single: dict[str, Any] = {field: facts[field] for field in entry.FIELDS}
    single["company_id"] = UUID(facts["company_id"]) if facts["company_id"] else None
    return ContactIn.model_construct(
        None,
        id=contact_id,
        **single,
        phones=[PhoneIn.model_construct(written=one["written"], kind=one["kind"]) for one in facts["phones"]],
        emails=[EmailIn.model_construct(**one) for one in facts["emails"]],
        websites=[WebsiteIn.model_construct(**one) for one in facts["websites"]],
        addresses=[AddressIn.model_construct(**one) for one in facts["addresses"]],
        tags=[],
        groups=[],
    )


def _strings(value: Any) -> list[str]:  # noqa: ANN401  JSON of the database
    return list(value)
