"""Every statement about which second factors people have, which roles need one, and how often codes were tried.

Moments are the database's: no clock of a process resets a count.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from mainstay.versioned import Versioned
from mainstay.work import Row, UnitOfWork

# $2 is the site on which passkeys would be used.
OVERVIEW = """
SELECT EXISTS (SELECT FROM identity_totp WHERE person_id = $1 AND confirmed_at IS NOT NULL) AS has_totp,
       EXISTS (SELECT FROM identity_passkey WHERE person_id = $1 AND site = $2) AS has_passkey,
       EXISTS (SELECT FROM identity_passkey WHERE person_id = $1) AS has_any_passkey,
       (SELECT count(*) FROM identity_recovery_code WHERE person_id = $1 AND used_at IS NULL) AS codes_left
"""

# Of `person`, which the statement around has to name so.
HAS_ANY = """(
    EXISTS (SELECT FROM identity_totp AS totp WHERE totp.person_id = person.id AND totp.confirmed_at IS NOT NULL)
    OR EXISTS (SELECT FROM identity_passkey AS passkey WHERE passkey.person_id = person.id)
)"""
MUST_HAVE = "EXISTS (SELECT FROM identity_factor_policy AS policy WHERE policy.role = person.role)"
# Who may do nothing before it is set up.
LACKS_FACTOR = f"({MUST_HAVE} AND NOT {HAS_ANY})"
# A token or a key was never given together with a second factor.
OF_BEARER = f"CASE WHEN {HAS_ANY} THEN 'stale' WHEN {MUST_HAVE} THEN 'lacking' ELSE 'none' END"

# At version 0 nobody has stated which roles need a factor.
POLICY = Versioned(
    "identity.factor_policy",
    "identity_policy",
    {"roles": "(SELECT coalesce(jsonb_agg(role ORDER BY role), '[]') FROM identity_factor_policy)"},
    key="key",
    nothing={"roles": []},
)
POLICY_KEY = "factor_policy"
READ_POLICY = f"""
SELECT coalesce((SELECT version FROM identity_policy WHERE key = '{POLICY_KEY}'), 0) AS version,
    ARRAY (SELECT role FROM identity_factor_policy ORDER BY role) AS roles
"""  # noqa: S608  constants
STATE_FIRST = f"""
INSERT INTO identity_policy (key, version) VALUES ('{POLICY_KEY}', 1) ON CONFLICT (key) DO NOTHING RETURNING version
"""  # noqa: S608  constants
STATE_NEXT = f"""
WITH {POLICY.keeping(f"record.key = '{POLICY_KEY}' AND record.version = $1")}
UPDATE identity_policy SET version = version + 1 WHERE key = '{POLICY_KEY}' AND version = $1 RETURNING version
"""  # noqa: S608  constants
SET_POLICY = """
WITH gone AS (DELETE FROM identity_factor_policy WHERE role <> ALL ($1::text[]))
INSERT INTO identity_factor_policy (role) SELECT unnest($1::text[]) ON CONFLICT (role) DO NOTHING
"""

REMOVE_ALL = """
WITH totp AS (DELETE FROM identity_totp WHERE person_id = $1),
passkeys AS (DELETE FROM identity_passkey WHERE person_id = $1)
DELETE FROM identity_recovery_code WHERE person_id = $1
"""


async def overview(uow: UnitOfWork, person_id: UUID, site: str = "") -> Row:
    """Return which factors a person has: `has_totp`, `has_passkey` (on `site`), `has_any_passkey`, `codes_left`."""
    row = await uow.read_row(OVERVIEW, person_id, site)
    assert row is not None  # noqa: S101  the statement gives one row whoever asks
    return row


async def begin_try(
    uow: UnitOfWork, person_id: UUID, limits: Sequence[tuple[timedelta, int]]
) -> tuple[int | None, int]:
    """Count a code, whatever becomes of it; return the id of the try, or None and the seconds to wait."""
    row = await uow.write_apart(
        "SELECT try_id, retry_after FROM identity_begin_factor_try($1, $2::interval[], $3::integer[])",
        person_id,
        [span for span, _ in limits],
        [most for _, most in limits],
    )
    return (None, 1) if row is None else (row["try_id"], row["retry_after"] or 0)


async def forget_try(uow: UnitOfWork, try_id: int) -> None:
    """Take a code that was right out of the count."""
    await uow.write("DELETE FROM identity_factor_try WHERE id = $1", try_id)


async def has_any(uow: UnitOfWork, person_id: UUID) -> bool:
    """Whether a person has a second factor."""
    found = await uow.read_value(f"SELECT {HAS_ANY} FROM identity_person AS person WHERE id = $1", person_id)  # noqa: S608  constants
    return bool(found)


async def is_required(uow: UnitOfWork, role: str) -> bool:
    """Whether people with this role must have a second factor."""
    return bool(await uow.read("SELECT role FROM identity_factor_policy WHERE role = $1", role))


async def policy(uow: UnitOfWork) -> Row:
    """Return the roles whose people must have a second factor, and which statement of them that is."""
    row = await uow.read_row(READ_POLICY)
    assert row is not None  # noqa: S101  the statement gives one row whatever there is
    return row


async def state_policy(uow: UnitOfWork, version: int) -> int | None:
    """Count a new statement of the policy that was read at `version`; None when somebody else was first."""
    row = await uow.write_row(STATE_NEXT, version) if version else await uow.write_row(STATE_FIRST)
    return None if row is None else row["version"]


async def set_roles_in_need(uow: UnitOfWork, roles: Sequence[str]) -> None:
    """Have exactly these roles need a second factor."""
    await uow.write(SET_POLICY, list(roles))


async def remove_all(uow: UnitOfWork, person_id: UUID) -> None:
    """Delete all second factors of a person."""
    await uow.write(REMOVE_ALL, person_id)


async def mark_session(uow: UnitOfWork, session_id: UUID) -> None:
    """Record that a second factor was given just now in a session."""
    await uow.write("UPDATE identity_session SET factor_at = clock_timestamp() WHERE id = $1", session_id)
