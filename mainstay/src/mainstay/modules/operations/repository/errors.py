"""Every statement of errors."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import orjson

from mainstay.observe.gathering import KEPT, Batch, Mistake, Sighting
from mainstay.versioned import Versioned
from mainstay.work import Row, UnitOfWork

VERSIONED = Versioned("operations.error", "operations_error", {"state": "record.state"})
_RETURNING = VERSIONED.keeping("record.state = 'resolved' AND record.fingerprint IN (SELECT fingerprint FROM given)")
# In the order of the fingerprints: two processes that write the same ones must not wait for each other.
KEEP = f"""
WITH writer AS (
    INSERT INTO operations_error_writer AS present (id, batch, at) VALUES ($1, $2, $3)
    ON CONFLICT (id) DO UPDATE SET batch = excluded.batch, at = excluded.at WHERE present.batch < excluded.batch
    RETURNING id
), given AS (
    SELECT each.* FROM jsonb_to_recordset($4::text::jsonb) AS each(
        id uuid, fingerprint text, role text, kind text, place text, event text, count bigint,
        first_at timestamptz, last_at timestamptz, latest jsonb
    ) WHERE EXISTS (SELECT FROM writer)
), {_RETURNING}, counted AS (
    INSERT INTO operations_error AS present
        (id, fingerprint, role, kind, place, event, count, first_at, last_at, first_release, last_release)
    SELECT id, fingerprint, role, kind, place, event, count, first_at, last_at, $5, $5 FROM given ORDER BY fingerprint
    ON CONFLICT (fingerprint) DO UPDATE SET
        count = present.count + excluded.count,
        first_at = least(present.first_at, excluded.first_at),
        last_at = greatest(present.last_at, excluded.last_at),
        last_release = CASE WHEN excluded.last_at < present.last_at THEN present.last_release ELSE $5 END,
        (state, returns, returned_at, returned_release, told_at, version) = (
            SELECT CASE WHEN again THEN 'open' ELSE present.state END,
                present.returns + again::int,
                CASE WHEN again THEN excluded.last_at ELSE present.returned_at END,
                CASE WHEN again THEN $5 ELSE present.returned_release END,
                CASE WHEN again THEN NULL ELSE present.told_at END,
                present.version + again::int
            FROM (SELECT present.state = 'resolved' AND excluded.last_at > present.resolved_at AS again) AS came
        )
    RETURNING id, fingerprint, count, state, xmax = 0 AS is_new
), seen AS (
    INSERT INTO operations_error_occurrence AS present
        (error_id, slot, number, at, release, machine, request_id, trace_id, sentence, facts, frames)
    SELECT counted.id, number % $7, number, at, $5, $6, request_id, trace_id, sentence, facts, frames
    FROM counted JOIN given USING (fingerprint)
    CROSS JOIN LATERAL ROWS FROM (
        jsonb_to_recordset(given.latest) AS (
            at timestamptz, request_id text, trace_id text, sentence text, facts jsonb, frames jsonb
        )
    ) WITH ORDINALITY AS one(at, request_id, trace_id, sentence, facts, frames, place)
    CROSS JOIN LATERAL (SELECT counted.count - jsonb_array_length(given.latest) + one.place AS number) AS numbered
    WHERE counted.state <> 'ignored'
    ON CONFLICT (error_id, slot) DO UPDATE SET number = excluded.number, at = excluded.at, release = excluded.release,
        machine = excluded.machine, request_id = excluded.request_id, trace_id = excluded.trace_id,
        sentence = excluded.sentence, facts = excluded.facts, frames = excluded.frames
)
SELECT coalesce(bool_or(is_new), false) AS has_new FROM counted
"""  # noqa: S608  constants
# What browsers tell of takes no room from the program's own.
FORGET_OVER = """
DELETE FROM operations_error WHERE id IN (
    SELECT id FROM (
        SELECT id, row_number() OVER (PARTITION BY role = 'browser' ORDER BY last_at DESC, id DESC) AS number
        FROM operations_error
    ) AS numbered WHERE number > $1
)
"""
FORGET_BEFORE = "DELETE FROM operations_error WHERE last_at < $1"
FORGET_WRITERS = "DELETE FROM operations_error_writer WHERE at < $1"

COLUMNS = """
id, role, kind, place, event, count, first_at, last_at, first_release, last_release, state, resolved_at,
resolved_release, returns, returned_at, returned_release, version
"""
PAGE = f"""
SELECT {COLUMNS} FROM operations_error
WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR role = $2)
    AND ($3::timestamptz IS NULL OR (last_at, id) < ($3, $4::uuid))
ORDER BY last_at DESC, id DESC LIMIT $5
"""  # noqa: S608  a constant
ONE = f"SELECT {COLUMNS} FROM operations_error WHERE id = $1"  # noqa: S608  a constant
OCCURRENCES = """
SELECT number, at, release, machine, request_id, trace_id, sentence, facts::text AS facts, frames::text AS frames
FROM operations_error_occurrence WHERE error_id = $1 ORDER BY number DESC
"""
# In the order in which they are counted.
LOCKED = """
SELECT id, version, state, place FROM operations_error WHERE id = ANY ($1) ORDER BY fingerprint FOR UPDATE
"""
SET_STATE = f"""
WITH {VERSIONED.keeping("record.id = ANY ($1)")}
UPDATE operations_error SET state = $2, resolved_at = CASE WHEN $2 = 'resolved' THEN $3::timestamptz END,
    resolved_release = CASE WHEN $2 = 'resolved' THEN $4 END, version = version + 1
WHERE id = ANY ($1) RETURNING id, version
"""  # noqa: S608  constants
COUNT_OPEN = "SELECT count(*) FROM operations_error WHERE state = 'open'"
STANDING = """
SELECT role, count(*) AS open, count(*) FILTER (WHERE greatest(first_at, returned_at) > $1) AS fresh
FROM operations_error WHERE state = 'open' GROUP BY role
"""
UNTOLD = f"""
WITH held AS MATERIALIZED (
    SELECT {COLUMNS} FROM operations_error WHERE state = 'open' AND told_at IS NULL ORDER BY fingerprint FOR UPDATE
)
SELECT {COLUMNS} FROM held ORDER BY role = 'browser', first_at, id
"""  # noqa: S608  a constant
NOTE_TOLD = "UPDATE operations_error SET told_at = $2 WHERE id = ANY($1)"


async def keep(uow: UnitOfWork, batch: Batch, new_ids: dict[str, UUID]) -> bool:
    """Count a batch, once however often it comes; say whether there are mistakes in it that nobody made before.

    `new_ids` are the ids of those, by fingerprint.
    """
    rows = orjson.dumps([_told(each, new_ids[each.fingerprint]) for each in batch.mistakes]).decode()
    origin, at = batch.origin, max(each.last_at for each in batch.mistakes)
    arguments = (origin.writer, batch.number, at, rows, origin.release, origin.machine, KEPT)
    row = await uow.write_row(KEEP, *arguments)
    return row is not None and bool(row["has_new"])


async def forget_over(uow: UnitOfWork, most: int) -> None:
    """Forget the mistakes that came longest ago, beyond `most` of browsers and as many others."""
    await uow.write(FORGET_OVER, most)


async def forget_before(uow: UnitOfWork, moment: datetime, of_writers: datetime) -> None:
    """Forget mistakes that have not come since a moment, and processes that have written nothing since another."""
    await uow.write(FORGET_BEFORE, moment)
    await uow.write(FORGET_WRITERS, of_writers)


async def page(
    uow: UnitOfWork, state: str | None, role: str | None, before: tuple[datetime, UUID] | None, limit: int
) -> list[Row]:
    """Return mistakes, the latest first."""
    return await uow.read(PAGE, state, role, *(before or (None, None)), limit)


async def one(uow: UnitOfWork, key: UUID) -> Row | None:
    """Return a mistake."""
    return await uow.read_row(ONE, key)


async def occurrences(uow: UnitOfWork, key: UUID) -> list[Row]:
    """Return the last times that a mistake was made, the latest first."""
    return await uow.read(OCCURRENCES, key)


async def locked(uow: UnitOfWork, keys: Sequence[UUID]) -> dict[UUID, Row]:
    """Return id, version, state and place of mistakes, which nobody else changes until this work ends; by id."""
    return {row["id"]: row for row in await uow.write(LOCKED, keys)}


async def set_state(uow: UnitOfWork, keys: Sequence[UUID], state: str, at: datetime) -> dict[UUID, int]:
    """Change the state of locked mistakes; return their new versions."""
    rows = await uow.write(SET_STATE, keys, state, at, uow.setup.about.version)
    return {row["id"]: row["version"] for row in rows}


async def count_open(uow: UnitOfWork) -> int:
    """Return how many mistakes are open."""
    return int(await uow.read_value(COUNT_OPEN))


async def standing(uow: UnitOfWork, since: datetime) -> list[Row]:
    """Return how many mistakes are open, and how many of them came for the first time or again since a moment."""
    return await uow.read(STANDING, since)


async def untold(uow: UnitOfWork) -> list[Row]:
    """Return the open mistakes that nobody was told of, held until the end of this work; those of browsers last."""
    return await uow.write(UNTOLD)


async def note_told(uow: UnitOfWork, keys: list[UUID], at: datetime) -> None:
    """Remember that people were told of mistakes."""
    await uow.write(NOTE_TOLD, keys, at)


def _told(mistake: Mistake, key: UUID) -> dict[str, object]:
    return {
        "id": key,
        "fingerprint": mistake.fingerprint,
        "role": mistake.role,
        "kind": mistake.kind,
        "place": mistake.place,
        "event": mistake.event,
        "count": mistake.count,
        "first_at": mistake.first_at,
        "last_at": mistake.last_at,
        "latest": [_seen(each) for each in mistake.latest],
    }


def _seen(sighting: Sighting) -> dict[str, object]:
    frames = [
        {
            "file": each.file,
            "line": each.line,
            "column": each.column,
            "function": each.function,
            "is_ours": each.is_ours,
        }
        for each in sighting.frames
    ]
    return {
        "at": sighting.at,
        "request_id": sighting.request_id,
        "trace_id": sighting.trace_id,
        "sentence": sighting.sentence,
        "facts": sighting.facts,
        "frames": frames,
    }
