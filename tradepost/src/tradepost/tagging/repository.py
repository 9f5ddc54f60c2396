"""Every statement of the tagging module."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson

from mainstay.versioned import Versioned, forget
from mainstay.work import Row, UnitOfWork
from tradepost.tagging.schemas import Colour, TagIn, TagKind, name_key

_LIST = """
SELECT tag.id, tag.kind, tag.name, tag.colour, tag.version, coalesce(counted.counts, '{}') AS counts
FROM tagging_tag AS tag
LEFT JOIN (
    SELECT tag_id, json_object_agg(entity, number) AS counts
    FROM (SELECT tag_id, entity, count(*) AS number FROM tagging_link GROUP BY tag_id, entity) AS each
    GROUP BY tag_id
) AS counted ON counted.tag_id = tag.id
ORDER BY tag.name_key, tag.id
"""
_ONE = """
SELECT
    tag.id, tag.kind, tag.name, tag.colour, tag.version,
    (SELECT count(*) FROM tagging_link WHERE tag_id = tag.id) AS count
FROM tagging_tag AS tag WHERE tag.id = $1
"""
_LOCK = "SELECT id, kind, name, name_key, colour, version FROM tagging_tag WHERE id = $1 FOR UPDATE"
_NAMED = "SELECT id, kind, name, name_key, colour FROM tagging_tag WHERE kind = $1 AND name_key = ANY ($2)"
_PRESENT = "SELECT id FROM tagging_tag WHERE id = ANY ($1)"
_NUMBER = "SELECT count(*) FROM tagging_tag"
# In the order of their keys, so that two who make the same words never wait for each other.
_ADD = """
INSERT INTO tagging_tag (id, kind, name, name_key, colour)
SELECT id, $2, name, name_key, $3
FROM json_to_recordset($1::json) AS record (id uuid, name text, name_key text)
ORDER BY name_key
ON CONFLICT DO NOTHING RETURNING id, kind, name, name_key, colour
"""
VERSIONED = Versioned("tagging.tag", "tagging_tag", {"name": "record.name", "colour": "record.colour"})
_CHANGE = f"""
WITH {VERSIONED.keeping("record.id = $1")}
UPDATE tagging_tag SET name = $2, name_key = $3, colour = $4, version = version + 1 WHERE id = $1
"""  # noqa: S608  constants
_DELETE = "DELETE FROM tagging_tag WHERE id = $1"
_TAGS_OF = """
SELECT entity_id, tag_id AS id, kind, name, colour FROM tagging_tagged
WHERE entity = $1 AND entity_id = ANY ($2) ORDER BY name_key, tag_id
"""
_ADD_LINKS = """
INSERT INTO tagging_link (tag_id, entity, entity_id)
SELECT tag_id, $1, entity_id
FROM unnest($2::uuid[]) AS tag_id CROSS JOIN unnest($3::uuid[]) AS entity_id
ORDER BY tag_id, entity_id
ON CONFLICT DO NOTHING RETURNING entity_id
"""
_REMOVE_LINKS = """
DELETE FROM tagging_link WHERE entity = $1 AND tag_id = ANY ($2) AND entity_id = ANY ($3) RETURNING entity_id
"""
_ASSIGN = """
WITH wanted AS (
    SELECT entity_id, tag_id FROM json_to_recordset($2::json) AS record (entity_id uuid, tag_id uuid)
),
gone AS (
    DELETE FROM tagging_link AS link
    WHERE entity = $1 AND entity_id = ANY ($3)
        AND NOT EXISTS (SELECT FROM wanted WHERE wanted.entity_id = link.entity_id AND wanted.tag_id = link.tag_id)
)
INSERT INTO tagging_link (tag_id, entity, entity_id)
SELECT tag_id, $1, entity_id FROM wanted ORDER BY tag_id, entity_id
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class NewTag:
    """A tag to add, with the name it is compared by."""

    id: UUID
    name: str
    name_key: str


async def listed(uow: UnitOfWork) -> list[Row]:
    """Return all tags by name, each with the numbers of things it labels by what they are."""
    return await uow.read(_LIST)


async def one(uow: UnitOfWork, tag_id: UUID) -> Row | None:
    """Return a tag with the number of things it labels."""
    return await uow.read_row(_ONE, tag_id)


async def lock(uow: UnitOfWork, tag_id: UUID) -> Row | None:
    """Return a tag and keep others from changing it until the transaction ends."""
    return await uow.write_row(_LOCK, tag_id)


async def named(uow: UnitOfWork, kind: TagKind, keys: Iterable[str]) -> list[Row]:
    """Return the tags of a kind that have these keys."""
    return await uow.read(_NAMED, kind, list(keys))


async def present(uow: UnitOfWork, tag_ids: Iterable[UUID]) -> set[UUID]:
    """Return which of these ids tags have."""
    return {row["id"] for row in await uow.read(_PRESENT, list(tag_ids))}


async def number(uow: UnitOfWork) -> int:
    """Return how many tags and groups there are."""
    return int(await uow.read_value(_NUMBER))


async def add(uow: UnitOfWork, kind: TagKind, colour: Colour, tags: Sequence[NewTag]) -> list[Row]:
    """Add tags of one kind and return those that were new: an id or a name may be taken."""
    return await uow.write(_ADD, orjson.dumps(tags, default=str).decode(), kind, colour)


async def add_one(uow: UnitOfWork, wanted: TagIn) -> bool:
    """Add a tag; False when its id or name is taken."""
    return bool(await add(uow, wanted.kind, wanted.colour, [NewTag(wanted.id, wanted.name, name_key(wanted.name))]))


async def change(uow: UnitOfWork, tag_id: UUID, name: str, colour: str) -> None:
    """Write a locked tag and count its version up. Raises asyncpg.UniqueViolationError when the name is taken."""
    await uow.write(_CHANGE, tag_id, name, name_key(name), colour)


async def delete(uow: UnitOfWork, tag_id: UUID) -> None:
    """Delete a tag with its links."""
    await uow.write(_DELETE, tag_id)
    await forget(uow, VERSIONED, tag_id)


async def tags_of(uow: UnitOfWork, entity: str, entity_ids: Iterable[UUID]) -> list[Row]:
    """Return the tags of many things, by name."""
    return await uow.read(_TAGS_OF, entity, list(entity_ids))


async def add_links(uow: UnitOfWork, entity: str, tag_ids: Iterable[UUID], entity_ids: Iterable[UUID]) -> set[UUID]:
    """Give each of the things each of the tags, and return the things that lacked one."""
    return {row["entity_id"] for row in await uow.write(_ADD_LINKS, entity, list(tag_ids), list(entity_ids))}


async def remove_links(uow: UnitOfWork, entity: str, tag_ids: Iterable[UUID], entity_ids: Iterable[UUID]) -> set[UUID]:
    """Take each of the tags from each of the things, and return the things that had one."""
    return {row["entity_id"] for row in await uow.write(_REMOVE_LINKS, entity, list(tag_ids), list(entity_ids))}


async def assign(uow: UnitOfWork, entity: str, wanted: Mapping[UUID, Iterable[UUID]]) -> None:
    """Give each of the things exactly its tags."""
    links = [{"entity_id": key, "tag_id": tag_id} for key, tags in wanted.items() for tag_id in tags]
    await uow.write(_ASSIGN, entity, orjson.dumps(links, default=str).decode(), list(wanted))
