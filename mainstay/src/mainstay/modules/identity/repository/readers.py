"""Who a mail about an account is for."""

from collections.abc import Sequence
from uuid import UUID

from mainstay.work import Row, UnitOfWork

READER = "SELECT id, name, email, role FROM identity_person WHERE id = $1 AND email <> ''"


READERS = """
SELECT id, name, email FROM identity_person WHERE id = ANY($1) AND is_active AND email <> '' ORDER BY created_at, id
"""

# Whoever is limited to other places than `$2` is told nothing of it.
READERS_AT = """
SELECT id, name, email FROM identity_person
WHERE role = ANY($1) AND is_active AND email <> '' AND (place_ids IS NULL OR $2::uuid IS NULL OR $2 = ANY(place_ids))
ORDER BY created_at, id
"""

READER_OF = "SELECT id, name, email FROM identity_person WHERE email_key = $1 AND is_active"

READERS_WITH = """
SELECT id, name, email FROM identity_person WHERE role = ANY($1) AND is_active AND email <> '' ORDER BY created_at, id
"""


async def reader(uow: UnitOfWork, person_id: UUID) -> Row | None:
    """Find a person who can be told something; None when they are gone."""
    return await uow.read_row(READER, person_id)


async def readers_with(uow: UnitOfWork, roles: list[str]) -> list[Row]:
    """Return the active people who have one of `roles`."""
    return await uow.read(READERS_WITH, roles)


async def readers_at(uow: UnitOfWork, roles: list[str], place_id: UUID | None) -> list[Row]:
    """Return the active people who have one of `roles` and reach a place; without one, wherever they are."""
    return await uow.read(READERS_AT, roles, place_id)


async def readers(uow: UnitOfWork, person_ids: Sequence[UUID]) -> list[Row]:
    """Return those of some people who are active."""
    return await uow.read(READERS, list(person_ids))


async def reader_of(uow: UnitOfWork, email_key: str) -> Row | None:
    """Find the active person with an address, as it is compared."""
    return await uow.read_row(READER_OF, email_key)
