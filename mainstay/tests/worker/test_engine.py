"""Each job run leaves one line with what an operator needs, and schedules run once however many workers there are."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
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
from mainstay.messages.job import Schedule
from mainstay.work import SYSTEM, WorkOpener
from mainstay.worker.runner import Worker

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


def test_the_engine_reads_the_address_as_the_program_does() -> None:
    url = libpq_url("postgresql+asyncpg://owner@/tradepost?host=/data/postgres/socket")

    assert conninfo_to_dict(url) == {"user": "owner", "dbname": "tradepost", "host": "/data/postgres/socket"}


async def _lines(lines: list[Any], count: int = 1) -> list[Any]:
    found = [line for line in lines if line["event"] == "job" and line["job"] == TRACE.name]
    return found if len(found) >= count else []


async def _effects(open_work: WorkOpener, count: int) -> bool:
    async with open_work(SYSTEM) as uow:
        return int(await uow.read_value("SELECT count(*) FROM sample_effect")) >= count
