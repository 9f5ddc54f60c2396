"""Every statement by which rows and bytes are compared, and what is counted."""

from datetime import timedelta
from uuid import UUID

from mainstay.db.backup.making import BACKUP_LOCK
from mainstay.work import Row, UnitOfWork

STALE = """
SELECT id FROM files_file WHERE state IN ('receiving', 'refused') AND created_at < now() - $1::interval
ORDER BY created_at LIMIT 500
"""
WAITING = "SELECT id FROM files_file WHERE state = 'quarantined' ORDER BY created_at LIMIT 500"
# Pictures whose forms were not made: the job failed, or the program ended before it.
FORMLESS = """
SELECT id FROM files_file AS f WHERE state = 'ready' AND width IS NOT NULL AND missing_since IS NULL
    AND NOT EXISTS (SELECT FROM files_form AS v WHERE v.file_id = f.id) AND created_at < now() - interval '1 hour'
ORDER BY created_at LIMIT 500
"""
UNKNOWN = """
SELECT given.key FROM unnest($1::text[]) AS given (key)
WHERE NOT EXISTS (SELECT FROM files_file AS f WHERE f.key = given.key)
    AND NOT EXISTS (SELECT FROM files_piece AS p WHERE p.key = given.key)
    AND NOT EXISTS (SELECT FROM files_form AS v WHERE given.key IN (v.key, v.avif_key))
"""
KEPT = """
SELECT id, key FROM files_file WHERE key IS NOT NULL AND ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT 500
"""
MARK = """
UPDATE files_file SET missing_since = CASE WHEN id = ANY($1) THEN coalesce(missing_since, now()) END
WHERE (id = ANY($1)) <> (missing_since IS NOT NULL)
"""
FIGURES = """
SELECT given.state, count(f.id) AS files, coalesce(sum(coalesce(f.stored, f.received)), 0)::bigint AS bytes,
    count(f.missing_since) AS missing
FROM unnest(ARRAY['receiving', 'quarantined', 'ready', 'refused']) AS given (state)
LEFT JOIN files_file AS f ON f.state = given.state GROUP BY given.state
"""
# A database that was restored from an archive, or copied, is another one.
DATABASE = """
SELECT (SELECT system_identifier FROM pg_control_system()) || '-' || oid FROM pg_database
WHERE datname = current_database()
"""
# An advisory lock of one number is shown in two halves.
UNDER_WAY = """
SELECT EXISTS (
    SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND classid::bigint = $1 AND objid::bigint = $2
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND granted
)
"""
MISSING = "SELECT count(*) FROM files_file WHERE missing_since IS NOT NULL"


async def is_backup_under_way(uow: UnitOfWork) -> bool:
    """Whether somebody makes a backup now; asking takes no lock, for which a backup that begins would give up."""
    return bool(await uow.read_value(UNDER_WAY, BACKUP_LOCK >> 32, BACKUP_LOCK & 0xFFFFFFFF))


async def name_of_database(uow: UnitOfWork) -> str:
    """Return what tells this database from every other."""
    return str(await uow.read_value(DATABASE))


async def stale(uow: UnitOfWork, age: timedelta) -> list[UUID]:
    """Return files that were begun or refused long ago."""
    return [row["id"] for row in await uow.read(STALE, age)]


async def waiting(uow: UnitOfWork) -> list[UUID]:
    """Return files that wait for the scanner."""
    return [row["id"] for row in await uow.read(WAITING)]


async def formless(uow: UnitOfWork) -> list[UUID]:
    """Return pictures without smaller forms."""
    return [row["id"] for row in await uow.read(FORMLESS)]


async def unknown(uow: UnitOfWork, keys: list[str]) -> list[str]:
    """Return those of `keys` under which nothing lies that belongs to a file."""
    return [row["key"] for row in await uow.read(UNKNOWN, keys)]


async def kept(uow: UnitOfWork, after: UUID | None) -> list[Row]:
    """Return where the bytes of files lie, some hundred files at a time."""
    return await uow.read(KEPT, after)


async def mark_missing(uow: UnitOfWork, missing: list[UUID]) -> None:
    """Say of all files whether their bytes are there."""
    await uow.write(MARK, missing)


async def figures(uow: UnitOfWork) -> list[Row]:
    """Return how many files there are, by state, and how many bytes."""
    return await uow.read(FIGURES)


async def count_missing(uow: UnitOfWork) -> int:
    """Return how many files have no bytes."""
    return int(await uow.read_value(MISSING))
