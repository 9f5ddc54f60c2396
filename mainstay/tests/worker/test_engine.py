"""Each job run leaves one line with what an operator needs, and schedules run once however many workers there are."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from procrastinate.exceptions import ConnectorException
from psycopg.conninfo import conninfo_to_dict
from sample.notes import ADD_EFFECT, TICK, TRACE, NoteWritten
from structlog.testing import capture_logs

from mainstay import clock, context
from mainstay.bootstrap.program import Program
from mainstay.db.address import libpq_url
from mainstay.errors import Conflict
from mainstay.messages.job import Job, Retry, Schedule
from mainstay.observe.counters import Counters
from mainstay.observe.statements import Statements
from mainstay.observe.traces import SERVER, Span, Tracer
from mainstay.work import SYSTEM, Row, UnitOfWork, WorkOpener
from mainstay.worker import queue
from mainstay.worker.engine import create_app
from mainstay.worker.record import Run, note_run
from mainstay.worker.runner import Worker
from mainstay.worker.settings import WorkerSettings

Until = Callable[..., Awaitable[Any]]
StartWorker = Callable[..., Awaitable[Worker]]


async def publish(open_work: WorkOpener, text: str) -> None:
    token = context.request_id.set("request-17")
    async with open_work(SYSTEM) as uow:
        uow.publish(NoteWritten(note_id=uuid4(), text=text))
    context.request_id.reset(token)


async def test_a_job_that_is_done_leaves_one_line(
    committed: WorkOpener, start_worker: StartWorker, until: Until, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with capture_logs() as lines:
        await start_worker()
        await publish(committed, "a private text")
        found = await until(lambda: _lines(lines))

    assert len(found) == 1
    line = found[0]
    assert (line["job"], line["event"], line["outcome"], line["attempt"]) == ("sample.trace", "job", "done", 1)
    assert (line["event_name"], line["request_id"]) == ("sample.note_written", "request-17")
    assert line["duration_ms"] < line["waited_ms"] + line["duration_ms"] < 5000
    assert "a private text" not in str(lines) + caplog.text


async def test_a_job_that_fails_leaves_a_line_per_try_and_the_last_is_an_error(
    committed: WorkOpener, start_worker: StartWorker, until: Until, caplog: pytest.LogCaptureFixture
) -> None:
    with capture_logs() as lines:
        await start_worker()
        await publish(committed, "fail")
        found = await until(lambda: _lines(lines, 3))

    told = [(line["log_level"], line["outcome"], line["attempt"]) for line in found]
    assert told == [("warning", "retried", 1), ("warning", "retried", 2), ("error", "failed", 3)]
    assert all(line["exc_info"] for line in found)
    assert "fail" not in caplog.text, "the engine's own line shows the event's content"


@pytest.mark.practice(83)
async def test_two_workers_run_a_schedule_once_for_each_moment(
    program: Program, committed: WorkOpener, fresh_database_url: str, until: Until
) -> None:
    every_second: Schedule = replace(TICK, cron="* * * * * *")
    workers = [Worker(fresh_database_url, (), (every_second,), committed) for _ in range(2)]
    tasks = [asyncio.create_task(worker.run()) for worker in workers]

    await until(lambda: _effects(committed, 2))
    for worker in workers:
        worker.stop()
    await asyncio.gather(*tasks)

    async with committed(SYSTEM) as uow:
        effects = await uow.read_value("SELECT count(*) FROM sample_effect")
        moments = await uow.read_value("SELECT count(DISTINCT date_trunc('second', at)) FROM sample_effect")
        done = await uow.read_value("SELECT count(*) FROM mainstay_job_done WHERE job = $1", TICK.name)
    assert effects == done
    assert effects <= moments + 1


@asynccontextmanager
async def working(url: str, open_work: WorkOpener, job: Job) -> AsyncIterator[None]:
    """Run one job's worker."""
    settings = WorkerSettings.model_validate({"poll": 0.1, "heartbeat": 0.2, "stalled_after": 1.0})
    worker = Worker(url, (job,), (), open_work, settings)
    task = asyncio.create_task(worker.run(is_alone=True))
    yield
    worker.stop()
    await task


async def tell(uow: UnitOfWork, event: NoteWritten) -> None:
    """Leave a trace of a job that failed for good."""
    await uow.write("INSERT INTO sample_effect (about, request_id) VALUES ($1, $2)", "gave up", uow.request_id)


async def break_down(uow: UnitOfWork, event: NoteWritten) -> None:
    """Fail as well."""
    raise RuntimeError("this cannot be told")


async def traces(open_work: WorkOpener) -> list[tuple[str, str]]:
    """Return what jobs left, and for which requests."""
    async with open_work(SYSTEM) as uow:
        rows = await uow.read("SELECT about, request_id FROM sample_effect ORDER BY position")
        return [(row["about"], row["request_id"]) for row in rows]


async def failed(open_work: WorkOpener) -> bool:
    """Say whether a job is kept as failed."""
    async with open_work(SYSTEM) as uow:
        return bool(await uow.read_value("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'"))


async def test_a_job_whose_last_try_failed_is_told_of(
    committed: WorkOpener, fresh_database_url: str, until: Until
) -> None:
    """Its own effects are gone, those of telling stay, and it knows the request that began it."""
    job = replace(TRACE, retry=Retry(attempts=1, wait=0), on_failure=tell)
    async with working(fresh_database_url, committed, job):
        await publish(committed, "fail")
        await until(lambda: failed(committed))

    assert await traces(committed) == [("gave up", "request-17")]


async def test_a_job_that_did_not_fail_for_good_is_not_told_of(
    committed: WorkOpener, fresh_database_url: str, until: Until
) -> None:
    async with working(fresh_database_url, committed, replace(TRACE, on_failure=tell)):
        await publish(committed, "hello")
        await until(lambda: traces(committed))

    assert await traces(committed) == [("hello", "request-17")]


async def test_a_failure_that_cannot_be_told_is_an_error_and_the_job_failed_all_the_same(
    committed: WorkOpener, fresh_database_url: str, until: Until
) -> None:
    job = replace(TRACE, retry=Retry(attempts=0), on_failure=break_down)
    with capture_logs() as lines:
        async with working(fresh_database_url, committed, job):
            await publish(committed, "fail")
            await until(lambda: failed(committed))

    told = [line for line in lines if line["event"] == "a failed job could not be told of"]
    assert [(line["job"], line["log_level"]) for line in told] == [(TRACE.name, "error")]
    assert await traces(committed) == []


async def test_a_job_whose_workers_died_each_time_is_told_of_without_another_try(
    committed: WorkOpener, fresh_database_url: str, until: Until
) -> None:
    await publish(committed, "hello")
    async with committed(SYSTEM) as uow:
        await uow.write("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')")
        await uow.write("SELECT procrastinate_fetch_job_v2(NULL, (SELECT max(id) FROM procrastinate_workers))")
        await uow.write("UPDATE procrastinate_jobs SET attempts = $1", TRACE.retry.attempts)

    async with working(fresh_database_url, committed, replace(TRACE, on_failure=tell)):
        await until(lambda: failed(committed))

    assert await traces(committed) == [("gave up", "request-17")]


# -- what is kept of runs ---------------------------------------------------------------------------------------------


async def refuse(uow: UnitOfWork, event: NoteWritten) -> None:
    """Refuse with a sentence for everybody."""
    raise Conflict("The note is locked.")


@pytest.mark.practice(84)
async def test_a_dependency_that_fails_twice_is_tried_a_third_time_later_and_later_and_written_once(
    committed: WorkOpener, fresh_database_url: str, until: Until
) -> None:
    tries: list[float] = []

    async def depend(uow: UnitOfWork, event: NoteWritten) -> None:
        tries.append(clock.monotonic())
        await uow.write(ADD_EFFECT, event.text, uow.request_id)
        if len(tries) < 3:
            raise ConnectionError("the partner is away")

    async with working(fresh_database_url, committed, replace(TRACE, run=depend, retry=Retry(attempts=3, wait=1))):
        await publish(committed, "hello")
        await until(lambda: _is_empty(committed))

    assert len(tries) == 3
    # The first wait is of one second, the next of two; a busy machine makes either longer.
    assert tries[1] - tries[0] >= 1
    assert tries[2] - tries[1] >= 2
    assert await traces(committed) == [("hello", "request-17")]


async def test_each_failed_try_is_kept_without_what_the_failure_says(
    committed: WorkOpener, fresh_database_url: str, until: Until
) -> None:
    """What it says may hold anybody's data; a place in the code does not."""
    async with working(fresh_database_url, committed, replace(TRACE, retry=Retry(attempts=1, wait=0))):
        await publish(committed, "fail")
        await until(lambda: failed(committed))

    kept = await rows(committed, "SELECT * FROM mainstay_job_failure ORDER BY id")
    assert [(row["attempt"], row["error"], row["reason"]) for row in kept] == [
        (1, "RuntimeError", None),
        (2, "RuntimeError", None),
    ]
    assert kept[0]["request_id"] == "request-17"
    assert kept[0]["stack"].splitlines()[-1].endswith(" trace")
    assert "mainstay/worker/body.py:" in kept[0]["stack"]
    assert "this note makes" not in str(kept)


async def test_a_refusal_is_kept_with_its_sentence(
    committed: WorkOpener, fresh_database_url: str, until: Until
) -> None:
    async with working(fresh_database_url, committed, replace(TRACE, run=refuse, retry=Retry(attempts=0))):
        await publish(committed, "hello")
        await until(lambda: failed(committed))

    (row,) = await rows(committed, "SELECT error, reason FROM mainstay_job_failure")
    assert tuple(row) == ("mainstay.errors.Conflict", "The note is locked.")


async def test_a_running_job_that_is_cancelled_leaves_nothing_and_is_told_of(
    committed: WorkOpener, fresh_database_url: str, until: Until
) -> None:
    with capture_logs() as lines:
        async with working(fresh_database_url, committed, replace(TRACE, on_failure=tell)):
            async with committed(SYSTEM) as uow:
                uow.publish(NoteWritten(note_id=uuid4(), text="long", seconds=60))
            key = await until(lambda: _running(committed))
            async with committed(SYSTEM) as uow:
                await queue.cancel(uow, [key])
            await until(lambda: _has_status(committed, "aborted"))

    assert [about for about, _ in await traces(committed)] == ["gave up"]
    (line,) = await _lines(lines)
    assert (line["outcome"], line["log_level"]) == ("cancelled", "info")
    assert await rows(committed, "SELECT * FROM mainstay_job_failure") == []


@pytest.mark.parametrize(("fails", "outcome", "error"), [(False, "done", None), (True, "retried", "RuntimeError")])
async def test_the_latest_run_of_a_schedule_is_kept(
    committed: WorkOpener, fresh_database_url: str, until: Until, *, fails: bool, outcome: str, error: str | None
) -> None:
    async def tick(uow: UnitOfWork) -> None:
        if fails:
            raise RuntimeError("no time")

    schedule = replace(TICK, run=tick, cron="* * * * * *")
    worker = Worker(fresh_database_url, (), (schedule,), committed)
    task = asyncio.create_task(worker.run())
    # The worker's own schedules run as well, when their minute comes.
    of_tick = f"SELECT * FROM mainstay_schedule_run WHERE name = '{TICK.name}'"
    try:
        (row,) = await until(lambda: rows(committed, of_tick))
    finally:
        worker.stop()
        await task

    assert (row["name"], row["outcome"], row["error"]) == (TICK.name, outcome, error)
    assert timedelta(0) <= row["ended_at"] - row["moment"] < timedelta(seconds=30)


async def test_a_run_that_ends_late_does_not_stand_for_a_newer_one(committed: WorkOpener) -> None:
    await note_run(committed, "sample.tick", 2000, Run("done", 5))
    await note_run(committed, "sample.tick", 1000, Run("failed", 5, RuntimeError()))
    await note_run(committed, "sample.tick", 3000, Run("repeated", 5))

    (row,) = await rows(committed, "SELECT extract(epoch FROM moment)::int AS at, outcome FROM mainstay_schedule_run")
    assert (row["at"], row["outcome"]) == (2000, "done")


def test_the_engine_reads_the_address_as_the_program_does() -> None:
    url = libpq_url("postgresql+asyncpg://owner@/tradepost?host=/data/postgres/socket")

    assert conninfo_to_dict(url) == {"user": "owner", "dbname": "tradepost", "host": "/data/postgres/socket"}


async def _lines(lines: list[Any], count: int = 1) -> list[Any]:
    found = [line for line in lines if line["event"] == "job" and line["job"] == TRACE.name]
    return found if len(found) >= count else []


async def _effects(open_work: WorkOpener, count: int) -> bool:
    async with open_work(SYSTEM) as uow:
        return int(await uow.read_value("SELECT count(*) FROM sample_effect")) >= count


async def rows(open_work: WorkOpener, sql: str) -> list[Row]:
    """Return what a query finds."""
    async with open_work(SYSTEM) as uow:
        return await uow.read(sql)


async def _is_empty(open_work: WorkOpener) -> bool:
    return not await rows(open_work, "SELECT id FROM procrastinate_jobs")


async def _running(open_work: WorkOpener) -> int | None:
    async with open_work(SYSTEM) as uow:
        # The worker's own schedules may run beside it.
        sql = "SELECT id FROM procrastinate_jobs WHERE status = 'doing' AND task_name = $1"
        key: int | None = await uow.read_value(sql, TRACE.name)
    return key


async def _has_status(open_work: WorkOpener, status: str) -> bool:
    found = await rows(open_work, f"SELECT status::text FROM procrastinate_jobs WHERE task_name = '{TRACE.name}'")
    return [row["status"] for row in found] == [status]


async def test_a_job_continues_the_trace_of_its_cause_and_counts_its_statements(
    committed: WorkOpener, start_worker: StartWorker, until: Until
) -> None:
    spans: list[Span] = []
    counters, tracer = Counters(), Tracer(1.0, spans.append)
    statements = Statements(counters, slow_after=10, most=100)
    committed.setup = replace(committed.setup, tracer=tracer, statements=statements, counters=counters)

    with capture_logs() as lines:
        await start_worker()
        with tracer.running("request", SERVER, None) as cause:
            await publish(committed, "traced")
        (line,) = await until(lambda: _lines(lines))

    job = next(each for each in spans if each.parent_id == cause.span_id)
    assert (job.name, job.trace_id) == ("sample.trace", cause.trace_id)
    assert job.attributes["mainstay.request_id"] == "request-17"
    assert (job.attributes["mainstay.attempt"], job.attributes["mainstay.outcome"]) == (1, "done")
    below = [each.name for each in spans if each.parent_id == job.span_id]
    assert below == ["INSERT", "INSERT"], "the claim and the effect"
    assert line["statements"] == 2
    assert 0 < line["database_ms"] <= line["duration_ms"]
    assert counters.value("mainstay_statements_total", place="sample.trace") == 2
    assert counters.value("mainstay_job_runs_total", place="sample.trace", outcome="done") == 1
    assert 'mainstay_job_seconds_count{place="sample.trace"} 1\n' in counters.text()


@pytest.mark.parametrize("way", ["execute_query_async", "execute_query_one_async", "execute_query_all_async"])
async def test_no_question_of_the_engine_waits_for_ever(
    committed: WorkOpener, fresh_database_url: str, way: str
) -> None:
    app = create_app(fresh_database_url, (), (), committed, answer_timeout=0.2)
    async with app.open_async():
        with pytest.raises(ConnectorException, match="did not answer in time"):
            await getattr(app.connector, way)("SELECT pg_sleep(60)")

        assert await app.connector.execute_query_one_async("SELECT 1 AS one") == {"one": 1}


@pytest.mark.parametrize("name", ["procrastinate.worker.worker", "procrastinate.utils"])
async def test_a_database_that_is_away_is_a_warning_of_the_engine_and_no_bug(
    committed: WorkOpener, fresh_database_url: str, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    create_app(fresh_database_url, (), (), committed)

    for failure in (ConnectorException("away"), KeyError("a bug")):
        logging.getLogger(name).error("a side task failed", exc_info=failure)

    assert [record.levelname for record in caplog.records] == ["WARNING", "ERROR"]
