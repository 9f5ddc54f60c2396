"""Every statement about API keys. A person sees their own; those of services are everybody's who may manage them."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from mainstay.modules.identity.repository.factors import OF_BEARER
from mainstay.modules.identity.repository.reach import FOUND, REACH
from mainstay.work import Row, UnitOfWork

COLUMNS = "id, name, hint, person_id, permissions, created_at, expires_at, last_used_at"

ADD = f"""
INSERT INTO identity_api_key (id, digest, person_id, name, hint, permissions, created_by, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, now() + $8::interval) ON CONFLICT (id) DO NOTHING RETURNING {COLUMNS}
"""  # noqa: S608  constants

LIST = f"""
SELECT {COLUMNS} FROM identity_api_key WHERE person_id IS NOT DISTINCT FROM $1
ORDER BY created_at DESC, id DESC LIMIT $2
"""  # noqa: S608  constants

COUNT = "SELECT count(*) FROM identity_api_key WHERE person_id IS NOT DISTINCT FROM $1"

RENAME = f"""
UPDATE identity_api_key SET name = $3 WHERE id = $1 AND person_id IS NOT DISTINCT FROM $2 RETURNING {COLUMNS}
"""  # noqa: S608  constants

REVOKE = f"""
DELETE FROM identity_api_key WHERE id = $1 AND person_id IS NOT DISTINCT FROM $2 RETURNING {COLUMNS}
"""  # noqa: S608  constants

# In one statement: whose it is, and that the key was used, written at most once per $2.
USE = f"""
WITH found AS (
    SELECT key.id, key.name AS key_name, key.permissions AS chosen, key.person_id, person.name, person.role,
           role.permissions, role.known_permissions, {OF_BEARER} AS factor, {REACH},
           coalesce(key.last_used_at < clock_timestamp() - $2::interval, true) AS is_stale
    FROM identity_api_key AS key LEFT JOIN identity_person AS person ON person.id = key.person_id
    LEFT JOIN identity_role AS role ON role.key = person.role
    WHERE key.digest = $1 AND key.expires_at > clock_timestamp() AND (key.person_id IS NULL OR person.is_active)
), touched AS (
    UPDATE identity_api_key SET last_used_at = clock_timestamp() WHERE id = (SELECT id FROM found WHERE is_stale)
)
SELECT id, key_name, chosen, person_id, name, role, permissions, known_permissions, factor, {FOUND} FROM found
"""  # noqa: S608  constants


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key about to be made; `person_id` is null for a service's."""

    id: UUID
    person_id: UUID | None
    name: str
    permissions: tuple[str, ...]
    lifetime: timedelta


async def revoke_all_of(uow: UnitOfWork, person_id: UUID) -> None:
    """Delete all keys of a person."""
    await uow.write("DELETE FROM identity_api_key WHERE person_id = $1", person_id)


async def add(uow: UnitOfWork, key: NewKey, digest: bytes, hint: str) -> Row | None:
    """Add a key; None when its id is taken."""
    rights = list(key.permissions)
    return await uow.write_row(ADD, key.id, digest, key.person_id, key.name, hint, rights, uow.actor.id, key.lifetime)


async def all_of(uow: UnitOfWork, person_id: UUID | None, limit: int) -> list[Row]:
    """Return up to `limit` keys of a person, or of services, the newest first."""
    return await uow.read(LIST, person_id, limit)


async def count(uow: UnitOfWork, person_id: UUID | None) -> int:
    """Return how many keys a person has, or how many there are for services."""
    return int(await uow.read_value(COUNT, person_id))


async def rename(uow: UnitOfWork, key_id: UUID, person_id: UUID | None, name: str) -> Row | None:
    """Give a key another name; None when there is none."""
    return await uow.write_row(RENAME, key_id, person_id, name)


async def revoke(uow: UnitOfWork, key_id: UUID, person_id: UUID | None) -> Row | None:
    """Delete a key; None when there is none."""
    return await uow.write_row(REVOKE, key_id, person_id)


async def use(uow: UnitOfWork, digest: bytes, touch: timedelta) -> Row | None:
    """Find a living key and whose it is."""
    return await uow.write_apart(USE, digest, touch)
