"""How far a running job has come is seen from outside, whatever becomes of its transaction."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
from sample.notes import NoteWritten
from sqlalchemy.pool import QueuePool
from structlog.testing import capture_logs

from mainstay import clock
from mainstay.db.engine import DatabaseSettings, create_engine
from mainstay.db.lease import Lease
from mainstay.messages.job import Job, Retry, Subscriptions
from mainstay.messages.progress import report
from mainstay.work import SYSTEM, Row, UnitOfWork, WorkOpener
from mainstay.worker import progress, queue
from mainstay.worker.progress import watched
from mainstay.worker.runner import Worker

Until = Callable[..., Awaitable[Any]]


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "EVERY", 0.05)


@asynccontextmanager
async def running(url: str, open_work: WorkOpener, run: Callable[..., Awaitable[None]]) -> AsyncIterator[None]:
    """Have a worker run a job once, without another try."""
    job = Job("sample.long", run, (NoteWritten,), retry=Retry(attempts=0))
    open_work.subscriptions = Subscriptions.of((job,))
    worker = Worker(url, (job,), (), open_work)
    task = asyncio.create_task(worker.run())
    async with open_work(SYSTEM) as uow:
        uow.publish(NoteWritten(note_id=uuid4(), text=""))
    try:
        yield
    finally:
        worker.stop()
        await task


async def seen(open_work: WorkOpener, **wanted: object) -> Row | None:
    async with open_work(SYSTEM) as uow:
        found = await queue.jobs(uow, None, "sample.long", None, 10)
    return next((row for row in found if all(row[name] == value for name, value in wanted.items())), None)


@pytest.mark.practice(82)
async def test_a_running_jobs_progress_is_seen_before_its_transaction_ends(
    committed: WorkOpener, fresh_database_url: str, until: Until
) -> None:
    go_on, is_over = asyncio.Event(), asyncio.Event()

    async def run(_uow: UnitOfWork, _event: NoteWritten) -> None:
        report(3)
        await go_on.wait()
        report(7, 10)
        await is_over.wait()

    async with running(fresh_database_url, committed, run):
        row = await until(lambda: seen(committed, progress_done=3))
        assert (row["state"], row["progress_total"]) == ("running", None)
        go_on.set()
        row = await until(lambda: seen(committed, progress_done=7))
        assert (row["state"], row["progress_total"]) == ("running", 10)
        is_over.set()
        await until(lambda: _is_gone(committed))


async def test_of_a_job_that_failed_the_last_that_it_said_stays(
    committed: WorkOpener, fresh_database_url: str, until: Until
) -> None:
    go_on = asyncio.Event()

    async def run(_uow: UnitOfWork, _event: NoteWritten) -> None:
        report(1, 10)
        await go_on.wait()
        report(9, 10)
        raise RuntimeError

    async with running(fresh_database_url, committed, run):
        await until(lambda: seen(committed, progress_done=1))
        go_on.set()
        row = await until(lambda: seen(committed, state="failed"))

    assert (row["progress_done"], row["progress_total"]) == (9, 10)


async def test_a_job_that_is_quick_leaves_no_trace(committed: WorkOpener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "EVERY", 60)

    async with watched(committed, 5):
        report(1, 2)

    async with committed(SYSTEM) as uow:
        assert await uow.read("SELECT * FROM mainstay_job_progress") == []


async def test_what_cannot_be_kept_is_logged_and_no_matter_of_the_job(committed: WorkOpener, until: Until) -> None:
    with capture_logs() as lines:
        async with watched(committed, 5):
            report(-1)
            await until(lambda: _true_when(bool(lines)))

    assert {line["event"] for line in lines} == {"how far a job has come could not be kept"}


async def test_a_pool_that_stays_empty_holds_up_no_jobs_end(
    fresh_database_url: str, monkeypatch: pytest.MonkeyPatch, until: Until
) -> None:
    """A job that is done must not be broken off by a stop because its progress still waits for a connection."""
    monkeypatch.setattr(progress, "PATIENCE", 0.1)
    engine = create_engine(DatabaseSettings(pool_size=1, pool_overflow=0, pool_wait=20), fresh_database_url)
    held = await Lease.take(engine, idle_check=30)

    began = clock.monotonic()
    with capture_logs() as lines:
        async with watched(WorkOpener(engine, Subscriptions.of(())), 5):
            report(1)
            await until(lambda: _true_when(any("keep the progress" in each.get_name() for each in asyncio.all_tasks())))
    seconds = clock.monotonic() - began

    assert seconds < 10
    assert [line["event"] for line in lines] == ["how far a job has come was not kept in time"]
    await held.give_back()
    assert isinstance(engine.pool, QueuePool)
    assert engine.pool.checkedout() == 0
    await engine.dispose()


async def _true_when(condition: bool) -> bool:
    return condition


async def _is_gone(open_work: WorkOpener) -> bool:
    async with open_work(SYSTEM) as uow:
        return not await queue.jobs(uow, None, "sample.long", None, 1)
