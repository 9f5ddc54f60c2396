"""The job engine set up for a program: each job and each schedule is one of its tasks, reported in one log line."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from math import inf
from typing import Any, LiteralString

import structlog
from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.exceptions import ConnectorException, JobAborted
from procrastinate.job_context import AbortReason

from mainstay import clock
from mainstay.context import Story, in_request
from mainstay.db.address import libpq_url
from mainstay.messages.job import Job, Retry, Schedule
from mainstay.observe.statements import Tally, in_hand
from mainstay.observe.traces import current
from mainstay.setup import Setup
from mainstay.work import WorkOpener
from mainstay.worker.body import Envelope, give_up, perform, perform_scheduled, refuse
from mainstay.worker.progress import watched
from mainstay.worker.record import Run, note_failure, note_run
from mainstay.worker.retry import GrowingDelay, delay

logger = structlog.stdlib.get_logger(__name__)

# The engine's own connections: fetching, heartbeat and bookkeeping. Jobs use the program's pool.
POOL_SIZE = 4
POOL_WAIT = 5.0
# How often each job and schedule ran, by how it ended, and how long that took.
RUNS = "mainstay_job_runs_total"
SECONDS = "mainstay_job_seconds"
# A schedule that failed is tried again a few times; its next moment comes anyway.
SCHEDULE_RETRY = Retry(attempts=3)


class _Connector(PsycopgConnector):
    """The engine's way to its tables, on which no question waits for ever: without an answer the database is lost.

    Each of them raises ConnectorException.
    """

    answer_timeout: float | None = None

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:  # noqa: ANN401  the engine's
        """Run a statement whose rows nobody wants."""
        async with self._in_time():
            await super().execute_query_async(query, **arguments)

    async def execute_query_one_async(self, query: LiteralString, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return the one row."""
        async with self._in_time():
            row: dict[str, Any] = await super().execute_query_one_async(query, **arguments)
            return row

    async def execute_query_all_async(self, query: LiteralString, **arguments: Any) -> list[dict[str, Any]]:  # noqa: ANN401
        """Return all rows."""
        async with self._in_time():
            rows: list[dict[str, Any]] = await super().execute_query_all_async(query, **arguments)
            return rows

    @asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self.answer_timeout):
                yield
        except TimeoutError as failure:
            raise ConnectorException("the database did not answer in time") from failure


def create_app(
    url: str,
    jobs: Iterable[Job],
    schedules: Iterable[Schedule],
    open_work: WorkOpener,
    answer_timeout: float | None = None,
) -> App:
    """Return the engine with a task for each job and schedule; it connects when it is opened, not here."""
    _quieten()
    connector = _Connector(
        conninfo=libpq_url(url),
        min_size=1,
        max_size=POOL_SIZE,
        timeout=POOL_WAIT,
        kwargs={"application_name": "mainstay-worker", "connect_timeout": 5},
    )
    connector.answer_timeout = answer_timeout
    app = App(connector=connector)
    for job in jobs:
        body = _job_body(job, open_work)
        app.task(name=job.name, queue=job.queue, retry=GrowingDelay(job.retry), pass_context=True)(body)
    for schedule in schedules:
        task = app.task(
            name=schedule.name, queue=schedule.queue, retry=GrowingDelay(SCHEDULE_RETRY), pass_context=True
        )(_schedule_body(schedule, open_work))
        app.periodic(cron=schedule.cron, periodic_id=schedule.name)(task)
    return app


def _job_body(job: Job, open_work: WorkOpener) -> Callable[..., Awaitable[None]]:
    async def run(call: JobContext, event: Envelope) -> None:
        facts = {"event_name": event["name"], "event_id": event["id"], "waited_ms": _waited(event["happened_at"])}
        with (
            in_request(event["request_id"], _story(job, event)) as request_id,
            _seen(call, open_work.setup, event.get("trace")),
        ):
            facts["request_id"] = request_id
            # Such jobs were handed back once more than they may be tried, to be told of here.
            is_spent = call.job.attempts > job.retry.attempts
            work = refuse() if is_spent else perform(job, open_work, event)
            async with watched(open_work, call.job.id):
                run = await _reported(call, facts, job.retry, work)
            _count(open_work.setup, job.name, run)
            await note_failure(open_work, call.job.id, call.job.attempts + 1, run)
            if run.outcome in {"failed", "cancelled"}:
                await _give_up(job, open_work, event)
            _end(run)

    return run


def _schedule_body(schedule: Schedule, open_work: WorkOpener) -> Callable[..., Awaitable[None]]:
    async def run(call: JobContext, timestamp: int) -> None:
        with in_request(None) as request_id, _seen(call, open_work.setup, None):
            facts = {"moment": timestamp, "request_id": request_id}
            work = perform_scheduled(schedule, open_work, timestamp)
            async with watched(open_work, call.job.id):
                run = await _reported(call, facts, SCHEDULE_RETRY, work)
            _count(open_work.setup, schedule.name, run)
            await note_failure(open_work, call.job.id, call.job.attempts + 1, run)
            await note_run(open_work, schedule.name, timestamp, run)
            _end(run)

    return run


def _story(job: Job, event: Envelope) -> Story:
    """Return who caused an event, and what it is about."""
    kind = next((each for each in job.answers if each.name == event["name"]), None)
    field = kind.object_field() if kind is not None else None
    found = event["payload"].get(field) if field is not None else None
    return Story(event.get("actor_id"), (found,) if isinstance(found, str) else ())


@contextmanager
def _seen(call: JobContext, setup: Setup, trace: str | None) -> Iterator[None]:
    """Have a run seen under the job's name."""
    with setup.seen(call.job.task_name, trace) as step:
        if step is not None:
            step.attributes["mainstay.job_id"] = call.job.id or 0
            step.attributes["mainstay.attempt"] = call.job.attempts + 1
        yield


def _count(setup: Setup, name: str, run: Run) -> None:
    """Count a run and how long it took, under the name of its job or schedule."""
    setup.counters.add(RUNS, place=name, outcome=run.outcome)
    setup.counters.observe(SECONDS, run.duration_ms / 1000, place=name)


def _end(run: Run) -> None:
    """Tell the engine. Raises what made the run fail, and JobAborted for one that was cancelled."""
    if run.failure is not None:
        raise run.failure
    if run.outcome == "cancelled":
        raise JobAborted


async def _reported(call: JobContext, facts: Mapping[str, Any], retry: Retry, work: Awaitable[bool]) -> Run:
    """Await `work`, write the job's line and return how it went.

    Raises CancelledError, after a line that says `returned`, when the worker stops before the run ends.
    """
    began = clock.monotonic()
    outcome, failure = "returned", None
    try:
        outcome = "done" if await work else "repeated"
    except asyncio.CancelledError:
        if call.abort_reason() is not AbortReason.USER_REQUEST:
            raise
        # The wish is granted: what follows here is not to be broken off by it as well.
        if (task := asyncio.current_task()) is not None:
            task.uncancel()
        outcome = "cancelled"
    except Exception as raised:  # noqa: BLE001  it is raised again, once it is kept
        outcome, failure = "failed" if _is_last(call, retry) else "retried", raised
    finally:
        line = logger.bind(job=call.job.task_name, job_id=call.job.id, attempt=call.job.attempts + 1, **facts)
        write = {"failed": line.error, "retried": line.warning}.get(outcome, line.info)
        milliseconds = (clock.monotonic() - began) * 1000
        asked = in_hand.get() or Tally(inf)
        if (step := current.get()) is not None:
            step.attributes["mainstay.outcome"] = outcome
        write(
            "job",
            outcome=outcome,
            duration_ms=round(milliseconds, 1),
            statements=asked.count,
            database_ms=round(asked.seconds * 1000, 2),
            exc_info=failure,
        )
    return Run(outcome, round(milliseconds), failure)


def _is_last(call: JobContext, retry: Retry) -> bool:
    return delay(retry, attempts=call.job.attempts, seed=str(call.job.id)) is None


async def _give_up(job: Job, open_work: WorkOpener, event: Envelope) -> None:
    """Tell of a job that failed for good; that this fails as well must not hide why the job did."""
    try:
        await give_up(job, open_work, event)
    except Exception:
        logger.exception("a failed job could not be told of", job=job.name, event_id=event["id"])


def _waited(happened_at: str) -> float:
    """Return the milliseconds from the event to now."""
    return round((clock.now() - datetime.fromisoformat(happened_at)).total_seconds() * 1000, 1)


def _quieten() -> None:
    """Keep the engine's trouble and drop its line per job: ours says the same, and its shows the event's content."""
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    logging.getLogger("procrastinate.worker").addFilter(_is_no_job_line)
    for name in ("procrastinate.worker.worker", "procrastinate.utils"):
        logging.getLogger(name).addFilter(_demote_outage)


def _is_no_job_line(record: logging.LogRecord) -> bool:
    return not str(getattr(record, "action", "")).startswith("job_")


def _demote_outage(record: logging.LogRecord) -> bool:
    """Have a database that is away be a warning, whoever notices: it is expected trouble, and `Worker` waits for it."""
    if record.exc_info and isinstance(record.exc_info[1], ConnectorException):
        record.levelno, record.levelname, record.exc_info = logging.WARNING, "WARNING", None
    return True
