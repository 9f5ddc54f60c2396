"""The queue as people see it: what waits, runs and failed for good, the schedules, and what can be done about each.

The job engine's tables are read and written here and nowhere else.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from procrastinate import Blueprint

from mainstay import clock
from mainstay.messages.job import Schedule
from mainstay.work import Row, UnitOfWork

# The engine's words for states in ours, which tell a job that waits for its next try from one that waits for its first.
STATE = """
CASE status::text WHEN 'todo' THEN CASE WHEN attempts > 0 THEN 'retrying' ELSE 'waiting' END
    WHEN 'doing' THEN CASE WHEN abort_requested THEN 'cancelling' ELSE 'running' END
    WHEN 'failed' THEN 'failed' WHEN 'succeeded' THEN 'done' ELSE 'cancelled' END
"""
# A job is of a schedule or answers an event.
FACTS = f"""
SELECT job.id, task_name AS name, queue_name AS queue, priority, {STATE} AS state, attempts, scheduled_at AS due_at,
       args #>> '{{event,name}}' AS event_name, args #>> '{{event,id}}' AS event_id,
       args #>> '{{event,request_id}}' AS request_id, (args #>> '{{event,happened_at}}')::timestamptz AS happened_at,
       to_timestamp((args ->> 'timestamp')::bigint) AS moment, failure.error, failure.reason, failure.failed_at,
       progress.done AS progress_done, progress.total AS progress_total
FROM procrastinate_jobs AS job
LEFT JOIN mainstay_job_progress AS progress ON progress.job_id = job.id
LEFT JOIN LATERAL (
    SELECT error, reason, failed_at FROM mainstay_job_failure WHERE job_id = job.id ORDER BY id DESC LIMIT 1
) AS failure ON true
"""  # noqa: S608  constants
STATES = {
    "waiting": "status = 'todo' AND attempts = 0",
    "retrying": "status = 'todo' AND attempts > 0",
    "running": "status = 'doing'",
    "failed": "status = 'failed'",
    "cancelled": "status IN ('cancelled', 'aborted', 'aborting')",
    "done": "status = 'succeeded'",
}
ONE = f"{FACTS} WHERE job.id = $1"
PAYLOAD = "SELECT args -> 'event' -> 'payload' FROM procrastinate_jobs WHERE id = $1"
FAILURES = """
SELECT attempt, error, reason, stack, request_id, duration_ms, failed_at FROM mainstay_job_failure
WHERE job_id = $1 ORDER BY id DESC LIMIT 100
"""
STANDING = """
SELECT count(*) FILTER (WHERE status = 'todo' AND attempts = 0) AS waiting,
       count(*) FILTER (WHERE status = 'todo' AND attempts > 0) AS retrying,
       count(*) FILTER (WHERE status = 'doing') AS running,
       count(*) FILTER (WHERE status = 'failed') AS failed,
       min((args #>> '{event,happened_at}')::timestamptz)
           FILTER (WHERE status = 'todo' AND attempts = 0 AND scheduled_at IS NULL) AS waiting_since
FROM procrastinate_jobs
"""
FAILED_SINCE = """
SELECT DISTINCT ON (name, hour) task_name AS name, date_trunc('hour', failed_at) AS hour, failed_at, error, reason
FROM procrastinate_jobs AS job CROSS JOIN LATERAL (
    SELECT error, reason, failed_at FROM mainstay_job_failure WHERE job_id = job.id ORDER BY id DESC LIMIT 1
) AS failure
WHERE status = 'failed' AND failed_at > $1 ORDER BY name, hour, failed_at DESC
"""
# By the key, so that a long queue costs no more than a short one: the lowest id has waited the longest.
WAITS_LONGER = """
SELECT (args #>> '{event,happened_at}')::timestamptz < $1 FROM procrastinate_jobs
WHERE status = 'todo' AND attempts = 0 AND scheduled_at IS NULL AND args ? 'event' ORDER BY id LIMIT 1
"""
WORKERS = """
SELECT worker.id, last_heartbeat, count(job.id) AS running
FROM procrastinate_workers AS worker LEFT JOIN procrastinate_jobs AS job ON job.worker_id = worker.id
    AND job.status = 'doing'
GROUP BY worker.id ORDER BY worker.id
"""
LOCKED = f"""
SELECT id, task_name AS name, {STATE} AS state, args -> 'event' AS event FROM procrastinate_jobs
WHERE id = ANY ($1) ORDER BY id FOR UPDATE
"""  # noqa: S608  a constant
# As if it had never been tried; who noticed its failure was told, and is told again if it fails again.
RETRY = """
UPDATE procrastinate_jobs
SET status = 'todo', attempts = 0, scheduled_at = NULL, worker_id = NULL, abort_requested = false WHERE id = ANY ($1)
"""
CANCEL = "SELECT procrastinate_cancel_job_v1(id, true, false) FROM unnest($1::bigint[]) AS asked(id)"
DISCARD = "DELETE FROM procrastinate_jobs WHERE id = ANY ($1)"
RUNS = "SELECT name, moment, outcome, error, duration_ms, ended_at FROM mainstay_schedule_run"
PENDING = """
SELECT task_name AS name FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND task_name = ANY($1::text[])
"""
RUN_NOW = """
SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(
    $1, $2, $3, NULL, NULL, jsonb_build_object('timestamp', $4::bigint), NULL
)::procrastinate_job_to_defer_v1])
"""


async def failed_since(uow: UnitOfWork, moment: datetime) -> list[Row]:
    """Return which jobs failed for good since a moment: name, the hour, and of the latest of that hour what it raised.

    Jobs that fail by the hundred have one cause, and are one row for each hour.
    """
    return await uow.read(FAILED_SINCE, moment)


async def standing(uow: UnitOfWork) -> Row:
    """Return how many jobs wait, are to be tried again, run and have failed, and since when the oldest waits."""
    row = await uow.read_row(STANDING)
    assert row is not None  # noqa: S101  an aggregate has one row
    return row


async def waits_longer(uow: UnitOfWork, age: timedelta) -> bool:
    """Say whether the oldest job that has not been tried yet has waited for longer than `age`."""
    return bool(await uow.read_value(WAITS_LONGER, clock.now() - age))


async def workers(uow: UnitOfWork) -> list[Row]:
    """Return the worker processes: id, last sign of life, how many jobs each runs."""
    return await uow.read(WORKERS)


async def jobs(uow: UnitOfWork, state: str | None, name: str | None, before: int | None, limit: int) -> list[Row]:
    """Return up to `limit` jobs in the state, of the name and before the id that are given; the newest first."""
    chosen = STATES[state] if state else "true"
    sql = f"{FACTS} WHERE {chosen} AND ($1::text IS NULL OR task_name = $1) AND ($2::bigint IS NULL OR job.id < $2)"
    return await uow.read(f"{sql} ORDER BY job.id DESC LIMIT $3", name, before, limit)


async def job(uow: UnitOfWork, job_id: int) -> Row | None:
    """Return one job; None when it is done or was never there."""
    return await uow.read_row(ONE, job_id)


async def payload(uow: UnitOfWork, job_id: int) -> dict[str, object]:
    """Return what the event of a job says; nothing for the job of a schedule."""
    found: dict[str, object] | None = await uow.read_value(PAYLOAD, job_id)
    return found or {}


async def failures(uow: UnitOfWork, job_id: int) -> list[Row]:
    """Return the tries of a job that failed, the latest first; 100 at most."""
    return await uow.read(FAILURES, job_id)


async def locked(uow: UnitOfWork, job_ids: Sequence[int]) -> dict[int, Row]:
    """Return id, name, state and event of jobs, which keep their states until this work ends; by id."""
    return {row["id"]: row for row in await uow.write(LOCKED, job_ids)}


async def retry(uow: UnitOfWork, job_ids: Sequence[int]) -> None:
    """Have jobs wait as if they had never been tried."""
    await uow.write(RETRY, job_ids)


async def cancel(uow: UnitOfWork, job_ids: Sequence[int]) -> None:
    """Have jobs that wait not run, and ask the workers that run them to break off."""
    await uow.write(CANCEL, job_ids)


async def discard(uow: UnitOfWork, job_ids: Sequence[int]) -> None:
    """Delete jobs."""
    await uow.write(DISCARD, job_ids)


async def runs(uow: UnitOfWork) -> dict[str, Row]:
    """Return the latest run of each schedule by name."""
    return {row["name"]: row for row in await uow.read(RUNS)}


async def pending(uow: UnitOfWork, names: list[str]) -> set[str]:
    """Return which of these schedules wait for a worker or run at present."""
    return {row["name"] for row in await uow.read(PENDING, names)}


async def run_now(uow: UnitOfWork, schedule: Schedule, now: datetime) -> None:
    """Have a schedule run for this second, beside its own moments; twice in one second is once."""
    await uow.write(RUN_NOW, schedule.queue, schedule.name, schedule.priority, int(now.timestamp()))


def next_moment(schedule: Schedule, now: datetime) -> datetime:
    """Return when a schedule is due next, as the engine works it out."""
    engine = Blueprint()
    engine.periodic(cron=schedule.cron)(engine.task(name=schedule.name)(_stand_in))
    (registered,) = engine.periodic_registry.periodic_tasks.values()
    registered.croniter.set_current(now)
    moment: datetime = registered.croniter.get_next(ret_type=datetime)
    return moment


async def _stand_in(timestamp: int) -> None:
    """Stand for a schedule whose moments are asked for."""
