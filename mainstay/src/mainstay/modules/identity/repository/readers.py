"""Who a mail about an account is for."""

from uuid import UUID

from mainstay.work import Row, UnitOfWork

READER = "SELECT id, name, email, role FROM identity_person WHERE id = $1 AND email <> ''"


async def reader(uow: UnitOfWork, person_id: UUID) -> Row | None:
    """Find a person who can be told something; None when they are gone."""
    return await uow.read_row(READER, person_id)
