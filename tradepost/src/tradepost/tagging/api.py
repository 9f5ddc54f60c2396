"""The front door of tagging for modules that keep things which can be labelled.

For statements that filter by tag there is the view `tagging_tagged` (see the migrations).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from mainstay.work import Row, UnitOfWork
from tradepost.tagging import repository, service
from tradepost.tagging.errors import TooManyTags
from tradepost.tagging.schemas import Colour, TagKind, TagName, name_key

__all__ = [
    "Colour", "Label", "TagKind", "TagName", "TooManyTags", "add", "assign", "find", "make", "name_key", "present",
    "remove", "tags_of",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Label:
    """A tag or group as it stands on a thing."""

    id: UUID
    kind: TagKind
    name: str
    colour: Colour


async def find(uow: UnitOfWork, kind: TagKind, names: Iterable[str]) -> dict[str, Label]:
    """Return the tags that have these names, by `name_key`; unknown ones are absent."""
    return {row["name_key"]: _label(row) for row in await repository.named(uow, kind, map(name_key, names))}


async def present(uow: UnitOfWork, tag_ids: Iterable[UUID]) -> set[UUID]:
    """Return which of these tags there are."""
    return await repository.present(uow, tag_ids)


async def make(uow: UnitOfWork, kind: TagKind, names: Iterable[str]) -> dict[str, Label]:
    """Return the tags with these names, by `name_key`; those that are missing are made. Raises TooManyTags (409)."""
    return {key: _label(row) for key, row in (await service.make_tags(uow, kind, names)).items()}


async def add(uow: UnitOfWork, entity: str, tag_ids: Iterable[UUID], entity_ids: Iterable[UUID]) -> set[UUID]:
    """Give each of many things each of the tags, in one statement; returns the things that lacked one."""
    return await repository.add_links(uow, entity, tag_ids, entity_ids)


async def remove(uow: UnitOfWork, entity: str, tag_ids: Iterable[UUID], entity_ids: Iterable[UUID]) -> set[UUID]:
    """Take each of the tags from each of many things, in one statement; returns the things that had one."""
    return await repository.remove_links(uow, entity, tag_ids, entity_ids)


async def assign(uow: UnitOfWork, entity: str, wanted: Mapping[UUID, Iterable[UUID]]) -> None:
    """Give each of many things exactly its tags, in one statement: `wanted` has their ids by that of the thing."""
    await repository.assign(uow, entity, wanted)


async def tags_of(uow: UnitOfWork, entity: str, entity_ids: Iterable[UUID]) -> dict[UUID, list[Label]]:
    """Return the tags and groups of many things by name, in one statement; things without any have an empty list."""
    found: dict[UUID, list[Label]] = {entity_id: [] for entity_id in entity_ids}
    for row in await repository.tags_of(uow, entity, found):
        found[row["entity_id"]].append(_label(row))
    return found


def _label(row: Row) -> Label:
    return Label(row["id"], row["kind"], row["name"], row["colour"])
