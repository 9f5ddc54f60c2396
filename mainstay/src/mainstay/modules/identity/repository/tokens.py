"""Every statement about API clients that signed in. Moments are the database's, so that all processes agree on them."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from mainstay.modules.identity.repository.factors import OF_BEARER
from mainstay.modules.identity.repository.reach import REACH
from mainstay.work import Row, UnitOfWork

ADD_FAMILY = """
WITH family AS (
    INSERT INTO identity_token_family (id, person_id, expires_at) VALUES ($1, $2, now() + $4::interval) RETURNING id
)
INSERT INTO identity_refresh_token (digest, family_id) SELECT $3, id FROM family
"""

# The family is locked before its tokens, here and where it is deleted, so that neither waits for the other in a ring.
# Whoever waited sees the token as the other left it: spent a moment ago, and its successor already there.
SPEND = """
WITH family AS (
    SELECT family.id, person.id AS person_id, person.name, person.email, person.role
    FROM identity_refresh_token AS token JOIN identity_token_family AS family ON family.id = token.family_id
    JOIN identity_person AS person ON person.id = family.person_id
    WHERE token.digest = $1 AND person.is_active AND family.expires_at > clock_timestamp()
      AND family.last_used_at > clock_timestamp() - $4::interval
    FOR UPDATE OF family
), spent AS (
    UPDATE identity_refresh_token AS token
    SET spent_at = coalesce(token.spent_at, clock_timestamp()), is_repeated = token.spent_at IS NOT NULL
    FROM family
    WHERE token.digest = $1 AND token.family_id = family.id
      AND (token.spent_at IS NULL
           OR NOT token.is_repeated AND token.spent_at > clock_timestamp() - $3::interval)
    RETURNING family.*
), successor AS (
    INSERT INTO identity_refresh_token (digest, family_id) SELECT $2, id FROM spent ON CONFLICT (digest) DO NOTHING
), used AS (
    UPDATE identity_token_family SET last_used_at = clock_timestamp() WHERE id = (SELECT id FROM spent)
)
SELECT id, person_id, name, email, role FROM spent
"""

# None when the token was never known or its family is dead; else the family of a token that was spent before.
FAMILY_OF_SPENT = """
SELECT token.family_id FROM identity_refresh_token AS token WHERE token.digest = $1 AND token.spent_at IS NOT NULL
"""

END_FAMILY = "DELETE FROM identity_token_family WHERE id = $1 RETURNING id, person_id"

END_FAMILIES = "DELETE FROM identity_token_family WHERE person_id = $1 AND id IS DISTINCT FROM $2"

# In one statement: the key that a token names, its family as long as that lives, and whose it is.
ACCESS = f"""
SELECT key.public_key, family.expires_at, person.id AS person_id, person.name, person.email, person.role,
       role.permissions, role.known_permissions, {OF_BEARER} AS factor, {REACH}
FROM identity_token_family AS family JOIN identity_person AS person ON person.id = family.person_id
JOIN identity_role AS role ON role.key = person.role
JOIN identity_signing_key AS key ON key.kid = $2
WHERE family.id = $1 AND person.is_active AND family.expires_at > clock_timestamp()
  AND (key.retired_at IS NULL OR key.retired_at > clock_timestamp() - $3::interval)
"""  # noqa: S608  constants


@dataclass(frozen=True, slots=True)
class Spending:
    """What is exchanged: the digest of a token and of its successor, and the limits that hold."""

    token: bytes
    successor: bytes
    grace: timedelta
    idle: timedelta


async def add_family(uow: UnitOfWork, family_id: UUID, person_id: UUID, digest: bytes, lifetime: timedelta) -> None:
    """Add a family with its first refresh token."""
    await uow.write(ADD_FAMILY, family_id, person_id, digest, lifetime)


async def spend(uow: UnitOfWork, spending: Spending) -> Row | None:
    """Exchange a token for its successor whatever becomes of this work; None when it may not be exchanged."""
    return await uow.write_apart(SPEND, spending.token, spending.successor, spending.grace, spending.idle)


async def family_of_spent(uow: UnitOfWork, digest: bytes) -> UUID | None:
    """Find the living family of a token that was spent before."""
    family_id: UUID | None = await uow.read_value(FAMILY_OF_SPENT, digest)
    return family_id


async def end_family(uow: UnitOfWork, family_id: UUID) -> Row | None:
    """Delete a family with all its tokens; None when there is none."""
    return await uow.write_row(END_FAMILY, family_id)


async def end_families(uow: UnitOfWork, person_id: UUID, keep: UUID | None) -> None:
    """Delete the families of a person but `keep`."""
    await uow.write(END_FAMILIES, person_id, keep)


async def access(uow: UnitOfWork, family_id: UUID, kid: str, overlap: timedelta) -> Row | None:
    """Find the key `kid`, if it still verifies, together with a living family and its person."""
    return await uow.read_row(ACCESS, family_id, kid, overlap)
