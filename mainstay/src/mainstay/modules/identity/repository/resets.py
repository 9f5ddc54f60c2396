"""Every statement about links that reset a password. Moments are the database's, so that all processes agree."""

from datetime import datetime, timedelta
from uuid import UUID

from mainstay.work import Row, UnitOfWork

PUT = """
INSERT INTO identity_reset (id, token_digest, person_id, created_by, expires_at)
VALUES ($1, $2, $3, $4, now() + $5::interval)
ON CONFLICT (person_id) DO UPDATE
SET id = excluded.id, token_digest = excluded.token_digest, created_by = excluded.created_by, created_at = now(),
    expires_at = excluded.expires_at
RETURNING expires_at
"""

FIND = """
SELECT reset.person_id, reset.expires_at, reset.created_by, person.name, person.email, person.role, person.place_ids,
       person.password_changed_at
FROM identity_reset AS reset JOIN identity_person AS person ON person.id = reset.person_id
WHERE reset.token_digest = $1 AND reset.expires_at > now() AND person.is_active
"""

REMOVE_OF = "DELETE FROM identity_reset WHERE person_id = $1"

ASK = "INSERT INTO identity_reset_request (id, email_key) VALUES ($1, $2)"

TAKE_REQUEST = "DELETE FROM identity_reset_request WHERE id = $1 RETURNING email_key"

FORGET_REQUESTS = "DELETE FROM identity_reset_request WHERE email_key = $1"

TAKE = "DELETE FROM identity_reset WHERE token_digest = $1 AND expires_at > now() RETURNING person_id"


async def put(uow: UnitOfWork, key: UUID, digest: bytes, person_id: UUID, lifetime: timedelta) -> datetime:
    """Make a person's link, or replace it; return until when it works."""
    rows = await uow.write(PUT, key, digest, person_id, uow.actor.id, lifetime)
    moment: datetime = rows[0]["expires_at"]
    return moment


async def find(uow: UnitOfWork, digest: bytes) -> Row | None:
    """Find whom a token that still works is for."""
    return await uow.read_row(FIND, digest)


async def take(uow: UnitOfWork, digest: bytes) -> Row | None:
    """Use a token up; None when it was used meanwhile."""
    return await uow.write_row(TAKE, digest)


async def remove_of(uow: UnitOfWork, person_id: UUID) -> None:
    """Delete the link by which a person would set a new password."""
    await uow.write(REMOVE_OF, person_id)


async def ask(uow: UnitOfWork, key: UUID, email_key: str) -> None:
    """Keep a request for a link until it is answered."""
    await uow.write(ASK, key, email_key)


async def take_request(uow: UnitOfWork, key: UUID) -> Row | None:
    """Return the address of a request, as it is compared, and delete it; None when it was answered before."""
    return await uow.write_row(TAKE_REQUEST, key)


async def forget_requests(uow: UnitOfWork, email_key: str) -> None:
    """Delete the requests for an address."""
    await uow.write(FORGET_REQUESTS, email_key)
