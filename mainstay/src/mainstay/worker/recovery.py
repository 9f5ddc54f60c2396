"""Hands back the jobs of workers that died: a killed worker leaves them marked as running."""

from collections.abc import Iterable

import structlog
from procrastinate import App

from mainstay.messages.job import Job
from mainstay.worker.body import WorkersDied
from mainstay.worker.record import kind_of

logger = structlog.stdlib.get_logger(__name__)

# One statement, so that two workers never hand back the same job, or one that was just taken up again. A job whose
# workers died each time may be the cause: it fails when its tries are used up.
HAND_BACK = """
WITH dead AS (
    SELECT id FROM procrastinate_workers WHERE last_heartbeat < now() - make_interval(secs => %(after)s)
), handed_back AS (
    UPDATE procrastinate_jobs
    SET status = (CASE WHEN attempts >= coalesce((%(limits)s::jsonb ->> task_name)::integer, %(limit)s)
                       THEN 'failed' ELSE 'todo' END)::procrastinate_job_status,
        attempts = attempts + 1, scheduled_at = NULL, worker_id = NULL, abort_requested = false
    WHERE status = 'doing' AND (worker_id IS NULL OR worker_id IN (SELECT id FROM dead))
    RETURNING id, task_name, attempts, status, args
), told AS (
    INSERT INTO mainstay_job_failure (job_id, attempt, error, reason, stack, request_id, duration_ms)
    SELECT id, attempts, %(error)s, %(reason)s, '', coalesce(args #>> '{event,request_id}', '-'), 0 FROM handed_back
)
SELECT id, task_name, attempts, status FROM handed_back
"""
REASON = "The worker that ran it died."
# For schedules, and jobs that this version of the program does not know.
DEFAULT_LIMIT = 3


async def hand_back(app: App, jobs: Iterable[Job], *, after: float) -> int:
    """Hand back the jobs of workers without a heartbeat for `after` seconds; return how many it were.

    With `after` zero these are all jobs marked as running: right before the only worker of a database starts.
    """
    # A job that tells of its failure is handed back once more: not to be run, but to tell.
    limits = {job.name: job.retry.attempts + (job.on_failure is not None) for job in jobs}
    told = {"error": kind_of(WorkersDied()), "reason": REASON}
    rows = await app.connector.execute_query_all_async(
        HAND_BACK, after=after, limits=limits, limit=DEFAULT_LIMIT, **told
    )
    for row in rows:
        line = logger.bind(job=row["task_name"], job_id=row["id"], attempt=row["attempts"])
        if row["status"] == "failed":
            line.error("job", outcome="failed", reason="each worker that ran it died")
        else:
            line.warning("job", outcome="handed back", reason="the worker that ran it died")
    await app.job_manager.prune_stalled_workers(seconds_since_heartbeat=after)
    return len(rows)
