"""Every statement of backup."""

from datetime import datetime
from uuid import UUID

from mainstay.work import Row, UnitOfWork

INTRODUCE = "INSERT INTO backup_database (id, known_since) VALUES ($1, $2) ON CONFLICT DO NOTHING"
DATABASE = "SELECT id, known_since, alarm_since, told_at FROM backup_database"
HOLD_DATABASE = f"{DATABASE} FOR UPDATE"
# A clock that was far ahead must not silence anybody once it is right: an hour is more than clocks differ.
CORRECT = """
UPDATE backup_database SET known_since = least(known_since, $1), alarm_since = least(alarm_since, $1),
    told_at = CASE WHEN told_at <= $1 THEN told_at END
WHERE greatest(known_since, alarm_since, told_at) > $1::timestamptz + interval '1 hour'
"""
NOTE_ALARM = "UPDATE backup_database SET alarm_since = $1, told_at = $2"

ADD = """
INSERT INTO backup_archive (id, database_id, kind, started_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (id) DO NOTHING RETURNING id
"""
UNDER_WAY = """
SELECT id FROM backup_archive WHERE database_id = $1 AND state = 'making' AND started_at BETWEEN $2 AND $3 LIMIT 1
"""
# No backup takes so long.
GIVE_UP_STALE = """
UPDATE backup_archive SET state = 'failed', ended_at = $2, reason = 'It was broken off.'
WHERE state = 'making' AND started_at < $1
"""
END = """
UPDATE backup_archive SET state = $2, ended_at = $3, path = $4, size_bytes = $5, row_count = $6, is_encrypted = $7,
    reason = $8
WHERE id = $1 AND (state = 'making' OR (state = 'failed' AND $4::text IS NOT NULL)) RETURNING id, kind
"""
FAILED = "SELECT id FROM backup_archive WHERE database_id = $1 AND state = 'failed'"
COLUMNS = "id, kind, state, started_at, ended_at, removed_at, path, size_bytes, row_count, is_encrypted, reason"
ONE = f"SELECT {COLUMNS} FROM backup_archive WHERE id = $1"  # noqa: S608  a constant
PAGE = f"""
SELECT {COLUMNS} FROM backup_archive WHERE database_id = $1 AND ($2::timestamptz IS NULL OR (started_at, id) < ($2, $3))
ORDER BY started_at DESC, id DESC LIMIT $4
"""  # noqa: S608  a constant
MADE = """
SELECT id, state, started_at, path, removed_at FROM backup_archive
WHERE database_id = $1 AND path IS NOT NULL ORDER BY started_at DESC, id DESC
"""
LATEST = """
SELECT state, reason, started_at, ended_at FROM backup_archive WHERE database_id = $1 AND state <> 'making'
ORDER BY started_at DESC, id DESC LIMIT 1
"""
VERIFIED_AT = """
SELECT max(started_at) FROM backup_archive
WHERE database_id = $1 AND state = 'verified' AND removed_at IS NULL AND started_at <= $2
"""
SOUND_BETWEEN = """
SELECT EXISTS (SELECT FROM backup_archive WHERE database_id = $1 AND started_at BETWEEN $2 AND $3 AND removed_at IS NULL
               AND state IN ('making', 'verified', 'unverified'))
"""
NOTE_FOUND = "UPDATE backup_archive SET removed_at = NULL WHERE id = ANY($1)"
NOTE_REMOVED = "UPDATE backup_archive SET removed_at = $2 WHERE id = ANY($1)"
# Not by its own age: an old archive whose disk was away for an hour is known again when it is back.
FORGET = "DELETE FROM backup_archive WHERE removed_at < $1 OR (state = 'failed' AND started_at < $1)"


async def introduce(uow: UnitOfWork, key: UUID, moment: datetime) -> Row:
    """Return which database this is, and the state of the alarm; it is `key` when nobody has asked before."""
    row = await uow.read_row(DATABASE)
    if row is None:
        await uow.write(INTRODUCE, key, moment)
        row = await uow.read_row(DATABASE)
    assert row is not None  # noqa: S101  it was just written
    return row


async def database(uow: UnitOfWork) -> Row | None:
    """Return which database this is; None when nobody has asked before."""
    return await uow.read_row(DATABASE)


async def hold_database(uow: UnitOfWork) -> Row | None:
    """Return the same, held until the end of this work: one tells owners at a time."""
    return await uow.write_row(HOLD_DATABASE)


async def correct(uow: UnitOfWork, now: datetime) -> None:
    """Let nothing that is remembered of the alarm be of a time to come."""
    await uow.write(CORRECT, now)


async def note_alarm(uow: UnitOfWork, since: datetime | None, told_at: datetime | None) -> None:
    """Remember since when backups are missed, and when owners were told."""
    await uow.write(NOTE_ALARM, since, told_at)


async def add(uow: UnitOfWork, key: UUID, database_id: UUID, kind: str, moment: datetime) -> bool:
    """Begin a backup; False when there is one with this id."""
    return bool(await uow.write(ADD, key, database_id, kind, moment))


async def is_under_way(uow: UnitOfWork, database_id: UUID, since: datetime, until: datetime) -> bool:
    """Whether a backup is being made that began between two moments."""
    return bool(await uow.read(UNDER_WAY, database_id, since, until))


async def give_up_stale(uow: UnitOfWork, before: datetime, moment: datetime) -> None:
    """End what seems to be made since long before."""
    await uow.write(GIVE_UP_STALE, before, moment)


async def end(uow: UnitOfWork, key: UUID, *values: object) -> Row | None:
    """Remember what became of a backup, None when that is known; an archive counts more than having been given up."""
    return await uow.write_row(END, key, *values)


async def failed(uow: UnitOfWork, database_id: UUID) -> frozenset[UUID]:
    """Return the backups that failed, of which there is no archive."""
    return frozenset(row["id"] for row in await uow.read(FAILED, database_id))


async def one(uow: UnitOfWork, key: UUID) -> Row | None:
    """Return a backup."""
    return await uow.read_row(ONE, key)


async def page(uow: UnitOfWork, database_id: UUID, before: tuple[datetime, UUID] | None, limit: int) -> list[Row]:
    """Return up to `limit` backups from before a (started, id), the newest first."""
    moment, key = before or (None, None)
    return await uow.read(PAGE, database_id, moment, key, limit)


async def made(uow: UnitOfWork, database_id: UUID) -> list[Row]:
    """Return all archives that were made, those that are gone among them, the newest first."""
    return await uow.read(MADE, database_id)


async def latest(uow: UnitOfWork, database_id: UUID) -> Row | None:
    """Return what became of the newest backup that has ended."""
    return await uow.read_row(LATEST, database_id)


async def verified_at(uow: UnitOfWork, database_id: UUID, now: datetime) -> datetime | None:
    """Return of which moment up to `now` the newest verified archive is that is there."""
    found: datetime | None = await uow.read_value(VERIFIED_AT, database_id, now)
    return found


async def has_sound_between(uow: UnitOfWork, database_id: UUID, since: datetime, now: datetime) -> bool:
    """Whether a backup was begun between two moments that is being made, or did not fail and is there."""
    return bool(await uow.read_value(SOUND_BETWEEN, database_id, since, now))


async def note_removed(uow: UnitOfWork, keys: list[UUID], moment: datetime) -> None:
    """Remember that archives are gone."""
    await uow.write(NOTE_REMOVED, keys, moment)


async def note_found(uow: UnitOfWork, keys: list[UUID]) -> None:
    """Remember that archives are there again."""
    await uow.write(NOTE_FOUND, keys)


async def forget(uow: UnitOfWork, moment: datetime) -> None:
    """Delete the records of archives that have been gone since before a moment, and of failures from before it."""
    await uow.write(FORGET, moment)
