"""Hands back the jobs of workers that died: a killed worker leaves them marked as running."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime

import structlog
from procrastinate import App

from mainstay import clock
from mainstay.messages.job import Job
from mainstay.worker.body import WorkersDied
from mainstay.worker.record import kind_of

logger = structlog.stdlib.get_logger(__name__)

# One statement, so that two workers never hand back the same job, or one that was just taken up again. A job whose
# workers died each time may be the cause: it fails when its tries are used up.
HAND_BACK = """
WITH handed_back AS (
    UPDATE procrastinate_jobs
    SET status = (CASE WHEN attempts >= coalesce((%(limits)s::jsonb ->> task_name)::integer, %(limit)s)
                       THEN 'failed' ELSE 'todo' END)::procrastinate_job_status,
        attempts = attempts + 1, scheduled_at = NULL, worker_id = NULL, abort_requested = false
    WHERE status = 'doing' AND (worker_id IS NULL OR worker_id = ANY (%(dead)s))
    RETURNING id, task_name, attempts, status, args
), told AS (
    INSERT INTO mainstay_job_failure (job_id, attempt, error, reason, stack, request_id, duration_ms)
    SELECT id, attempts, %(error)s, %(reason)s, '', coalesce(args #>> '{event,request_id}', '-'), 0 FROM handed_back
)
SELECT id, task_name, attempts, status FROM handed_back
"""
HEARTBEATS = "SELECT id, last_heartbeat FROM procrastinate_workers"
FORGET = "DELETE FROM procrastinate_workers WHERE id = ANY (%(dead)s)"
REASON = "The worker that ran it died."
# For schedules, and jobs that this version of the program does not know.
DEFAULT_LIMIT = 3


class Heartbeats:
    """Tells which workers are dead: their heartbeat has not changed for `after` seconds of this process' own time.

    What time it says is nobody's business: where a clock is moved by days, or a machine wakes up from sleep, every
    worker would look dead, or none for days.
    """

    def __init__(self, after: float, now: Callable[[], float] = clock.monotonic) -> None:
        self._after = after
        self._now = now
        self._seen: dict[int, tuple[datetime, float]] = {}

    def dead(self, beats: Mapping[int, datetime]) -> list[int]:
        """Return the ids of the dead, given the latest heartbeat of each worker."""
        now, before = self._now(), self._seen
        self._seen = {
            worker: before[worker] if worker in before and before[worker][0] == beat else (beat, now)
            for worker, beat in beats.items()
        }
        return [worker for worker, (_, since) in self._seen.items() if now - since >= self._after]


async def heartbeats(app: App) -> dict[int, datetime]:
    """Return the latest heartbeat of each worker, by its id."""
    return {row["id"]: row["last_heartbeat"] for row in await app.connector.execute_query_all_async(HEARTBEATS)}


async def hand_back(app: App, jobs: Iterable[Job], dead: Collection[int]) -> int:
    """Hand back the jobs of `dead` workers, and forget these; return how many jobs it were."""
    # A job that tells of its failure is handed back once more: not to be run, but to tell.
    limits = {job.name: job.retry.attempts + (job.on_failure is not None) for job in jobs}
    told = {"error": kind_of(WorkersDied()), "reason": REASON}
    rows = await app.connector.execute_query_all_async(
        HAND_BACK, dead=list(dead), limits=limits, limit=DEFAULT_LIMIT, **told
    )
    for row in rows:
        line = logger.bind(job=row["task_name"], job_id=row["id"], attempt=row["attempts"])
        if row["status"] == "failed":
            line.error("job", outcome="failed", reason="each worker that ran it died")
        else:
            line.warning("job", outcome="handed back", reason="the worker that ran it died")
    await app.connector.execute_query_async(FORGET, dead=list(dead))
    return len(rows)
