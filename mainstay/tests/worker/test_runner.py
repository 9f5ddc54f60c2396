"""A worker runs deferred jobs exactly once, through kills, failures and stops."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from procrastinate.exceptions import ConnectorException
from procrastinate.testing import InMemoryConnector
from psycopg import sql
from sample.notes import NoteWritten
from sqlalchemy import make_url
from structlog.testing import capture_logs

from mainstay import clock, context
from mainstay.flags.rules import Steering
from mainstay.flags.state import READ_ONLY, Flags
from mainstay.testing.database import admin, plain
from mainstay.work import SYSTEM, WorkOpener
from mainstay.worker.runner import Worker, _Jobs

StartWorker = Callable[..., Awaitable[Worker]]
Until = Callable[..., Awaitable[Any]]


async def publish(open_work: WorkOpener, text: str = "hello", seconds: float = 0) -> None:
    async with open_work(SYSTEM) as uow:
        uow.publish(NoteWritten(note_id=uuid4(), text=text, seconds=seconds))


async def effects(open_work: WorkOpener) -> list[str]:
    async with open_work(SYSTEM) as uow:
        return [row["about"] for row in await uow.read("SELECT about FROM sample_effect ORDER BY position")]


# What is in the queue, beside the worker's own schedules: which of those are due depends on when a test runs.
QUEUE = (
    "SELECT status::text, attempts, scheduled_at FROM procrastinate_jobs WHERE task_name LIKE 'sample.%' ORDER BY id"
)


async def queue(open_work: WorkOpener) -> list[str]:
    async with open_work(SYSTEM) as uow:
        return [row["status"] for row in await uow.read(QUEUE)]


async def test_a_job_runs_for_its_event_and_carries_the_request_id(
    committed: WorkOpener, start_worker: StartWorker, until: Until
) -> None:
    await start_worker()
    token = context.request_id.set("request-17")
    await publish(committed)
    context.request_id.reset(token)

    await until(lambda: effects(committed))

    async with committed(SYSTEM) as uow:
        assert await uow.read_value("SELECT request_id FROM sample_effect") == "request-17"
    await until(lambda: _is_empty(committed))


async def test_the_worker_is_told_of_each_commit_and_does_not_wait_for_its_next_look(
    committed: WorkOpener, start_worker: StartWorker, until: Until, fresh_database_url: str
) -> None:
    """It looks by itself once an hour, and each job runs long before: only a notification can have woken it."""
    await start_worker(poll=3600)
    await until(lambda: _listens(fresh_database_url))
    for number in range(20):
        await publish(committed, f"note {number}")
        await until(lambda number=number: _has(committed, number + 1))
        await until(lambda: _is_empty(committed))

    assert await effects(committed) == [f"note {number}" for number in range(20)]


async def test_no_job_is_begun_in_read_only_mode_and_all_are_afterwards(
    committed: WorkOpener, start_worker: StartWorker, until: Until
) -> None:
    flags = committed.setup.flags
    await start_worker()
    await publish(committed, "before")
    await until(lambda: _is_empty(committed))
    flags.steer({READ_ONLY.key: Steering(otherwise=True)}, {})
    for number in range(3):
        await publish(committed, f"note {number}")
        await asyncio.sleep(0.25)  # longer than the worker's own look takes to come

    assert await queue(committed) == ["todo"] * 3
    flags.steer({}, {})

    await until(lambda: _is_empty(committed))
    assert sorted(await effects(committed)) == ["before", "note 0", "note 1", "note 2"]


async def test_of_jobs_that_wait_in_a_row_none_is_begun_once_it_is_read_only_mode(
    committed: WorkOpener, start_worker: StartWorker, until: Until
) -> None:
    """Red when the worker goes on until nothing waits: with a row that is long enough, that is hours."""
    flags = committed.setup.flags
    for number in range(12):
        await publish(committed, f"note {number}", seconds=0.2)
    await start_worker(concurrency=1)
    await until(lambda: _has(committed, 1))
    flags.steer({READ_ONLY.key: Steering(otherwise=True)}, {})

    begun = len(await effects(committed))
    await asyncio.sleep(0.8)  # longer than four jobs take

    # One ran, and one may have been on its way.
    assert len(await effects(committed)) <= begun + 2
    flags.steer({}, {})
    await until(lambda: _is_empty(committed))
    assert sorted(await effects(committed)) == sorted(f"note {number}" for number in range(12))


async def test_a_job_that_comes_while_the_worker_looks_whether_there_is_one_is_not_forgotten(
    committed: WorkOpener,
    start_worker: StartWorker,
    until: Until,
    fresh_database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The look has found nothing, then a job is committed and its notification arrives, then the look ends."""
    worker = await start_worker(poll=3600)
    await until(lambda: _listens(fresh_database_url))
    assert worker._engine is not None
    engine, jobs = worker._engine, worker._engine.app.job_manager
    look, meanwhile, begun = jobs.fetch_job, ["meanwhile"], []

    async def is_told(notices: int) -> bool:
        return engine._notices > notices

    async def look_slowly(**options: Any) -> Any:  # noqa: ANN401  procrastinate's own
        found = await look(**options)
        # The worker's own schedules are taken from the queue as well.
        if found is not None and found.task_name.startswith("sample."):
            begun.append(found)
        elif found is None and meanwhile and begun:
            # Only once "first" is through: before, its own notification would wake the worker in any case.
            await until(lambda: _has(committed, 1))
            notices = engine._notices
            await publish(committed, meanwhile.pop())
            await until(lambda: is_told(notices))
        return found

    monkeypatch.setattr(jobs, "fetch_job", look_slowly)
    await publish(committed, "first")

    await until(lambda: _has(committed, 2))
    assert await effects(committed) == ["first", "meanwhile"]


async def test_work_that_is_rolled_back_leaves_no_job(committed: WorkOpener) -> None:
    async def write_and_fail() -> None:
        async with committed(SYSTEM) as uow:
            await uow.write("INSERT INTO sample_note (id, text) VALUES ($1, 'never')", uuid4())
            uow.publish(NoteWritten(note_id=uuid4(), text="never"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await write_and_fail()

    assert await queue(committed) == []


async def test_a_job_that_a_killed_worker_left_runs_at_once_when_the_only_worker_starts(
    committed: WorkOpener, start_worker: StartWorker, until: Until
) -> None:
    await publish(committed)
    await _take_as_a_worker_that_dies(committed)

    await start_worker(is_alone=True, stalled_after=600)

    await until(lambda: effects(committed))
    assert await effects(committed) == ["hello"]


async def test_a_job_whose_worker_sends_no_heartbeat_is_handed_back(
    committed: WorkOpener, start_worker: StartWorker, until: Until
) -> None:
    await publish(committed)
    await _take_as_a_worker_that_dies(committed)

    await start_worker(stalled_after=1)

    await until(lambda: effects(committed))
    assert await effects(committed) == ["hello"]


async def test_a_job_that_was_carried_out_before_the_kill_does_nothing_the_second_time(
    committed: WorkOpener, start_worker: StartWorker, until: Until
) -> None:
    await publish(committed)
    await _take_as_a_worker_that_dies(committed)
    async with committed(SYSTEM) as uow:
        event_id = await uow.read_value("SELECT id FROM mainstay_event")
        await uow.write("INSERT INTO mainstay_job_done (event_id, job) VALUES ($1, 'sample.trace')", event_id)

    await start_worker(is_alone=True)

    await until(lambda: _is_empty(committed))
    assert await effects(committed) == []


async def test_a_living_worker_keeps_its_long_job(
    committed: WorkOpener, start_worker: StartWorker, until: Until
) -> None:
    await start_worker(stalled_after=0.6)
    await publish(committed, seconds=2)

    await until(lambda: effects(committed))

    assert await effects(committed) == ["hello"]
    async with committed(SYSTEM) as uow:
        assert {row["attempts"] for row in await uow.read(QUEUE)} <= {0}


async def test_a_job_that_fails_is_tried_again_later_and_kept_in_the_end(
    committed: WorkOpener, start_worker: StartWorker, until: Until
) -> None:
    """Its retries wait 1 and 2 seconds and up to a quarter more."""
    await start_worker()
    began = clock.monotonic()
    await publish(committed, "fail")

    await until(lambda: _is(committed, ["failed"]))

    assert clock.monotonic() - began >= 3
    assert await effects(committed) == []
    async with committed(SYSTEM) as uow:
        assert [row["attempts"] for row in await uow.read(QUEUE)] == [3]


async def test_a_stop_lets_a_running_job_end(committed: WorkOpener, start_worker: StartWorker, until: Until) -> None:
    worker = await start_worker()
    await publish(committed, seconds=0.5)
    await until(lambda: _is(committed, ["doing"]))

    worker.stop()

    await until(lambda: effects(committed))
    assert await effects(committed) == ["hello"]


async def test_a_stop_hands_back_a_job_that_takes_too_long(
    committed: WorkOpener, start_worker: StartWorker, until: Until
) -> None:
    worker = await start_worker(stop_patience=0.2)
    await publish(committed, seconds=30)
    await until(lambda: _is(committed, ["doing"]))

    worker.stop()

    await until(lambda: _is(committed, ["todo"]))
    assert await effects(committed) == []
    async with committed(SYSTEM) as uow:
        (row,) = await uow.read(QUEUE)
    assert row["scheduled_at"] <= clock.now(), "it is due at once"


async def test_the_worker_goes_on_when_the_database_has_cut_its_connections(
    committed: WorkOpener, start_worker: StartWorker, until: Until, fresh_database_url: str
) -> None:
    await start_worker()
    await publish(committed, "before")
    await until(lambda: effects(committed))

    async with await psycopg.AsyncConnection.connect(plain(fresh_database_url), autocommit=True) as connection:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name = 'mainstay-worker'"
        )
    await publish(committed, "after")

    await until(lambda: _has(committed, 2))
    assert await effects(committed) == ["before", "after"]


async def test_the_worker_waits_for_a_database_that_is_away_and_goes_on(
    committed: WorkOpener, start_worker: StartWorker, until: Until, fresh_database_url: str, database_server: str
) -> None:
    database = sql.Identifier(make_url(fresh_database_url).database or "")
    with capture_logs() as lines:
        await start_worker()
        await publish(committed, "before")
        await until(lambda: effects(committed))

        with admin(database_server) as server:
            server.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(database))
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                [database.as_string()[1:-1]],
            )
            await until(lambda: _says(lines, "worker lost its database"))
            server.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(database))

    await publish(committed, "after")
    await until(lambda: _has(committed, 2))
    assert await effects(committed) == ["before", "after"]


class Away(InMemoryConnector):
    """A queue whose database does not answer."""

    async def execute_query_all_async(self, query: str, **arguments: object) -> list[dict[str, Any]]:
        raise ConnectorException from psycopg.OperationalError("the connection is lost")


async def test_looking_for_jobs_to_cancel_while_the_database_is_away_is_no_error() -> None:
    """The engine's own look wrote one, with a trace, whenever a job ran at that moment."""
    with capture_logs() as lines:
        assert list(await _Jobs(Away(), Flags()).list_jobs_to_abort_async()) == []

    assert [(line["event"], line["log_level"]) for line in lines] == [("jobs to cancel were not looked for", "warning")]
    assert "the connection is lost" in lines[0]["reason"]


async def test_many_events_are_worked_off_side_by_side(
    committed: WorkOpener, start_worker: StartWorker, until: Until
) -> None:
    await asyncio.gather(*(publish(committed, f"note {number}", seconds=0.3) for number in range(8)))

    began = clock.monotonic()
    await start_worker()
    await until(lambda: _has(committed, 8))

    assert clock.monotonic() - began < 2.0
    assert sorted(await effects(committed)) == [f"note {number}" for number in range(8)]


async def test_a_worker_ends_though_its_end_is_told_as_a_lost_database(
    start_worker: StartWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who looks for dead workers may be asking a database that is gone; what broke off hides that it was called off."""
    asked, ended = asyncio.Event(), []

    async def ask_in_vain(_app: object) -> dict[int, object]:
        asked.set()
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError as end:
            ended.append(end)
            raise psycopg.OperationalError("the connection is closed") from end
        return {}

    monkeypatch.setattr("mainstay.worker.runner.heartbeats", ask_in_vain)
    worker = await start_worker(stalled_after=0.2)
    await asyncio.wait_for(asked.wait(), 30)
    looking = [task for task in asyncio.all_tasks() if task.get_name() == "hand back stalled jobs"]

    worker.stop()

    _, left = await asyncio.wait(looking, timeout=10)
    assert (len(looking), left, len(ended)) == (1, set(), 1)


async def _take_as_a_worker_that_dies(open_work: WorkOpener) -> None:
    """Take the job as the engine does, with a last heartbeat of some seconds ago, and never be heard of again."""
    async with open_work(SYSTEM) as uow:
        await uow.write("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '5 s')")
        await uow.write("SELECT procrastinate_fetch_job_v2(NULL, (SELECT max(id) FROM procrastinate_workers))")


async def _listens(url: str) -> bool:
    """Whether the database has a connection of this program's worker that has asked for notifications."""
    listening = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle' "
        "AND application_name = 'mainstay-worker' AND query LIKE 'LISTEN%'"
    )
    async with await psycopg.AsyncConnection.connect(plain(url)) as owner:
        row = await (await owner.execute(listening.encode())).fetchone()
    return row is not None and row[0] > 0


async def _says(lines: list[Any], text: str) -> bool:
    return any(line["event"] == text for line in lines)


async def _has(open_work: WorkOpener, count: int) -> bool:
    return len(await effects(open_work)) >= count


async def _is(open_work: WorkOpener, wanted: list[str]) -> bool:
    return await queue(open_work) == wanted


async def _is_empty(open_work: WorkOpener) -> bool:
    return await queue(open_work) == []
