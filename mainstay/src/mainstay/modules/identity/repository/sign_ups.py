"""Every statement about people who signed up by themselves. Moments are the database's, so that all processes agree."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from mainstay.work import Row, UnitOfWork

ADD = """
INSERT INTO identity_sign_up (id, email, email_key, name, password_hash, language, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, now() + $7::interval)
"""

UNANSWERED = """
SELECT id, email, email_key, name, language, expires_at FROM identity_sign_up
WHERE id = $1 AND token_digest IS NULL AND confirmed_at IS NULL FOR UPDATE
"""

HOLDER = "SELECT id, email, name FROM identity_person WHERE email_key = $1"

WAITING_UNDER = """
SELECT email, name, language FROM identity_sign_up WHERE email_key = $1 AND confirmed_at IS NOT NULL
"""

GIVE_LINK = "UPDATE identity_sign_up SET token_digest = $2 WHERE id = $1"

OPEN = """
SELECT id, email, email_key, name, password_hash, expires_at FROM identity_sign_up
WHERE token_digest = $1 AND expires_at > now() AND confirmed_at IS NULL
"""

CONFIRM = """
UPDATE identity_sign_up SET confirmed_at = now(), token_digest = NULL
WHERE token_digest = $1 AND expires_at > now() AND confirmed_at IS NULL
  AND NOT EXISTS (SELECT FROM identity_person WHERE identity_person.email_key = identity_sign_up.email_key)
RETURNING id
"""

REMOVE_UNCONFIRMED = "DELETE FROM identity_sign_up WHERE email_key = $1 AND confirmed_at IS NULL"

TAKE = """
DELETE FROM identity_sign_up WHERE id = $1 AND confirmed_at IS NOT NULL
RETURNING id, email, email_key, name, password_hash, language
"""

# Before it, by the order in which people wait.
FIRST_WITHIN = """
SELECT NOT EXISTS (
    SELECT FROM identity_sign_up AS earlier
    WHERE (earlier.confirmed_at, earlier.id) < (this.confirmed_at, this.id)
      AND earlier.confirmed_at > this.confirmed_at - $2::interval
) FROM identity_sign_up AS this WHERE this.id = $1 AND this.confirmed_at IS NOT NULL
"""

WAITING = """
SELECT id, email, name, created_at, confirmed_at FROM identity_sign_up
WHERE confirmed_at IS NOT NULL AND ($1::timestamptz IS NULL OR (confirmed_at, id) > ($1, $2))
ORDER BY confirmed_at, id LIMIT $3
"""


@dataclass(frozen=True, slots=True)
class NewSignUp:
    """Somebody who wants to join, with their password's hash and the language in which they asked."""

    id: UUID
    name: str
    email: str
    email_key: str
    password_hash: str
    language: str


async def add(uow: UnitOfWork, new: NewSignUp, lifetime: timedelta) -> None:
    """Keep somebody who wants to join until they confirm their address, for so long."""
    who = (new.email, new.email_key, new.name, new.password_hash, new.language)
    await uow.write(ADD, new.id, *who, lifetime)


async def hold_unanswered(uow: UnitOfWork, key: UUID) -> Row | None:
    """Find a sign-up for which no mail was written yet, and keep others from it."""
    return await uow.write_row(UNANSWERED, key)


async def holder(uow: UnitOfWork, email_key: str) -> Row | None:
    """Find the person, active or not, who has an address."""
    return await uow.read_row(HOLDER, email_key)


async def waiting_under(uow: UnitOfWork, email_key: str) -> Row | None:
    """Find who waits for approval under an address."""
    return await uow.read_row(WAITING_UNDER, email_key)


async def give_link(uow: UnitOfWork, key: UUID, digest: bytes) -> None:
    """Remember the link by which an address is confirmed."""
    await uow.write(GIVE_LINK, key, digest)


async def find(uow: UnitOfWork, digest: bytes) -> Row | None:
    """Find whose address a token that still works confirms."""
    return await uow.read_row(OPEN, digest)


async def confirm(uow: UnitOfWork, digest: bytes) -> bool:
    """Use a token up; False when it was used meanwhile, or somebody with the address is here or waits already."""
    try:
        return await uow.write_row(CONFIRM, digest) is not None
    except asyncpg.UniqueViolationError:
        return False


async def remove_unconfirmed(uow: UnitOfWork, email_key: str) -> None:
    """Delete who signed up under an address and did not confirm it."""
    await uow.write(REMOVE_UNCONFIRMED, email_key)


async def remove_of(uow: UnitOfWork, email_key: str) -> None:
    """Delete every sign-up under an address, because its person is here, or leaves for good."""
    await uow.write("DELETE FROM identity_sign_up WHERE email_key = $1", email_key)


async def remove(uow: UnitOfWork, key: UUID) -> None:
    """Delete a sign-up."""
    await uow.write("DELETE FROM identity_sign_up WHERE id = $1", key)


async def take(uow: UnitOfWork, key: UUID) -> Row | None:
    """Return and delete who waits; None when somebody decided meanwhile."""
    return await uow.write_row(TAKE, key)


async def waiting(uow: UnitOfWork, after: tuple[datetime, UUID] | None, limit: int) -> list[Row]:
    """Return up to `limit` who wait, after a (confirmed, id), who has waited longest first."""
    moment, key = after or (None, None)
    return await uow.read(WAITING, moment, key, limit)


async def is_first_within(uow: UnitOfWork, key: UUID, period: timedelta) -> bool:
    """Say whether somebody waits, and nobody who began to wait in the `period` before them."""
    return bool(await uow.read_value(FIRST_WITHIN, key, period))
