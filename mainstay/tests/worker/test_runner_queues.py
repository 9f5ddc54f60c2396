"""Of what waits a worker takes the most urgent first, and leaves alone what is in queues that it does not serve."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

from sample.notes import TICK, TRACE, NoteWritten

from mainstay import clock
from mainstay.messages.job import BEHIND, LETTERS, LONG, URGENT, Job, Schedule, Subscriptions
from mainstay.work import SYSTEM, WorkOpener
from mainstay.worker import queue
from mainstay.worker.engine import create_app
from mainstay.worker.runner import Worker
from mainstay.worker.settings import WorkerSettings

Until = Callable[..., Awaitable[Any]]
LETTER = replace(TRACE, name="sample.write_letter", queue=LETTERS, priority=URGENT)
PICTURE = replace(TRACE, name="sample.look_at_picture", queue=LONG, priority=BEHIND)
SWEEP = replace(TICK, name="sample.sweep", queue=LONG, priority=BEHIND)


@asynccontextmanager
async def working(
    url: str, open_work: WorkOpener, *served: str, schedules: tuple[Schedule, ...] = ()
) -> AsyncIterator[None]:
    """Run a worker that has one place, and serves the queues that are named."""
    settings = WorkerSettings.model_validate({"concurrency": 1, "poll": 0.1, "queues": served})
    worker = Worker(url, (TRACE, LETTER, PICTURE), schedules, open_work, settings)
    task = asyncio.create_task(worker.run(is_alone=True))
    try:
        yield
    finally:
        worker.stop()
        await task


async def wanted(open_work: WorkOpener, job: Job, *texts: str) -> None:
    """Have a job run, once for each text."""
    open_work.subscriptions = Subscriptions.of((job,))
    for text in texts:
        async with open_work(SYSTEM) as uow:
            uow.publish(NoteWritten(note_id=uuid4(), text=text))


async def effects(open_work: WorkOpener) -> list[str]:
    async with open_work(SYSTEM) as uow:
        return [row["about"] for row in await uow.read("SELECT about FROM sample_effect ORDER BY position")]


async def waiting(open_work: WorkOpener) -> int:
    """Count the jobs of this file: the worker's own schedules come when their minute does."""
    async with open_work(SYSTEM) as uow:
        return int(await uow.read_value("SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE 'sample.%'"))


async def is_empty(open_work: WorkOpener) -> bool:
    return not await waiting(open_work)


async def test_a_worker_with_one_place_and_a_full_queue_takes_the_urgent_job_first(
    committed: WorkOpener, fresh_database_url: str, until: Until
) -> None:
    """The most urgent came last; equals go in their order. Red when jobs are put into the queue without a priority."""
    await wanted(committed, PICTURE, "picture 1", "picture 2", "picture 3")
    await wanted(committed, TRACE, "note 1", "note 2", "note 3")
    await wanted(committed, LETTER, "letter 1", "letter 2")

    async with working(fresh_database_url, committed):
        await until(lambda: is_empty(committed))

    assert await effects(committed) == [
        *("letter 1", "letter 2", "note 1", "note 2", "note 3", "picture 1", "picture 2", "picture 3")
    ]


async def test_a_worker_of_one_queue_leaves_the_others_to_others(
    committed: WorkOpener, fresh_database_url: str, until: Until
) -> None:
    """Not for its priority, which is the lowest here. Red when the setting is not handed on: the picture goes first."""
    last = replace(LETTER, priority=PICTURE.priority - 1)
    await wanted(committed, PICTURE, "picture")
    await wanted(committed, TRACE, "note")
    await wanted(committed, last, "letter 1", "letter 2")

    async with working(fresh_database_url, committed, LETTERS):
        await until(lambda: _has(committed, 2))

    assert await effects(committed) == ["letter 1", "letter 2"]
    assert await waiting(committed) == 2
    async with working(fresh_database_url, committed, "default", LONG):
        await until(lambda: is_empty(committed))
    assert await effects(committed) == ["letter 1", "letter 2", "note", "picture"]


async def test_a_schedule_has_its_queue_and_its_place_in_it(
    committed: WorkOpener, fresh_database_url: str, until: Until
) -> None:
    """By hand as by the clock, for which the engine defers it as its task says."""
    async with committed(SYSTEM) as uow:
        await queue.run_now(uow, SWEEP, clock.now())
    await wanted(committed, TRACE, "note")

    async with working(fresh_database_url, committed, schedules=(SWEEP,)):
        await until(lambda: is_empty(committed))

    assert await effects(committed) == ["note", "tick"]
    task = create_app(fresh_database_url, (), (SWEEP,), committed).tasks[SWEEP.name]
    assert (task.queue, task.priority) == (LONG, BEHIND)


async def _has(open_work: WorkOpener, count: int) -> bool:
    return len(await effects(open_work)) >= count
