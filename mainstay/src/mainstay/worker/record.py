"""Keeps how a run ended, for people to look at: the tries of jobs that failed, and the latest run of each schedule."""

import traceback
from dataclasses import dataclass
from pathlib import Path

import structlog

from mainstay import context
from mainstay.db.absence import cause_of, is_away
from mainstay.errors import DomainError
from mainstay.work import SYSTEM, WorkOpener

logger = structlog.stdlib.get_logger(__name__)

NOTE_FAILURE = """
INSERT INTO mainstay_job_failure (job_id, attempt, error, reason, stack, request_id, duration_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
# A run that was tried again later may end after that of the next moment.
NOTE_RUN = """
INSERT INTO mainstay_schedule_run AS present (name, moment, outcome, error, duration_ms)
VALUES ($1, to_timestamp($2::bigint), $3, $4, $5)
ON CONFLICT (name) DO UPDATE SET moment = excluded.moment, outcome = excluded.outcome, error = excluded.error,
    duration_ms = excluded.duration_ms, ended_at = now()
WHERE present.moment <= excluded.moment
"""
# The innermost places are those that tell; the rest is the way of every job.
DEEPEST = 12
KEPT = frozenset({"done", "retried", "failed"})


@dataclass(frozen=True, slots=True)
class Run:
    """How a run ended: `done`, `repeated` (nothing was left to do), `retried`, `failed` or `cancelled` by somebody."""

    outcome: str
    duration_ms: int
    failure: Exception | None = None


def kind_of(failure: BaseException) -> str:
    """Return the full name of what was raised."""
    kind = type(failure)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def stack_of(failure: BaseException) -> str:
    """Return where it was raised, innermost last, a place per line; no values, which might be anybody's data."""
    frames = traceback.extract_tb(failure.__traceback__)[-DEEPEST:]
    return "\n".join(f"{_place(Path(frame.filename))}:{frame.lineno} {frame.name}" for frame in frames)


async def note_failure(open_work: WorkOpener, job_id: int | None, attempt: int, run: Run) -> None:
    """Keep that a try failed, if it did.

    What a failure says may hold anybody's data: only a domain error's sentence is kept.
    """
    if (failure := run.failure) is None:
        return
    reason = failure.detail if isinstance(failure, DomainError) else None
    facts = (job_id, attempt, kind_of(failure), reason, stack_of(failure))
    await _write(open_work, NOTE_FAILURE, *facts, context.request_id.get(), run.duration_ms)


async def note_run(open_work: WorkOpener, name: str, moment: int, run: Run) -> None:
    """Keep how the run of a schedule for `moment` (seconds since 1970, UTC) ended, unless there was nothing to do."""
    if run.outcome in KEPT:
        error = None if run.failure is None else kind_of(run.failure)
        await _write(open_work, NOTE_RUN, name, moment, run.outcome, error, run.duration_ms)


async def _write(open_work: WorkOpener, sql: str, *facts: object) -> None:
    """Write it; that this fails, as it does without a database, must not hide how the run ended."""
    try:
        async with open_work(SYSTEM) as uow:
            await uow.write(sql, *facts)
    except Exception as failure:
        if is_away(cause_of(failure)):
            # It is a note alone: what the job did is committed, or done by its next try.
            logger.warning("how a job ended could not be kept", reason=kind_of(failure))
            return
        logger.exception("how a job ended could not be kept")


def _place(path: Path) -> str:
    """Return the path of a file inside of what was installed, which tells the same on every machine."""
    parts = path.parts
    for root in ("site-packages", "src"):
        if root in parts:
            return "/".join(parts[len(parts) - parts[::-1].index(root) :])
    return path.name
