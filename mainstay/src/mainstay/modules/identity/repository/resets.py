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
SELECT reset.person_id, reset.expires_at, person.name, person.email, person.role, person.password_changed_at
FROM identity_reset AS reset JOIN identity_person AS person ON person.id = reset.person_id
WHERE reset.token_digest = $1 AND reset.expires_at > now() AND person.is_active
"""

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
