"""Every statement of identity. Moments are the database's, so that all processes agree on them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from mainstay.work import Row, UnitOfWork

HAS_OWNER = "SELECT EXISTS (SELECT FROM identity_person WHERE role = 'owner')"

# One row is ever the first owner's: a new link replaces the old one while there is no owner.
PUT_OWNER_LINK = """
INSERT INTO identity_invitation (id, token_digest, is_first_owner, role, expires_at)
SELECT $1, $2, true, 'owner', now() + $3::interval
WHERE NOT EXISTS (SELECT FROM identity_person WHERE role = 'owner')
ON CONFLICT (is_first_owner) WHERE is_first_owner DO UPDATE
SET token_digest = excluded.token_digest, created_at = now(), expires_at = excluded.expires_at
WHERE identity_invitation.accepted_at IS NULL
RETURNING id, expires_at
"""

PUT_INVITATION = """
INSERT INTO identity_invitation AS present (id, token_digest, role, name, email, created_by, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, now() + $7::interval)
ON CONFLICT (id) DO UPDATE SET token_digest = excluded.token_digest, expires_at = excluded.expires_at
WHERE present.accepted_at IS NULL
  AND (present.role, present.name, present.email, present.created_by)
    = (excluded.role, excluded.name, excluded.email, excluded.created_by)
RETURNING id, expires_at
"""

OPEN_INVITATION = """
SELECT id, role, name, email, expires_at, is_first_owner FROM identity_invitation
WHERE token_digest = $1 AND accepted_at IS NULL AND expires_at > now()
"""

ACCEPT_INVITATION = "UPDATE identity_invitation SET accepted_at = now(), accepted_by = $2 WHERE id = $1"

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

PEOPLE = """
SELECT id, name, email, role, is_active, created_at FROM identity_person
WHERE $1::timestamptz IS NULL OR (created_at, id) > ($1, $2) ORDER BY created_at, id LIMIT $3
"""

FORGET = """
WITH attempts AS (DELETE FROM identity_attempt WHERE attempted_at < now() - interval '1 day'),
sessions AS (DELETE FROM identity_session WHERE expires_at < now() OR last_seen_at < now() - $1::interval)
DELETE FROM identity_invitation
WHERE accepted_at IS NULL AND NOT is_first_owner AND expires_at < now() - interval '30 days'
"""


@dataclass(frozen=True, slots=True)
class Identified:
    """A person who has proven who they are."""

    id: UUID
    name: str
    email: str
    role: str


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """An invitation about to be made."""

    id: UUID
    role: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class AttemptLimits:
    """How many wrong sign-ins within the `window` an account and an address may have."""

    window: timedelta
    per_account: int
    per_address: int


async def has_owner(uow: UnitOfWork) -> bool:
    """Whether somebody owns the program."""
    return bool(await uow.read_value(HAS_OWNER))


async def put_owner_link(uow: UnitOfWork, invitation_id: UUID, digest: bytes, lifetime: timedelta) -> Row | None:
    """Make the first owner's link, or replace it; None when there is an owner."""
    return await uow.write_row(PUT_OWNER_LINK, invitation_id, digest, lifetime)


async def put_invitation(uow: UnitOfWork, invitation: NewInvitation, digest: bytes, lifetime: timedelta) -> Row | None:
    """Add an invitation of the actor's, or renew the equal one; None when the id is another's."""
    new = invitation
    return await uow.write_row(PUT_INVITATION, new.id, digest, new.role, new.name, new.email, uow.actor.id, lifetime)


async def open_invitation(uow: UnitOfWork, digest: bytes) -> Row | None:
    """Find the invitation that a token still opens."""
    return await uow.read_row(OPEN_INVITATION, digest)


async def hold_invitation(uow: UnitOfWork, digest: bytes) -> Row | None:
    """Find the invitation that a token still opens, and keep others from it until this work ends."""
    # Whoever waited for the row here sees it accepted, and so does not find it.
    return await uow.write_row(f"{OPEN_INVITATION} FOR UPDATE", digest)


async def accept_invitation(uow: UnitOfWork, invitation_id: UUID, person_id: UUID) -> None:
    """Use up an invitation for a person."""
    await uow.write(ACCEPT_INVITATION, invitation_id, person_id)


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


async def begin_attempt(uow: UnitOfWork, account: bytes, address: str, limits: AttemptLimits) -> tuple[int | None, int]:
    """Count a sign-in, whatever becomes of it; return its id, or None and the seconds to wait."""
    row = await uow.write_apart(
        "SELECT attempt_id, retry_after FROM identity_begin_attempt($1, $2, $3, $4, $5)",
        account,
        address,
        limits.window,
        limits.per_account,
        limits.per_address,
    )
    return (None, 1) if row is None else (row["attempt_id"], row["retry_after"] or 0)


async def forget_attempt(uow: UnitOfWork, attempt_id: int) -> None:
    """Take a sign-in that was right out of the count."""
    await uow.write("DELETE FROM identity_attempt WHERE id = $1", attempt_id)


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


async def people(uow: UnitOfWork, after: tuple[datetime, UUID] | None, limit: int) -> tuple[list[Row], int]:
    """Return up to `limit` people after a (joined, id), oldest first, and how many there are in all."""
    moment, key = after or (None, None)
    rows = await uow.read(PEOPLE, moment, key, limit)
    return rows, await uow.read_value("SELECT count(*) FROM identity_person")


async def forget_the_old(uow: UnitOfWork, idle: timedelta) -> None:
    """Delete ended sessions, old attempts and invitations that nobody took up."""
    await uow.write(FORGET, idle)
