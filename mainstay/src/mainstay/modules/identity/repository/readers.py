"""Who a mail about an account is for."""

from uuid import UUID

from mainstay.work import Row, UnitOfWork

READER = "SELECT id, name, email, role FROM identity_person WHERE id = $1 AND email <> ''"


READERS_WITH = """
SELECT id, name, email FROM identity_person WHERE role = ANY($1) AND is_active AND email <> '' ORDER BY created_at, id
"""


async def reader(uow: UnitOfWork, person_id: UUID) -> Row | None:
    """Find a person who can be told something; None when they are gone."""
    return await uow.read_row(READER, person_id)


async def readers_with(uow: UnitOfWork, roles: list[str]) -> list[Row]:
    """Return the active people who have one of `roles`."""
    return await uow.read(READERS_WITH, roles)
