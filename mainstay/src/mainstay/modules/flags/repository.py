"""Every statement of flags."""

import json
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from mainstay.flags.flag import Value
from mainstay.versioned import Versioned
from mainstay.work import Row, UnitOfWork

# Processes listen here; the message comes with the commit, its content is read from the tables.
CHANNEL: Final = "mainstay_flags"
NOTIFY: Final = "SELECT pg_notify($1, '')"
STEERED: Final = "SELECT key, rules, otherwise, version, changed_at FROM flags_flag ORDER BY key"
HOLD: Final = "SELECT key, rules, otherwise, version, changed_at FROM flags_flag WHERE key = $1 FOR UPDATE"
BEGUN: Final = "SELECT key, started_at, ended_at, kept FROM flags_experiment ORDER BY key"
VERSIONED: Final = Versioned(
    "flags.flag",
    "flags_flag",
    {"rules": "record.rules", "otherwise": "record.otherwise"},
    key="key",
    nothing={"rules": [], "otherwise": None},
)
PUT_FIRST: Final = """
INSERT INTO flags_flag (key, rules, otherwise, version) VALUES ($1, $2::text::jsonb, $3::text::jsonb, 1)
ON CONFLICT (key) DO NOTHING RETURNING version, changed_at
"""
PUT_NEXT: Final = f"""
WITH {VERSIONED.keeping("record.key = $1 AND record.version = $4")}
UPDATE flags_flag SET rules = $2::text::jsonb, otherwise = $3::text::jsonb, version = version + 1, changed_at = now()
WHERE key = $1 AND version = $4 RETURNING version, changed_at
"""  # noqa: S608  constants
START: Final = "INSERT INTO flags_experiment (key) VALUES ($1) ON CONFLICT DO NOTHING RETURNING started_at"
END: Final = """
UPDATE flags_experiment SET ended_at = now(), kept = $2 WHERE key = $1 AND ended_at IS NULL RETURNING ended_at
"""
EXPOSE: Final = """
INSERT INTO flags_exposure (experiment, unit_id, variant)
SELECT key, $2, $3 FROM flags_experiment WHERE key = $1 AND ended_at IS NULL ON CONFLICT DO NOTHING
"""
# The first one counts; whoever met no variant has no outcome.
NOTE_OUTCOME: Final = """
INSERT INTO flags_outcome (experiment, unit_id, value)
SELECT experiment, unit_id, $3 FROM flags_exposure WHERE experiment = $1 AND unit_id = $2 ON CONFLICT DO NOTHING
"""
SAMPLES: Final = """
WITH numbered AS (
    SELECT variant, unit_id, exposed_at,
        row_number() OVER (PARTITION BY variant ORDER BY exposed_at, unit_id) <= $2::bigint AS counts
    FROM flags_exposure WHERE experiment = $1
), measured AS (
    SELECT n.variant, n.counts, n.exposed_at + $3::interval > $4::timestamptz AS is_open, coalesce(o.value, 0) AS value
    FROM numbered AS n LEFT JOIN flags_outcome AS o ON o.experiment = $1 AND o.unit_id = n.unit_id
        AND o.happened_at <= n.exposed_at + $3::interval
)
SELECT variant, count(*) AS exposed, count(*) FILTER (WHERE counts) AS counted,
    coalesce(sum(value) FILTER (WHERE counts), 0)::float8 AS total,
    coalesce(sum(value * value) FILTER (WHERE counts), 0)::float8 AS squares,
    count(*) FILTER (WHERE counts AND is_open) AS open_windows
FROM measured GROUP BY variant
"""


async def steered(uow: UnitOfWork) -> list[Row]:
    """Return all flags that somebody has steered."""
    return await uow.read(STEERED)


async def hold(uow: UnitOfWork, key: str) -> Row | None:
    """Return how a flag is steered, and let nobody change it before this work ends."""
    return await uow.write_row(HOLD, key)


async def put(uow: UnitOfWork, key: str, rules: str, otherwise: Value | None, version: int) -> Row | None:
    """Steer a flag that was read at `version`, 0 being one that nobody has steered; None when somebody else did."""
    kept = None if otherwise is None else json.dumps(otherwise)
    if version == 0:
        return await uow.write_row(PUT_FIRST, key, rules, kept)
    return await uow.write_row(PUT_NEXT, key, rules, kept, version)


async def tell(uow: UnitOfWork) -> None:
    """Have every process read anew, as soon as this work is committed."""
    await uow.write(NOTIFY, CHANNEL)


async def begun(uow: UnitOfWork) -> list[Row]:
    """Return all experiments that have begun."""
    return await uow.read(BEGUN)


async def start(uow: UnitOfWork, key: str) -> bool:
    """Begin an experiment; False when it has begun already."""
    return await uow.write_row(START, key) is not None


async def end(uow: UnitOfWork, key: str, kept: str) -> bool:
    """End an experiment with the variant that is kept; False when it does not run."""
    return await uow.write_row(END, key, kept) is not None


async def expose(uow: UnitOfWork, key: str, unit_id: UUID, variant: str) -> None:
    """Note that a unit met its variant, once."""
    await uow.write(EXPOSE, key, unit_id, variant)


async def note_outcome(uow: UnitOfWork, key: str, unit_id: UUID, value: float) -> None:
    """Note what came of a unit that met its variant, once."""
    await uow.write(NOTE_OUTCOME, key, unit_id, value)


async def samples(uow: UnitOfWork, key: str, size: int, window: timedelta, now: datetime) -> list[Row]:
    """Return for each variant that was met how many units there are, and the figures of the first `size`."""
    return await uow.read(SAMPLES, key, size, window, now)
