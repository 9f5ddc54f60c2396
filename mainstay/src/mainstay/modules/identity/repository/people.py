"""Every statement about people."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mainstay.work import Row, UnitOfWork

HAS_OWNER = "SELECT EXISTS (SELECT FROM identity_person WHERE role = 'owner')"

ADD_PERSON = """
INSERT INTO identity_person (id, email, email_key, name, role, password_hash)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (email_key) DO NOTHING RETURNING id
"""

PERSON_BY_EMAIL = """
SELECT id, email, name, role, password_hash FROM identity_person WHERE email_key = $1 AND is_active
"""

CHANGE_HASH = """
UPDATE identity_person SET password_hash = $3, version = version + 1, updated_at = now()
WHERE id = $1 AND password_hash = $2
"""

PEOPLE = """
SELECT id, name, email, role, is_active, created_at FROM identity_person
WHERE $1::timestamptz IS NULL OR (created_at, id) > ($1, $2) ORDER BY created_at, id LIMIT $3
"""


@dataclass(frozen=True, slots=True)
class Identified:
    """A person who has proven who they are."""

    id: UUID
    name: str
    email: str
    role: str


async def has_owner(uow: UnitOfWork) -> bool:
    """Whether somebody owns the program."""
    return bool(await uow.read_value(HAS_OWNER))


async def add_person(uow: UnitOfWork, person: Identified, email_key: str, password_hash: str) -> bool:
    """Add a person, whose e-mail is compared by `email_key`; False when it is taken."""
    new = person
    return bool(await uow.write(ADD_PERSON, new.id, new.email, email_key, new.name, new.role, password_hash))


async def is_email_taken(uow: UnitOfWork, email_key: str) -> bool:
    """Whether somebody with this e-mail is here, active or not."""
    return bool(await uow.read("SELECT id FROM identity_person WHERE email_key = $1", email_key))


async def person_by_email(uow: UnitOfWork, email_key: str) -> Row | None:
    """Find the active person with an e-mail."""
    return await uow.read_row(PERSON_BY_EMAIL, email_key)


async def change_hash(uow: UnitOfWork, person_id: UUID, old: str, new: str) -> None:
    """Replace a person's hash, unless somebody replaced the old one meanwhile."""
    await uow.write(CHANGE_HASH, person_id, old, new)


async def people(uow: UnitOfWork, after: tuple[datetime, UUID] | None, limit: int) -> tuple[list[Row], int]:
    """Return up to `limit` people after a (joined, id), oldest first, and how many there are in all."""
    moment, key = after or (None, None)
    rows = await uow.read(PEOPLE, moment, key, limit)
    return rows, await uow.read_value("SELECT count(*) FROM identity_person")
