"""Every statement about sessions. Moments are the database's, so that all processes agree on them."""

from datetime import datetime, timedelta
from uuid import UUID

from mainstay.work import Row, UnitOfWork

ADD_SESSION = """
INSERT INTO identity_session (id, token_digest, person_id, expires_at)
VALUES ($1, $2, $3, now() + $4::interval) RETURNING expires_at
"""

# In one statement: who it is, and that the session was used, written at most once per $3.
USE_SESSION = """
WITH found AS (
    SELECT session.id, session.expires_at, session.last_seen_at < clock_timestamp() - $3::interval AS is_stale,
           person.id AS person_id, person.name, person.email, person.role
    FROM identity_session AS session JOIN identity_person AS person ON person.id = session.person_id
    WHERE session.token_digest = $1 AND person.is_active AND session.expires_at > clock_timestamp()
      AND session.last_seen_at > clock_timestamp() - $2::interval
), touched AS (
    UPDATE identity_session SET last_seen_at = clock_timestamp()
    WHERE id = (SELECT id FROM found WHERE is_stale)
)
SELECT id, expires_at, person_id, name, email, role FROM found
"""

END_SESSION = "DELETE FROM identity_session WHERE token_digest = $1 RETURNING id, person_id"


async def add_session(uow: UnitOfWork, key: tuple[UUID, bytes], person_id: UUID, lifetime: timedelta) -> datetime:
    """Add a session under its (id, token digest); return when it ends at the latest."""
    rows = await uow.write(ADD_SESSION, *key, person_id, lifetime)
    moment: datetime = rows[0]["expires_at"]
    return moment


async def use_session(uow: UnitOfWork, digest: bytes, idle: timedelta, touch: timedelta) -> Row | None:
    """Find the living session of a token and the person behind it."""
    return await uow.write_apart(USE_SESSION, digest, idle, touch)


async def end_session(uow: UnitOfWork, digest: bytes) -> Row | None:
    """Delete the session of a token; None when there is none."""
    return await uow.write_row(END_SESSION, digest)
