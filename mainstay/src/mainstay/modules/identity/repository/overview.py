"""Every statement of the security overview: one for each question an owner asks."""

from datetime import datetime, timedelta

from mainstay.modules.identity.repository.factors import HAS_ANY
from mainstay.work import Row, UnitOfWork

WITHOUT_FACTOR = f"""
SELECT person.id, person.name, person.role, count(*) OVER () AS total,
       EXISTS (SELECT FROM identity_factor_policy AS policy WHERE policy.role = person.role) AS is_required
FROM identity_person AS person
WHERE person.is_active AND person.deleted_at IS NULL AND NOT {HAS_ANY}
ORDER BY is_required DESC, person.role = 'owner' DESC, person.name, person.id LIMIT $1
"""  # noqa: S608  constants

# Stale is a key that nobody has used for $2, though it is older than that.
STALE_KEYS = """
SELECT key.id, key.name, key.hint, key.person_id, person.name AS person_name, key.created_at, key.last_used_at,
       key.expires_at, count(*) OVER () AS total
FROM identity_api_key AS key LEFT JOIN identity_person AS person ON person.id = key.person_id
WHERE key.expires_at > now() AND coalesce(key.last_used_at, key.created_at) < now() - $2::interval
ORDER BY coalesce(key.last_used_at, key.created_at), key.id LIMIT $1
"""

SIGNING_KEY_SINCE = "SELECT max(created_at) FROM identity_signing_key WHERE retired_at IS NULL"


async def without_factor(uow: UnitOfWork, limit: int) -> list[Row]:
    """Return active people without a second factor, those who must have one first; `total` says how many there are."""
    return await uow.read(WITHOUT_FACTOR, limit)


async def stale_keys(uow: UnitOfWork, limit: int, unused: timedelta) -> list[Row]:
    """Return living keys that nobody has used for `unused`, the longest first; `total` says how many there are."""
    return await uow.read(STALE_KEYS, limit, unused)


async def signing_key_since(uow: UnitOfWork) -> datetime | None:
    """Return since when tokens are signed by the present key; None before the first token."""
    moment: datetime | None = await uow.read_value(SIGNING_KEY_SINCE)
    return moment
