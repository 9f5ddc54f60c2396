"""One change to many contacts: each is changed, or left as it is with the reason, in as many statements as for one."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from mainstay import clock
from mainstay.bulk.outcomes import Outcomes
from mainstay.bulk.schemas import BulkOut, MaybeSeenItemIn
from mainstay.errors import JsonValue
from mainstay.three_way import Facts
from mainstay.versioned import keep
from mainstay.work import Row, UnitOfWork
from tradepost.crm.errors import TooManyTags, UnknownContact
from tradepost.crm.events import ContactChanged
from tradepost.crm.repository import contacts as repository
from tradepost.crm.repository import timeline
from tradepost.crm.repository.search import ENTITY
from tradepost.crm.repository.timeline import Entry
from tradepost.crm.schemas import MOST_TAGS, ArchiveChange, ContactsBulkIn, LabelChange, OwnerChange
from tradepost.crm.service import contacts, owners
from tradepost.crm.service.indexing import reindex
from tradepost.tagging import api as tagging

Told = Outcomes[UUID, MaybeSeenItemIn]
FULL = f"A contact has at most {MOST_TAGS} tags, and as many groups."


async def change_contacts(uow: UnitOfWork, wanted: ContactsBulkIn) -> BulkOut:
    """Make one change to many contacts, and tell what became of each. Raises tagging's TooManyTags, InvalidContact."""
    known = await repository.lock(uow, [item.id for item in wanted.items])
    versions = {key: row["version"] for key, row in known.items()}
    outcomes = Told(wanted, versions, UnknownContact("There is no such contact."))

    async def settled(mine: Facts) -> list[UUID]:
        return await outcomes.settle(uow, repository.VERSIONED, mine, contacts.tell_to(uow))

    match wanted.change:
        case ArchiveChange() as change:
            outcomes.unchanged([key for key, row in known.items() if _is_away(row) == (change.kind == "archive")])
            outcomes.changed(await _archive(uow, change, await settled({})))
        case OwnerChange(owner_id=owner_id):
            outcomes.unchanged([key for key, row in known.items() if row["owner_id"] == owner_id])
            left = await settled({"owner_id": None if owner_id is None else str(owner_id)})
            outcomes.changed(await owners.give(uow, [known[key] for key in left], owner_id))
        case LabelChange() as change:
            await _sort_out(uow, change, outcomes)
            outcomes.changed(await _label(uow, change, await settled({})))
    return outcomes.answer(BulkOut)


async def archive(uow: UnitOfWork, contact_id: UUID, change: ArchiveChange) -> None:
    """Put a contact away, or bring it back; once more changes nothing. Raises UnknownContact, ContactMerged."""
    if not await repository.lock(uow, [contact_id]):
        raise await contacts.absent(uow, contact_id)
    await _archive(uow, change, [contact_id])


def _is_away(row: Row) -> bool:
    return row["archived_at"] is not None


async def _archive(uow: UnitOfWork, change: ArchiveChange, contact_ids: Sequence[UUID]) -> dict[UUID, int]:
    versions = await repository.archive(uow, contact_ids, clock.now() if change.kind == "archive" else None)
    await _tell(uow, versions, f"{change.kind}d", {}, "archived_at")
    return versions


async def _sort_out(uow: UnitOfWork, change: LabelChange, outcomes: Told) -> None:
    """Tell which contacts are so already, and which cannot have one more tag (or group)."""
    act, _, kind = change.kind.partition("_")
    key, is_add = tagging.name_key(change.name), act == "add"
    labels = await tagging.tags_of(uow, ENTITY, outcomes.keys)

    def own(contact_id: UUID) -> list[str]:
        return [tagging.name_key(label.name) for label in labels.get(contact_id, ()) if label.kind == kind]

    outcomes.unchanged([contact_id for contact_id in outcomes.keys if (key in own(contact_id)) == is_add])
    if is_add:
        full = [contact_id for contact_id in outcomes.keys if len(own(contact_id)) >= MOST_TAGS]
        outcomes.refused(full, TooManyTags(FULL))


async def _label(uow: UnitOfWork, change: LabelChange, contact_ids: Sequence[UUID]) -> dict[UUID, int]:
    if not contact_ids:
        return {}
    act, _, kind = change.kind.partition("_")
    label_kind: tagging.TagKind = "tag" if kind == "tag" else "group"
    await keep(uow, repository.VERSIONED, list(contact_ids))
    if act == "add":
        labels = await tagging.make(uow, label_kind, [change.name])
        changed = await tagging.add(uow, ENTITY, [label.id for label in labels.values()], contact_ids)
    else:
        labels = await tagging.find(uow, label_kind, [change.name])
        changed = await tagging.remove(uow, ENTITY, [label.id for label in labels.values()], contact_ids)
    versions = await repository.touch(uow, changed)
    await reindex(uow, list(changed))
    details: dict[str, JsonValue] = {"kind": kind, "name": change.name}
    await _tell(uow, versions, "tagged" if act == "add" else "untagged", details, f"{kind}s")
    return versions


async def _tell(
    uow: UnitOfWork, versions: Mapping[UUID, int], what: str, details: dict[str, JsonValue], field: str
) -> None:
    await timeline.add(uow, [Entry(contact_id, version, what, details) for contact_id, version in versions.items()])
    for contact_id in versions:
        uow.publish(ContactChanged(contact_id=contact_id, fields=(field,)))
