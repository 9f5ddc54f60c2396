"""Every statement by which somebody changes the record of another person."""

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from mainstay.modules.identity.errors import LastOwner
from mainstay.modules.identity.repository.people import VERSIONED
from mainstay.versioned import forget
from mainstay.work import Row, UnitOfWork

_FIELDS = "id, email, name, role, is_active, place_ids, version, created_at"

PERSON = f"SELECT {_FIELDS} FROM identity_person WHERE id = $1 AND deleted_at IS NULL"  # noqa: S608  only this file's constants

CHANGE = f"""
WITH {VERSIONED.keeping("record.id = $1 AND record.version = $2")}
UPDATE identity_person
SET name = $3, role = $4, is_active = $5, place_ids = $6, version = version + 1, updated_at = now()
WHERE id = $1 AND version = $2 AND deleted_at IS NULL RETURNING {_FIELDS}
"""  # noqa: S608  only this file's constants

# The row stays, because documents name its id; the address is free for somebody else.
DELETE = """
UPDATE identity_person
SET name = $3, email = '', email_key = 'deleted:' || id, password_hash = '', is_active = false,
    deleted_at = now(), version = version + 1, updated_at = now()
WHERE id = $1 AND version = $2 AND deleted_at IS NULL RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody else decides about a person; `place_ids` are those that they are limited to, None: to none."""

    name: str
    role: str
    is_active: bool
    place_ids: list[UUID] | None


async def person(uow: UnitOfWork, person_id: UUID) -> Row | None:
    """Find a person who was not deleted."""
    return await uow.read_row(PERSON, person_id)


async def change_person(uow: UnitOfWork, person_id: UUID, version: int, standing: Standing) -> Row | None:
    """Change a person; None when the version is not theirs any more. Raises LastOwner."""
    decided = (standing.name, standing.role, standing.is_active, standing.place_ids)
    return await _guarded(uow, CHANGE, person_id, version, *decided)


async def delete_person(uow: UnitOfWork, person_id: UUID, version: int, name: str) -> bool:
    """Leave of a person only `name`; False when the version is not theirs any more. Raises LastOwner."""
    is_gone = await _guarded(uow, DELETE, person_id, version, name) is not None
    if is_gone:
        await forget(uow, VERSIONED, person_id)
    return is_gone


async def _guarded(uow: UnitOfWork, sql: str, *values: object) -> Row | None:
    """Run a statement that the trigger `identity_keep_an_owner` may refuse."""
    try:
        return await uow.write_row(sql, *values)
    except asyncpg.RestrictViolationError as failure:
        raise LastOwner("Make somebody else an owner first.") from failure
