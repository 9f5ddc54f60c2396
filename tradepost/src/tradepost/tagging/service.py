"""The rules of tags: a name stands once in its kind, whatever its case, and changes need the present version."""

from collections.abc import Iterable
from uuid import UUID

import asyncpg

from mainstay import ids
from mainstay.cache.kind import Kind
from mainstay.messages.audit import Entry
from mainstay.three_way import given
from mainstay.versioned import Attempt, conflict
from mainstay.work import Row, UnitOfWork
from tradepost.tagging import repository
from tradepost.tagging.errors import IdReused, NameTaken, TooManyTags, UnknownTag
from tradepost.tagging.events import TagDeleted, TagRenamed
from tradepost.tagging.repository import NewTag
from tradepost.tagging.schemas import CountedTags, TagIn, TagKind, TagOut, TagPatch, TagsOut, name_key

# What a list shows at once, and more than anybody can choose from.
MOST_TAGS = 2000


TAGS = Kind("tagging.tags", CountedTags, ("tagging_tag", "tagging_link"), seconds=900, is_shared=True)


async def list_tags(uow: UnitOfWork, kind: TagKind | None, entity: str | None) -> TagsOut:
    """Return all tags, or those of a kind; they are counted over all things, or over those that are an `entity`."""
    tags = await counted_tags(uow)
    wanted = (tag for tag in tags.items if kind is None or tag.kind == kind)
    return TagsOut(
        items=[_shown(uow, tag.model_dump(exclude={"counts"}) | {"count": tag.count(entity)}) for tag in wanted]
    )


async def counted_tags(uow: UnitOfWork) -> CountedTags:
    """Return all tags with their numbers; a kept list while no tag and no label has changed."""

    async def read() -> CountedTags:
        return CountedTags.model_validate({"items": [dict(row) for row in await repository.listed(uow)]})

    return await uow.cached(TAGS, "", read)


async def create_tag(uow: UnitOfWork, wanted: TagIn) -> TagOut:
    """Make a tag; the same id and content again changes nothing. Raises NameTaken, IdReused, TooManyTags."""
    await _check_room(uow, 1)
    if await repository.add_one(uow, wanted):
        return await get_tag(uow, wanted.id)
    known = await repository.one(uow, wanted.id)
    if known is None:
        raise await _name_taken(uow, wanted.kind, wanted.name)
    if (known["kind"], known["name"], known["colour"]) != (wanted.kind, wanted.name, wanted.colour):
        raise IdReused("A tag with this id and other content exists; nothing was changed.")
    return _shown(uow, known)


async def get_tag(uow: UnitOfWork, tag_id: UUID) -> TagOut:
    """Return a tag. Raises UnknownTag."""
    known = await repository.one(uow, tag_id)
    if known is None:
        raise _unknown()
    return _shown(uow, known)


async def change_tag(uow: UnitOfWork, tag_id: UUID, patch: TagPatch) -> TagOut:
    """Give a tag another name or colour, everywhere. Raises UnknownTag, VersionConflict, NameTaken."""
    known = await _locked(uow, tag_id)
    if known["version"] != patch.version:
        raise await conflict(uow, repository.VERSIONED, Attempt(tag_id, patch.version, given(patch)))
    name: str = patch.name if "name" in patch.model_fields_set else known["name"]
    colour: str = patch.colour if "colour" in patch.model_fields_set else known["colour"]
    if (name, colour) == (known["name"], known["colour"]):
        return await get_tag(uow, tag_id)
    owners = await repository.named(uow, known["kind"], [name_key(name)])
    if any(owner["id"] != tag_id for owner in owners):
        raise await _name_taken(uow, known["kind"], name)
    try:
        await repository.change(uow, tag_id, name, colour)
    except asyncpg.UniqueViolationError as failure:
        raise NameTaken(f"There has been another {known['kind']} “{name}” since a moment ago.") from failure
    if name != known["name"]:
        uow.publish(TagRenamed(tag_id=tag_id, old_name=known["name"], new_name=name))
    return await get_tag(uow, tag_id)


async def delete_tag(uow: UnitOfWork, tag_id: UUID) -> None:
    """Delete a tag and take it from everything that has it. Raises UnknownTag."""
    known = await _locked(uow, tag_id)
    await repository.delete(uow, tag_id)
    uow.publish(TagDeleted(tag_id=tag_id, old_name=known["name"]))
    uow.record(Entry("tagging.tag_deleted", "tagging.tag", tag_id, old={"kind": known["kind"], "name": known["name"]}))


async def make_tags(uow: UnitOfWork, kind: TagKind, names: Iterable[str]) -> dict[str, Row]:
    """Return the tags with these names in their order, by `name_key`; those that are missing are made.

    Raises TooManyTags.
    """
    wanted: dict[str, str] = {}
    for name in names:
        # Of several forms of one name the first one stands.
        wanted.setdefault(name_key(name), name)
    if not wanted:
        return {}
    found = {row["name_key"]: row for row in await repository.named(uow, kind, wanted)}
    missing = [NewTag(ids.new_id(), name, key) for key, name in wanted.items() if key not in found]
    if missing:
        await _check_room(uow, len(missing))
        found |= {row["name_key"]: row for row in await repository.add(uow, kind, "grey", missing)}
    others = [key for key in wanted if key not in found]
    if others:
        # Somebody else has made them at the same moment.
        found |= {row["name_key"]: row for row in await repository.named(uow, kind, others)}
    return {key: found[key] for key in wanted}


async def _check_room(uow: UnitOfWork, more: int) -> None:
    if await repository.number(uow) + more > MOST_TAGS:
        raise TooManyTags(f"There are at most {MOST_TAGS} tags and groups; delete some that nobody needs.")


async def _locked(uow: UnitOfWork, tag_id: UUID) -> Row:
    known = await repository.lock(uow, tag_id)
    if known is None:
        raise _unknown()
    return known


async def _name_taken(uow: UnitOfWork, kind: TagKind, name: str) -> NameTaken:
    taken: list[str] = [str(row["id"]) for row in await repository.named(uow, kind, [name_key(name)])]
    return NameTaken(f"There is a {kind} “{name}” already.", extra={"taken": taken[0] if taken else None})


def _unknown() -> UnknownTag:
    return UnknownTag("There is no such tag or group.")


def _shown(uow: UnitOfWork, row: Row) -> TagOut:
    """Return a tag; who is limited to a part of any records is not told how many of all there are."""
    return TagOut(**dict(row) | ({"count": None} if uow.actor.reach.extents else {}))
