"""Jobs of dead workers are handed back, those of living ones are left alone."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from procrastinate import App
from sample.notes import TRACE, NoteWritten

from mainstay.work import SYSTEM, WorkOpener
from mainstay.worker.engine import create_app
from mainstay.worker.recovery import hand_back


@pytest.fixture
async def app(committed: WorkOpener, fresh_database_url: str) -> AsyncIterator[App]:
    app = create_app(fresh_database_url, (TRACE,), (), committed)
    async with app.open_async():
        yield app


async def take(open_work: WorkOpener, *, seconds_ago: float) -> None:
    """Publish an event whose job is taken by a worker with its last heartbeat some seconds ago."""
    async with open_work(SYSTEM) as uow:
        uow.publish(NoteWritten(note_id=uuid4(), text="hello"))
    async with open_work(SYSTEM) as uow:
        await uow.write(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => $1))", seconds_ago
        )
        await uow.write("SELECT procrastinate_fetch_job_v2(NULL, (SELECT max(id) FROM procrastinate_workers))")


async def states(open_work: WorkOpener) -> list[tuple[str, int]]:
    async with open_work(SYSTEM) as uow:
        rows = await uow.read("SELECT status::text, attempts FROM procrastinate_jobs ORDER BY id")
        return [(row["status"], row["attempts"]) for row in rows]


async def test_only_jobs_of_workers_without_a_heartbeat_are_handed_back(app: App, committed: WorkOpener) -> None:
    await take(committed, seconds_ago=60)
    await take(committed, seconds_ago=1)

    assert await hand_back(app, (TRACE,), after=30) == 1

    assert await states(committed) == [("todo", 1), ("doing", 0)]


async def test_the_only_worker_gets_all_jobs_back(app: App, committed: WorkOpener) -> None:
    await take(committed, seconds_ago=60)
    await take(committed, seconds_ago=1)

    assert await hand_back(app, (TRACE,), after=0) == 2

    assert await states(committed) == [("todo", 1), ("todo", 1)]


async def test_a_job_whose_workers_died_each_time_fails_in_the_end(app: App, committed: WorkOpener) -> None:
    await take(committed, seconds_ago=60)
    async with committed(SYSTEM) as uow:
        await uow.write("UPDATE procrastinate_jobs SET attempts = $1", TRACE.retry.attempts)

    assert await hand_back(app, (TRACE,), after=30) == 1

    assert await states(committed) == [("failed", TRACE.retry.attempts + 1)]


async def test_dead_workers_are_forgotten(app: App, committed: WorkOpener) -> None:
    await take(committed, seconds_ago=60)
    await take(committed, seconds_ago=1)

    await hand_back(app, (TRACE,), after=30)

    async with committed(SYSTEM) as uow:
        assert await uow.read_value("SELECT count(*) FROM procrastinate_workers") == 1


async def test_that_a_worker_died_is_kept_with_the_job(app: App, committed: WorkOpener) -> None:
    await take(committed, seconds_ago=60)

    await hand_back(app, (TRACE,), after=30)

    async with committed(SYSTEM) as uow:
        row = await uow.read_row("SELECT attempt, error, reason, request_id FROM mainstay_job_failure")
    assert row is not None
    told = [row[name] for name in ("attempt", "error", "reason", "request_id")]
    assert told == [1, "mainstay.worker.body.WorkersDied", "The worker that ran it died.", "-"]
