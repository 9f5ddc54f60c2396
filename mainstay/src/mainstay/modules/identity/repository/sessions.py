"""Every statement about sessions. Moments are the database's, so that all processes agree on them."""

from datetime import datetime, timedelta
from uuid import UUID

from mainstay.work import Row, UnitOfWork

ADD_SESSION = """
INSERT INTO identity_session (id, token_digest, person_id, expires_at)
VALUES ($1, $2, $3, now() + $4::interval) RETURNING expires_at
"""

# In one statement: who it is, and that the session was used, written at most once per $3. A second factor is fresh for
# as long as $4 after it was given.
USE_SESSION = """
WITH found AS (
    SELECT session.id, session.expires_at, session.last_seen_at < clock_timestamp() - $3::interval AS is_stale,
           person.id AS person_id, person.name, person.email, person.role,
           CASE
               WHEN EXISTS (SELECT FROM identity_totp AS totp
                            WHERE totp.person_id = person.id AND totp.confirmed_at IS NOT NULL)
                 OR EXISTS (SELECT FROM identity_passkey AS passkey WHERE passkey.person_id = person.id)
               THEN CASE WHEN session.factor_at > clock_timestamp() - $4::interval THEN 'fresh' ELSE 'stale' END
               WHEN EXISTS (SELECT FROM identity_factor_policy AS policy WHERE policy.role = person.role)
               THEN 'lacking' ELSE 'none'
           END AS factor
    FROM identity_session AS session JOIN identity_person AS person ON person.id = session.person_id
    WHERE session.token_digest = $1 AND person.is_active AND session.expires_at > clock_timestamp()
      AND session.last_seen_at > clock_timestamp() - $2::interval
), touched AS (
    UPDATE identity_session SET last_seen_at = clock_timestamp()
    WHERE id = (SELECT id FROM found WHERE is_stale)
)
SELECT id, expires_at, person_id, name, email, role, factor FROM found
"""

END_SESSION = "DELETE FROM identity_session WHERE token_digest = $1 RETURNING id, person_id"

# Whoever signs in holds the same row while the session is added (see `people.hold_person`).
HOLD_PERSON = "SELECT id FROM identity_person WHERE id = $1 FOR NO KEY UPDATE"
END_SESSIONS = "DELETE FROM identity_session WHERE person_id = $1 AND id IS DISTINCT FROM $2"


async def add_session(uow: UnitOfWork, key: tuple[UUID, bytes], person_id: UUID, lifetime: timedelta) -> datetime:
    """Add a session under its (id, token digest); return when it ends at the latest."""
    rows = await uow.write(ADD_SESSION, *key, person_id, lifetime)
    moment: datetime = rows[0]["expires_at"]
    return moment


async def use_session(
    uow: UnitOfWork, digest: bytes, idle: timedelta, touch: timedelta, fresh: timedelta
) -> Row | None:
    """Find the living session of a token and the person behind it."""
    return await uow.write_apart(USE_SESSION, digest, idle, touch, fresh)


async def end_session(uow: UnitOfWork, digest: bytes) -> Row | None:
    """Delete the session of a token; None when there is none."""
    return await uow.write_row(END_SESSION, digest)


async def end_sessions(uow: UnitOfWork, person_id: UUID, keep: UUID | None) -> None:
    """Delete the sessions of a person but `keep`, and let none begin on what was known of the person before."""
    await uow.write(HOLD_PERSON, person_id)
    await uow.write(END_SESSIONS, person_id, keep)
