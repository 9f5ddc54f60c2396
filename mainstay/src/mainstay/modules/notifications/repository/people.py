"""How people want to be told, whose address mail does not reach, and that all of it goes with a person."""

from collections.abc import Sequence
from uuid import UUID

from mainstay.work import Row, UnitOfWork

CHOSEN = "SELECT person_id, in_app, mail FROM notifications_preference WHERE kind = $1 AND person_id = ANY($2)"

PREFERENCES = "SELECT kind, in_app, mail FROM notifications_preference WHERE person_id = $1"

CHOOSE = """
INSERT INTO notifications_preference (person_id, kind, in_app, mail)
SELECT $1, * FROM unnest($2::text[], $3::boolean[], $4::text[])
ON CONFLICT (person_id, kind) DO UPDATE SET in_app = excluded.in_app, mail = excluded.mail
"""

# What waits to be gathered is not sent to who wants no mail of it any more.
SETTLE = """
UPDATE notifications_item AS item SET mail = 'off' FROM notifications_preference AS chosen
WHERE item.person_id = $1 AND item.mail = 'digest' AND chosen.person_id = $1 AND chosen.kind = item.kind
    AND chosen.mail = 'off'
"""

READER = "SELECT digest_hour, time_zone FROM notifications_reader WHERE person_id = $1"

CHOOSE_HOUR = """
INSERT INTO notifications_reader (person_id, digest_hour, time_zone) VALUES ($1, $2, $3)
ON CONFLICT (person_id) DO UPDATE SET digest_hour = excluded.digest_hour, time_zone = excluded.time_zone
"""

BOUNCES = "SELECT person_id, address, reason, told, since FROM notifications_bounce WHERE person_id = ANY($1)"

ALL_BOUNCES = "SELECT person_id, address, reason, told, since FROM notifications_bounce ORDER BY since DESC LIMIT $1"

NOTE_BOUNCE = """
INSERT INTO notifications_bounce AS known (person_id, address, reason, told) VALUES ($1, $2, $3, $4)
ON CONFLICT (person_id) DO UPDATE
SET address = excluded.address, reason = excluded.reason, told = excluded.told, since = now()
WHERE known.address <> excluded.address RETURNING person_id
"""

CLEAR_BOUNCE = "DELETE FROM notifications_bounce WHERE person_id = $1 RETURNING person_id"

# Of whom something tells that others were told: it goes with them, wherever it is.
ABOUT = "about_id"

FORGET = f"""
WITH told AS (DELETE FROM notifications_item WHERE person_id = $1::uuid OR told ->> '{ABOUT}' = ($1::uuid)::text),
    chosen AS (DELETE FROM notifications_preference WHERE person_id = $1),
    hour AS (DELETE FROM notifications_reader WHERE person_id = $1)
DELETE FROM notifications_bounce WHERE person_id = $1
"""  # noqa: S608  only this file's constants


async def chosen(uow: UnitOfWork, kind: str, person_ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Return how people want to be told of a kind; who did not choose is absent."""
    return {row["person_id"]: row for row in await uow.read(CHOSEN, kind, list(person_ids))}


async def preferences(uow: UnitOfWork, person_id: UUID) -> dict[str, Row]:
    """Return what a person chose, by kind."""
    return {row["kind"]: row for row in await uow.read(PREFERENCES, person_id)}


async def choose(uow: UnitOfWork, person_id: UUID, choices: Sequence[tuple[str, bool, str]]) -> None:
    """Remember how a person wants to be told of some kinds: (kind, in the inbox, by mail)."""
    kinds, in_app, mail = zip(*choices, strict=True)
    await uow.write(CHOOSE, person_id, list(kinds), list(in_app), list(mail))
    await uow.write(SETTLE, person_id)


async def reader(uow: UnitOfWork, person_id: UUID) -> Row | None:
    """Return at which hour a person wants what is gathered; None when they did not choose."""
    return await uow.read_row(READER, person_id)


async def choose_hour(uow: UnitOfWork, person_id: UUID, hour: int, time_zone: str) -> None:
    """Remember at which hour a person wants what is gathered."""
    await uow.write(CHOOSE_HOUR, person_id, hour, time_zone)


async def bounces(uow: UnitOfWork, person_ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Return who of some people was not reached, at which address and why."""
    return {row["person_id"]: row for row in await uow.read(BOUNCES, list(person_ids))}


async def all_bounces(uow: UnitOfWork, limit: int) -> list[Row]:
    """Return who was not reached, the latest first."""
    return await uow.read(ALL_BOUNCES, limit)


async def note_bounce(uow: UnitOfWork, person_id: UUID, address: str, reason: str, told: str | None) -> bool:
    """Remember that mail does not reach a person at an address; False when that is known."""
    return bool(await uow.write(NOTE_BOUNCE, person_id, address, reason, told))


async def clear_bounce(uow: UnitOfWork, person_id: UUID) -> bool:
    """Forget that a person was not reached; False when nothing was known."""
    return bool(await uow.write(CLEAR_BOUNCE, person_id))


async def forget(uow: UnitOfWork, person_id: UUID) -> None:
    """Delete all that is kept of a person."""
    await uow.write(FORGET, person_id)
