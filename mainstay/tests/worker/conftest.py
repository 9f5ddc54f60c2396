"""The sample program, and a worker that runs its jobs on a database of its own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeVar

import pytest
from sample.main import make_program

from mainstay import clock
from mainstay.bootstrap.program import Program
from mainstay.db.engine import DatabaseSettings, create_engine
from mainstay.work import WorkOpener
from mainstay.worker.runner import Worker
from mainstay.worker.settings import WorkerSettings

Result = TypeVar("Result")
Until = Callable[[Callable[[], Awaitable[Result]]], Awaitable[Result]]


@pytest.fixture(scope="session")
def program() -> Program:
    """The sample program."""
    return make_program()


@pytest.fixture
async def committed(program: Program, fresh_database_url: str) -> AsyncIterator[WorkOpener]:
    """Opens units of work that really commit, on a database of this test's own."""
    engine = create_engine(DatabaseSettings(), fresh_database_url)
    yield program.opener(engine, program.configuration())
    await engine.dispose()


@pytest.fixture
def until() -> Until[Any]:
    """Ask again and again until the answer is true, for half a minute at most."""

    async def until(ask: Callable[[], Awaitable[Result]], seconds: float = 30) -> Result:
        deadline = clock.monotonic() + seconds
        while not (answer := await ask()):
            assert clock.monotonic() < deadline, "It did not happen in time."
            await asyncio.sleep(0.01)
        return answer

    return until


@pytest.fixture
async def start_worker(
    program: Program, committed: WorkOpener, fresh_database_url: str
) -> AsyncIterator[Callable[..., Awaitable[Worker]]]:
    """Start workers in this process; they are stopped after the test."""
    async with AsyncExitStack() as stack:

        async def start(*, is_alone: bool = False, **settings: object) -> Worker:
            chosen = WorkerSettings.model_validate({"poll": 0.2, "heartbeat": 0.2, "stalled_after": 1.0, **settings})
            worker = Worker(fresh_database_url, program.jobs, program.schedules, committed, chosen)
            await stack.enter_async_context(_running(worker, is_alone=is_alone))
            return worker

        yield start


@asynccontextmanager
async def _running(worker: Worker, *, is_alone: bool) -> AsyncIterator[None]:
    task = asyncio.create_task(worker.run(is_alone=is_alone))
    try:
        yield
    finally:
        worker.stop()
        await task
