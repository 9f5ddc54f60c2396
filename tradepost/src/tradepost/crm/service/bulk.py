"""One change to many contacts: each is changed, or left as it is with the reason, in as many statements as for one."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from mainstay import clock
from mainstay.errors import JsonValue
from mainstay.versioned import keep
from mainstay.work import UnitOfWork
from tradepost.crm.errors import TooManyTags
from tradepost.crm.events import ContactChanged
from tradepost.crm.repository import contacts as repository
from tradepost.crm.repository import timeline
from tradepost.crm.repository.search import ENTITY
from tradepost.crm.repository.timeline import Entry
from tradepost.crm.schemas import (
    MOST_TAGS,
    ArchiveChange,
    ContactsBulkIn,
    ContactsBulkItemOut,
    ContactsBulkOut,
    LabelChange,
    OwnerChange,
)
from tradepost.crm.service import contacts, owners
from tradepost.crm.service.indexing import reindex
from tradepost.tagging import api as tagging


async def change_contacts(uow: UnitOfWork, wanted: ContactsBulkIn) -> ContactsBulkOut:
    """Make one change to many contacts, and tell what became of each. Raises tagging's TooManyTags, InvalidContact."""
    known = await repository.lock(uow, wanted.ids)
    present = [contact_id for contact_id in wanted.ids if contact_id in known]
    full: set[UUID] = set()
    if isinstance(wanted.change, ArchiveChange):
        changed = await _archive(uow, wanted.change, present)
    elif isinstance(wanted.change, OwnerChange):
        changed = await owners.give(uow, [known[contact_id] for contact_id in present], wanted.change.owner_id)
    else:
        full = await _full(uow, wanted.change, present)
        changed = await _label(uow, wanted.change, [contact_id for contact_id in present if contact_id not in full])
    versions = {contact_id: row["version"] for contact_id, row in known.items()} | changed
    return ContactsBulkOut(items=[_outcome(contact_id, versions, changed, full) for contact_id in wanted.ids])


async def archive(uow: UnitOfWork, contact_id: UUID, change: ArchiveChange) -> None:
    """Put a contact away, or bring it back; once more changes nothing. Raises UnknownContact, ContactMerged."""
    if not await repository.lock(uow, [contact_id]):
        raise await contacts.absent(uow, contact_id)
    await _archive(uow, change, [contact_id])


async def _archive(uow: UnitOfWork, change: ArchiveChange, contact_ids: Sequence[UUID]) -> dict[UUID, int]:
    versions = await repository.archive(uow, contact_ids, clock.now() if change.kind == "archive" else None)
    await _tell(uow, versions, f"{change.kind}d", {}, "archived_at")
    return versions


async def _label(uow: UnitOfWork, change: LabelChange, contact_ids: Sequence[UUID]) -> dict[UUID, int]:
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


async def _full(uow: UnitOfWork, change: LabelChange, contact_ids: Sequence[UUID]) -> set[UUID]:
    """Return the contacts that cannot have one more tag (or group), unless they have it."""
    if not change.kind.startswith("add"):
        return set()
    kind, key = change.kind.removeprefix("add_"), tagging.name_key(change.name)
    return {
        contact_id
        for contact_id, labels in (await tagging.tags_of(uow, ENTITY, contact_ids)).items()
        if len(own := [tagging.name_key(label.name) for label in labels if label.kind == kind]) >= MOST_TAGS
        and key not in own
    }


def _outcome(
    contact_id: UUID, versions: Mapping[UUID, int], changed: Mapping[UUID, int], full: set[UUID]
) -> ContactsBulkItemOut:
    version = versions.get(contact_id)
    if version is None:
        code, detail = "crm.unknown_contact", "There is no such contact."
        return ContactsBulkItemOut(id=contact_id, outcome="unknown", version=None, code=code, detail=detail)
    if contact_id in full:
        detail = f"A contact has at most {MOST_TAGS} tags, and as many groups."
        return ContactsBulkItemOut(
            id=contact_id, outcome="refused", version=version, code=TooManyTags.code, detail=detail
        )
    return ContactsBulkItemOut(
        id=contact_id, outcome="changed" if contact_id in changed else "unchanged", version=version
    )
