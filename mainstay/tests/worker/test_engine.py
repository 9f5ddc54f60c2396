"""Each job run leaves one line with what an operator needs, and schedules run once however many workers there are."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from psycopg.conninfo import conninfo_to_dict
from sample.notes import TICK, TRACE, NoteWritten
from structlog.testing import capture_logs

from mainstay import context
from mainstay.bootstrap.program import Program
from mainstay.db.address import libpq_url
from mainstay.messages.job import Job, Retry, Schedule
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener
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
        done = await uow.read_value("SELECT count(*) FROM mainstay_job_done")
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


def test_the_engine_reads_the_address_as_the_program_does() -> None:
    url = libpq_url("postgresql+asyncpg://owner@/tradepost?host=/data/postgres/socket")

    assert conninfo_to_dict(url) == {"user": "owner", "dbname": "tradepost", "host": "/data/postgres/socket"}


async def _lines(lines: list[Any], count: int = 1) -> list[Any]:
    found = [line for line in lines if line["event"] == "job" and line["job"] == TRACE.name]
    return found if len(found) >= count else []


async def _effects(open_work: WorkOpener, count: int) -> bool:
    async with open_work(SYSTEM) as uow:
        return int(await uow.read_value("SELECT count(*) FROM sample_effect")) >= count
