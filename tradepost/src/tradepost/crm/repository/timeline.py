"""The story of each contact; entries are only ever added."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson

from mainstay.errors import JsonValue
from mainstay.work import Row, UnitOfWork

_ADD = """
INSERT INTO crm_timeline (contact_id, version, what, details, actor_id, actor_name)
SELECT contact_id, version, what, details, $2, $3
FROM json_to_recordset($1::json) AS record (contact_id uuid, version integer, what text, details jsonb)
ORDER BY contact_id
"""
_PAGE = """
SELECT
    entry.id, contact_id, CASE WHEN contact_id <> $1 THEN contact.name END AS contact_name, entry.version, what,
    details, actor_name, happened_at
FROM crm_timeline AS entry JOIN crm_contact AS contact ON contact.id = contact_id
WHERE (contact.id = $1 OR contact.merged_into = $1) AND entry.id < $2 ORDER BY entry.id DESC LIMIT $3
"""
_COUNT = """
SELECT count(*) FROM crm_timeline AS entry JOIN crm_contact AS contact ON contact.id = contact_id
WHERE contact.id = $1 OR contact.merged_into = $1
"""
_SINCE = """
SELECT what, details, actor_name, happened_at FROM crm_timeline WHERE contact_id = $1 AND version > $2 ORDER BY id
"""
# The newest entry has no successor to page from.
NEWEST = 2**62


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened to a contact, and the version that it made."""

    contact_id: UUID
    version: int
    what: str
    details: dict[str, JsonValue]


async def add(uow: UnitOfWork, entries: Sequence[Entry]) -> None:
    """Write what happened to contacts, in one statement."""
    await uow.write(_ADD, orjson.dumps(entries, default=str).decode(), uow.actor.id, uow.actor.name)


async def page(uow: UnitOfWork, contact_id: UUID, before: int, limit: int) -> list[Row]:
    """Return entries of a contact, and of those that were merged into it, older than `before`, newest first."""
    return await uow.read(_PAGE, contact_id, before, limit)


async def count(uow: UnitOfWork, contact_id: UUID) -> int:
    """Return how many entries a contact has, with those of the contacts that were merged into it."""
    return int(await uow.read_value(_COUNT, contact_id))


async def since(uow: UnitOfWork, contact_id: UUID, version: int) -> list[Row]:
    """Return what happened after a version was made, in its order."""
    return await uow.read(_SINCE, contact_id, version)
