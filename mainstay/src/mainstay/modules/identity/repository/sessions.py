"""Every statement about sessions. Moments are the database's, so that all processes agree on them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from mainstay.modules.identity.repository.factors import HAS_ANY, MUST_HAVE
from mainstay.modules.identity.repository.people import hold_person
from mainstay.modules.identity.repository.reach import FOUND, REACH
from mainstay.work import Row, UnitOfWork

ADD_SESSION = """
INSERT INTO identity_session (
    id, token_digest, person_id, expires_at, address, user_agent, ends_with_browser, station_id
)
VALUES ($1, $2, $3, now() + $4::interval, $5, $6, $7, $8) RETURNING expires_at
"""

# In one statement: who it is, what their role holds, and that the session was used, written at most once per $3. A
# second factor, or the password of those who have none, is fresh for as long as $4 after it was given.
# One that began by a PIN ends unused after $5.
USE_SESSION = f"""
WITH found AS (
    SELECT session.id, session.expires_at, station.id AS station_id, station.place_id,
           session.last_seen_at < clock_timestamp() - CASE
               WHEN station.id IS NULL THEN $3::interval ELSE least($3::interval, $5::interval / 10)
           END AS is_stale,
           person.id AS person_id, person.name, person.email, person.role, role.permissions, role.known_permissions,
           CASE
               WHEN {HAS_ANY}
               THEN CASE WHEN session.factor_at > clock_timestamp() - $4::interval THEN 'fresh' ELSE 'stale' END
               WHEN {MUST_HAVE} THEN 'lacking'
               WHEN coalesce(session.factor_at, session.created_at) > clock_timestamp() - $4::interval
               THEN 'none' ELSE 'stale'
           END AS factor, {REACH}
    FROM identity_session AS session JOIN identity_person AS person ON person.id = session.person_id
    JOIN identity_role AS role ON role.key = person.role
    LEFT JOIN identity_station AS station ON station.id = session.station_id
    WHERE session.token_digest = $1 AND person.is_active AND session.expires_at > clock_timestamp()
      AND session.last_seen_at > clock_timestamp()
          - CASE WHEN station.id IS NULL THEN $2::interval ELSE least($2::interval, $5::interval) END
), touched AS (
    UPDATE identity_session SET last_seen_at = clock_timestamp()
    WHERE id = (SELECT id FROM found WHERE is_stale)
)
SELECT id, expires_at, station_id, place_id, person_id, name, email, role, permissions, known_permissions, factor,
       {FOUND}
FROM found
"""  # noqa: S608  constants

END_SESSION = "DELETE FROM identity_session WHERE token_digest = $1 RETURNING id, person_id"

OTHER_DIGEST = """
UPDATE identity_session SET token_digest = $2 WHERE id = $1 RETURNING expires_at, ends_with_browser
"""
LIVING = """
SELECT id, address, user_agent, ends_with_browser, created_at, last_seen_at FROM identity_session
WHERE person_id = $1 AND expires_at > now() AND last_seen_at > now() - $2::interval
ORDER BY last_seen_at DESC, id LIMIT 100
"""
END_ONE = "DELETE FROM identity_session WHERE id = $1 AND person_id = $2 RETURNING id"
END_SESSIONS = "DELETE FROM identity_session WHERE person_id = $1 AND id IS DISTINCT FROM $2"


@dataclass(frozen=True, slots=True)
class Browser:
    """What a browser says of itself, and whether its session ends with it: then the cookie is not kept."""

    address: str = ""
    user_agent: str = ""
    ends_with_browser: bool = False


@dataclass(frozen=True, slots=True)
class SessionKey:
    """What a session is known by, and the shared device that it belongs to when it began by a PIN."""

    id: UUID
    digest: bytes
    station_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Spans:
    """For how long a session lives unused (`pin_idle`: one that began by a PIN), how exactly its use is recorded, and
    how long a second factor is fresh.
    """

    idle: timedelta
    pin_idle: timedelta
    touch: timedelta
    fresh: timedelta


async def add_session(
    uow: UnitOfWork, key: SessionKey, person_id: UUID, lifetime: timedelta, browser: Browser
) -> datetime:
    """Add a session; return when it ends at the latest."""
    told = (browser.address, browser.user_agent, browser.ends_with_browser, key.station_id)
    rows = await uow.write(ADD_SESSION, key.id, key.digest, person_id, lifetime, *told)
    moment: datetime = rows[0]["expires_at"]
    return moment


async def use_session(uow: UnitOfWork, digest: bytes, spans: Spans) -> Row | None:
    """Find the living session of a token and the person behind it."""
    return await uow.write_apart(USE_SESSION, digest, spans.idle, spans.touch, spans.fresh, spans.pin_idle)


async def end_session(uow: UnitOfWork, digest: bytes) -> Row | None:
    """Delete the session of a token; None when there is none."""
    return await uow.write_row(END_SESSION, digest)


async def end_sessions(uow: UnitOfWork, person_id: UUID, keep: UUID | None) -> None:
    """Delete the sessions of a person but `keep`, and let none begin on what was known of the person before."""
    await hold_person(uow, person_id)
    await uow.write(END_SESSIONS, person_id, keep)


async def end_station_sessions(uow: UnitOfWork, person_id: UUID) -> None:
    """Delete the sessions that a person began by a PIN."""
    await uow.write("DELETE FROM identity_session WHERE person_id = $1 AND station_id IS NOT NULL", person_id)


async def change_token(uow: UnitOfWork, session_id: UUID, digest: bytes) -> Row | None:
    """Put a session under another token; None when it has ended."""
    return await uow.write_row(OTHER_DIGEST, session_id, digest)


async def living_sessions(uow: UnitOfWork, person_id: UUID, idle: timedelta) -> list[Row]:
    """Return the sessions of a person that can still be used, the one used last first."""
    return await uow.read(LIVING, person_id, idle)


async def end_one(uow: UnitOfWork, session_id: UUID, person_id: UUID) -> bool:
    """Delete one session of a person; False when they have no such session."""
    return await uow.write_row(END_ONE, session_id, person_id) is not None
