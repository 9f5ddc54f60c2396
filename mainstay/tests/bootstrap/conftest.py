"""Programs that run in processes of their own, and requests to them that nobody retries."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from served import PROGRAMS, ServedProgram

from mainstay import clock

MakeServed = Callable[..., ServedProgram]


@pytest.fixture(scope="session")
async def make_served(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[MakeServed]:
    """Make sample programs, not started yet; those that still run are ended after the tests."""
    async with AsyncExitStack() as stack:

        def make(folder: Path | None = None, *options: str, **environment: str) -> ServedProgram:
            where = folder or tmp_path_factory.mktemp("served") / "data"
            variables = {"PYTHONPATH": str(PROGRAMS), **environment}
            served = ServedProgram("sample", where, *options, environment=variables)
            stack.push_async_callback(served.end)
            return served

        yield make


@pytest.fixture
def until() -> Callable[..., Awaitable[Any]]:
    """Ask again and again until the answer is true, for half a minute at most."""

    async def until(ask: Callable[[], Awaitable[Any]], seconds: float = 30) -> Any:  # noqa: ANN401  the answer's type
        deadline = clock.monotonic() + seconds
        while not (answer := await ask()):
            assert clock.monotonic() < deadline, "It did not happen in time."
            await asyncio.sleep(0.02)
        return answer

    return until
