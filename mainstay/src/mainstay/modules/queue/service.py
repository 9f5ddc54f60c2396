"""What people may do with the work in the background; the queue itself is the worker's (`mainstay.worker.queue`)."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Final

import structlog
from pydantic import JsonValue, ValidationError

from mainstay import clock
from mainstay.bulk.outcomes import Outcomes
from mainstay.bulk.schemas import NumberedBulkOut, NumberedItemIn
from mainstay.errors import DomainError
from mainstay.mail.letter import Catalogue
from mainstay.messages.audit import Entry
from mainstay.messages.job import Job
from mainstay.messages.notification import NotificationKind
from mainstay.modules.notifications import api as notifications
from mainstay.modules.notifications.api import Notice
from mainstay.modules.queue.errors import JobUnknown, NotRepeatable, ScheduleUnknown, WrongState
from mainstay.modules.queue.permissions import READ
from mainstay.modules.queue.schemas import (
    Act,
    FailureOut,
    JobDetailOut,
    JobOut,
    JobsBulkIn,
    ScheduleOut,
    StandingOut,
)
from mainstay.observe.counters import Counters
from mainstay.observe.health import HealthSettings, Unhealthy
from mainstay.work import Row, UnitOfWork
from mainstay.worker import queue
from mainstay.worker.body import UnknownEvent, tell

logger = structlog.stdlib.get_logger(__name__)

# In which states a job may be tried again, cancelled and discarded.
ALLOWED: Final[Mapping[Act, frozenset[str]]] = {
    "retry": frozenset({"failed", "cancelled", "retrying"}),
    "cancel": frozenset({"waiting", "retrying", "running"}),
    "discard": frozenset({"failed", "cancelled"}),
}
ACTS: Final[Mapping[Act, Callable[[UnitOfWork, Sequence[int]], Awaitable[None]]]] = {
    "retry": queue.retry,
    "cancel": queue.cancel,
    "discard": queue.discard,
}
RECORDED: Final[Mapping[Act, str]] = {
    "retry": "queue.job_retried",
    "cancel": "queue.job_cancelled",
    "discard": "queue.job_discarded",
}
STARTED_ELSEWHERE: Final = "Whoever started it was told that it failed: start it again there."
# What an event says under such names is shown as that it is there.
SECRET: Final = re.compile(r"password|secret|token|code|(?:^|_)pin(?:$|_)|key$", re.IGNORECASE)
HIDDEN: Final = "…"
JOBS: Final = "mainstay_jobs"
WAITED: Final = "mainstay_job_oldest_seconds"
FAILED: Final = NotificationKind(
    "queue.failed", Catalogue("mainstay.modules.queue"), right=READ, moments=frozenset({"at"})
)
# A worker that was away looks back so far.
TOLD_WITHIN: Final = timedelta(hours=6)


async def standing(uow: UnitOfWork) -> StandingOut:
    """Return how the queue stands."""
    workers = [dict(worker) for worker in await queue.workers(uow)]
    return StandingOut.model_validate({**dict(await queue.standing(uow)), "workers": workers})


async def observe(uow: UnitOfWork, counters: Counters) -> None:
    """Say how the queue stands, in numbers: jobs by state, and for how long the oldest untried one has waited."""
    row = await queue.standing(uow)
    for state in ("waiting", "retrying", "running", "failed"):
        counters.set(JOBS, row[state], state=state)
    since = row["waiting_since"]
    counters.set(WAITED, 0.0 if since is None else max(0.0, (clock.now() - since).total_seconds()))


async def check(uow: UnitOfWork, settings: HealthSettings) -> None:
    """Raise Unhealthy when a job has waited for its first try for longer than the settings allow."""
    if settings.queue_seconds and await queue.waits_longer(uow, timedelta(seconds=settings.queue_seconds)):
        raise Unhealthy("Work in the background waits for too long: see whether a worker runs.")


async def tell_failed(uow: UnitOfWork) -> None:
    """Tell whoever sees the queue of jobs that failed for good lately: of each kind of job once an hour."""
    for row in await queue.failed_since(uow, clock.now() - TOLD_WITHIN):
        values = {
            "job": row["name"],
            "reason": row["reason"] or "",
            "error": row["error"],
            "at": row["failed_at"].isoformat(),
        }
        once = f"{row['name']}@{row['hour'].isoformat()}"
        await notifications.notify(uow, Notice(FAILED, values, "/settings/queue?state=failed", once))


async def jobs(uow: UnitOfWork, state: str | None, name: str | None, before: int | None, limit: int) -> list[JobOut]:
    """Return up to `limit` jobs, the newest first, of those before the id `before`."""
    return [JobOut.model_validate(_told(uow, row)) for row in await queue.jobs(uow, state, name, before, limit)]


async def job(uow: UnitOfWork, job_id: int) -> JobDetailOut:
    """Return a job with its event and its failed tries. Raises JobUnknown."""
    row = await queue.job(uow, job_id)
    if row is None:
        raise _unknown()
    failures = [FailureOut.model_validate(dict(failure)) for failure in await queue.failures(uow, job_id)]
    payload = _without_secrets(await queue.payload(uow, job_id))
    return JobDetailOut.model_validate({**_told(uow, row), "payload": payload, "failures": failures})


async def change(uow: UnitOfWork, job_id: int, act: Act) -> None:
    """Do something with one job, see `change_many`. Raises JobUnknown, WrongState and NotRepeatable."""
    row = (await queue.locked(uow, [job_id])).get(job_id)
    if row is None:
        raise _unknown()
    if (refusal := _refusal(uow, row, act)) is not None:
        raise refusal
    await _do(uow, [row], act)


async def change_many(uow: UnitOfWork, wanted: JobsBulkIn) -> NumberedBulkOut:
    """Do something with many jobs, in as many statements as with one; tell what became of each.

    - retry: try again, with all its tries. One that told of its failure is not tried again here: what it was about may
      be in another state since.
    - cancel: do not run, or break off: what it has written goes. Whoever waits for it is told, as when it fails for
      good: by the worker that breaks it off, or here.
    - discard: forget what failed for good or was cancelled.
    """
    act = wanted.change.kind
    rows = await queue.locked(uow, [item.id for item in wanted.items])
    outcomes = Outcomes[int, NumberedItemIn](wanted, dict.fromkeys(rows), _unknown())
    for job_id in outcomes.keys:
        if (refusal := _refusal(uow, rows[job_id], act)) is not None:
            outcomes.refused([job_id], refusal)
    chosen = outcomes.keys
    await _do(uow, [rows[job_id] for job_id in chosen], act)
    outcomes.changed(dict.fromkeys(chosen))
    return outcomes.answer(NumberedBulkOut)


async def _do(uow: UnitOfWork, rows: Sequence[Row], act: Act) -> None:
    await ACTS[act](uow, [row["id"] for row in rows])
    for row in rows:
        if act == "cancel":
            await _tell_cancelled(uow, row)
        entry = Entry(RECORDED[act], "queue.job", str(row["id"]), old={"name": row["name"], "state": row["state"]})
        uow.record(entry)


async def _tell_cancelled(uow: UnitOfWork, row: Row) -> None:
    found = _job(uow, row)
    if found is None or row["state"] == "running":
        return
    try:
        await tell(found, uow, row["event"])
    except (UnknownEvent, ValidationError):
        # An older version deferred it, in words that this one does not know: nobody can be told, and it is to go.
        logger.warning("nobody was told of a cancelled job", job=row["name"], job_id=row["id"])


async def schedules(uow: UnitOfWork) -> list[ScheduleOut]:
    """Return all schedules by name, with when they run next and how the latest run went."""
    declared = sorted(uow.setup.background.schedules, key=lambda schedule: schedule.name)
    runs, now = await queue.runs(uow), clock.now()
    pending = await queue.pending(uow, [schedule.name for schedule in declared])
    return [
        ScheduleOut.model_validate(
            {
                "name": schedule.name,
                "cron": schedule.cron,
                "queue": schedule.queue,
                "next_at": queue.next_moment(schedule, now),
                "is_pending": schedule.name in pending,
                **_last(runs.get(schedule.name)),
            }
        )
        for schedule in declared
    ]


async def run_now(uow: UnitOfWork, name: str) -> None:
    """Have a schedule run at once, beside its own moments. Raises ScheduleUnknown."""
    schedule = uow.setup.background.schedule(name)
    if schedule is None:
        raise ScheduleUnknown("This version of the program has no such schedule.")
    await queue.run_now(uow, schedule, clock.now())
    uow.record(Entry("queue.schedule_run", "queue.schedule", name))


def _last(run: Row | None) -> dict[str, object]:
    names = ("moment", "ended_at", "outcome", "error", "duration_ms")
    return {f"last_{name}": None if run is None else run[name] for name in names}


def _refusal(uow: UnitOfWork, row: Row, act: Act) -> DomainError | None:
    """Return why something cannot be done with a job; None when it can."""
    if row["state"] not in ALLOWED[act]:
        return WrongState(f"The job is {row['state']}; look at the queue again.")
    if act == "retry" and not _is_repeatable(uow, row["name"], row["state"]):
        return NotRepeatable(STARTED_ELSEWHERE if _job(uow, row) else "This version of the program has no such job.")
    return None


def _told(uow: UnitOfWork, row: Row) -> dict[str, object]:
    name, state = row["name"], row["state"]
    known = uow.setup.background.job(name)
    can = [act for act, states in ALLOWED.items() if state in states]
    if not _is_repeatable(uow, name, state) and "retry" in can:
        can.remove("retry")
    return {**dict(row), "tries": None if known is None else known.retry.attempts + 1, "can": can}


def _is_repeatable(uow: UnitOfWork, name: str, state: str) -> bool:
    background = uow.setup.background
    found = background.job(name)
    if found is None:
        return background.schedule(name) is not None
    return state == "retrying" or found.on_failure is None


def _job(uow: UnitOfWork, row: Row) -> Job | None:
    return uow.setup.background.job(row["name"])


def _unknown() -> JobUnknown:
    return JobUnknown("It is done, or was discarded: jobs that are done are not kept.")


def _without_secrets(values: Mapping[str, object]) -> dict[str, JsonValue]:
    return {name: HIDDEN if SECRET.search(name) else _json(value) for name, value in values.items()}


def _json(value: object) -> JsonValue:
    if isinstance(value, Mapping):
        return _without_secrets(value)
    if isinstance(value, list):
        return [_json(each) for each in value]
    assert value is None or isinstance(value, str | int | float | bool)  # noqa: S101  it was JSON
    return value
