"""Every statement about sign-ins that wait for their second factor, and about challenges for passkeys."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from mainstay.work import Row, UnitOfWork

ADD_PENDING = """
INSERT INTO identity_pending_sign_in (token_digest, person_id, ends_with_browser, expires_at)
VALUES ($1, $2, $3, now() + $4::interval) RETURNING expires_at
"""

# Counted before the factor is checked, so that tries at the same moment are counted too.
USE_PENDING = """
UPDATE identity_pending_sign_in AS pending SET tries = tries + 1
FROM identity_person AS person
WHERE pending.token_digest = $1 AND pending.expires_at > clock_timestamp() AND pending.tries < $2
  AND person.id = pending.person_id AND person.is_active
RETURNING person.id, person.name, person.email, person.role, pending.ends_with_browser
"""

PENDING_PERSON = """
SELECT pending.person_id FROM identity_pending_sign_in AS pending
JOIN identity_person AS person ON person.id = pending.person_id
WHERE pending.token_digest = $1 AND pending.expires_at > clock_timestamp() AND person.is_active
"""

# One for each browser and purpose: a newer one takes the place of the older.
PUT_CHALLENGE = """
INSERT INTO identity_challenge (bound_to, purpose, challenge, expires_at)
VALUES ($1, $2, $3, clock_timestamp() + $4::interval)
ON CONFLICT (bound_to, purpose) DO UPDATE SET challenge = excluded.challenge, expires_at = excluded.expires_at
"""

# It is gone whatever becomes of the answer to it.
TAKE_CHALLENGE = """
WITH taken AS (
    DELETE FROM identity_challenge WHERE bound_to = $1 AND purpose = $2 RETURNING challenge, expires_at
)
SELECT challenge FROM taken WHERE expires_at > clock_timestamp()
"""

FORGET = """
WITH challenges AS (DELETE FROM identity_challenge WHERE expires_at < now()),
tries AS (DELETE FROM identity_factor_try WHERE tried_at < now() - interval '2 days'),
begun AS (
    DELETE FROM identity_totp WHERE confirmed_at IS NULL AND created_at < now() - interval '1 day'
)
DELETE FROM identity_pending_sign_in WHERE expires_at < now()
"""


@dataclass(frozen=True, slots=True)
class NewPending:
    """A sign-in whose password was right: `ends_with_browser` is what the session to come will do."""

    digest: bytes
    person_id: UUID
    ends_with_browser: bool


async def add_pending(uow: UnitOfWork, new: NewPending, lifetime: timedelta) -> datetime:
    """Add a sign-in that waits for its second factor; return when it ends."""
    rows = await uow.write(ADD_PENDING, new.digest, new.person_id, new.ends_with_browser, lifetime)
    moment: datetime = rows[0]["expires_at"]
    return moment


async def use_pending(uow: UnitOfWork, digest: bytes, most_tries: int) -> Row | None:
    """Count a try of the second step and return whose it is; None when the sign-in has ended or was tried too often."""
    return await uow.write_apart(USE_PENDING, digest, most_tries)


async def pending_person(uow: UnitOfWork, digest: bytes) -> UUID | None:
    """Return whose sign-in waits under a token."""
    person_id: UUID | None = await uow.read_value(PENDING_PERSON, digest)
    return person_id


async def end_pending(uow: UnitOfWork, digest: bytes) -> bool:
    """Delete a sign-in that waited; False when somebody else was first."""
    sql = "DELETE FROM identity_pending_sign_in WHERE token_digest = $1 RETURNING token_digest"
    return bool(await uow.write(sql, digest))


async def end_pending_of(uow: UnitOfWork, person_id: UUID) -> None:
    """Delete all sign-ins of a person that wait."""
    await uow.write("DELETE FROM identity_pending_sign_in WHERE person_id = $1", person_id)


async def put_challenge(uow: UnitOfWork, bound_to: bytes, purpose: str, challenge: bytes, lifetime: timedelta) -> None:
    """Keep a challenge for one browser and purpose."""
    await uow.write(PUT_CHALLENGE, bound_to, purpose, challenge, lifetime)


async def take_challenge(uow: UnitOfWork, bound_to: bytes, purpose: str) -> bytes | None:
    """Return the challenge of a browser and use it up; None when there is none, or its time has run out."""
    row = await uow.write_apart(TAKE_CHALLENGE, bound_to, purpose)
    return None if row is None else bytes(row["challenge"])


async def forget_the_old(uow: UnitOfWork) -> None:
    """Delete what has ended: challenges, sign-ins that waited, old tries, apps that nobody confirmed."""
    await uow.write(FORGET)
