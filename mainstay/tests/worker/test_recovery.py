"""Jobs of dead workers are handed back, those of living ones are left alone."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from procrastinate import App
from sample.notes import TRACE, NoteWritten

from mainstay.work import SYSTEM, WorkOpener
from mainstay.worker.engine import create_app
from mainstay.worker.recovery import Heartbeats, hand_back, heartbeats


@pytest.fixture
async def app(committed: WorkOpener, fresh_database_url: str) -> AsyncIterator[App]:
    app = create_app(fresh_database_url, (TRACE,), (), committed)
    async with app.open_async():
        yield app


async def take(open_work: WorkOpener) -> int:
    """Publish an event whose job is taken by a worker, and return the worker's id."""
    async with open_work(SYSTEM) as uow:
        uow.publish(NoteWritten(note_id=uuid4(), text="hello"))
    async with open_work(SYSTEM) as uow:
        [row] = await uow.write("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        await uow.write("SELECT procrastinate_fetch_job_v2(NULL, $1)", row["id"])
    return int(row["id"])


async def states(open_work: WorkOpener) -> list[tuple[str, int]]:
    async with open_work(SYSTEM) as uow:
        rows = await uow.read("SELECT status::text, attempts FROM procrastinate_jobs ORDER BY id")
        return [(row["status"], row["attempts"]) for row in rows]


BEGAN = datetime(2026, 11, 30, tzinfo=UTC)
LATER, BEFORE = BEGAN + timedelta(days=40), BEGAN - timedelta(hours=2)


def test_a_worker_is_dead_whose_heartbeat_stays_the_same_whatever_the_clock_says() -> None:
    """Its clock jumps 40 days forward and two hours back while one of two workers lives."""
    seconds = iter([0.0, 5.0, 9.0, 16.0])
    watched = Heartbeats(10.0, lambda: next(seconds))

    found = [watched.dead({1: BEGAN, 2: beat}) for beat in (BEGAN, LATER, BEFORE, BEFORE + timedelta(seconds=2))]

    assert found == [[], [], [], [1]]


async def test_only_jobs_of_dead_workers_are_handed_back(app: App, committed: WorkOpener) -> None:
    dead = await take(committed)
    await take(committed)

    assert await hand_back(app, (TRACE,), [dead]) == 1

    assert await states(committed) == [("todo", 1), ("doing", 0)]


async def test_the_only_worker_gets_all_jobs_back(app: App, committed: WorkOpener) -> None:
    await take(committed)
    await take(committed)

    assert await hand_back(app, (TRACE,), await heartbeats(app)) == 2

    assert await states(committed) == [("todo", 1), ("todo", 1)]


async def test_a_job_whose_workers_died_each_time_fails_in_the_end(app: App, committed: WorkOpener) -> None:
    dead = await take(committed)
    async with committed(SYSTEM) as uow:
        await uow.write("UPDATE procrastinate_jobs SET attempts = $1", TRACE.retry.attempts)

    assert await hand_back(app, (TRACE,), [dead]) == 1

    assert await states(committed) == [("failed", TRACE.retry.attempts + 1)]


async def test_dead_workers_are_forgotten(app: App, committed: WorkOpener) -> None:
    dead = await take(committed)
    living = await take(committed)

    await hand_back(app, (TRACE,), [dead])

    assert list(await heartbeats(app)) == [living]


async def test_that_a_worker_died_is_kept_with_the_job(app: App, committed: WorkOpener) -> None:
    dead = await take(committed)

    await hand_back(app, (TRACE,), [dead])

    async with committed(SYSTEM) as uow:
        row = await uow.read_row("SELECT attempt, error, reason, request_id FROM mainstay_job_failure")
    assert row is not None
    told = [row[name] for name in ("attempt", "error", "reason", "request_id")]
    assert told == [1, "mainstay.worker.body.WorkersDied", "The worker that ran it died.", "-"]
