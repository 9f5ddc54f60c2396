"""A level of the log that was changed for a minute returns by itself, in every process of the running program."""

import asyncio
import shutil
from collections.abc import AsyncIterator

import pytest

from mainstay import clock
from mainstay.bootstrap.program import Program
from mainstay.testing.client import Client
from mainstay.testing.process import ProgramProcess, make_folder

LEVELS = "/api/v1/operations/log-levels"
PATIENCE = 180.0


@pytest.fixture
async def seen(program: Program) -> AsyncIterator[ProgramProcess]:
    """The program with two API processes."""
    folder = make_folder()
    process = ProgramProcess(program.name, folder, "--workers", "2")
    try:
        process.start()
        yield process
    finally:
        process.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.long
@pytest.mark.practice(58)
async def test_a_level_returns_by_itself_in_every_process(seen: ProgramProcess) -> None:
    """Nobody takes it back: each process has a timer of its own, and a minute is the shortest."""
    async with seen.owner() as owner:
        changed = await owner.put(f"{LEVELS}/access", json={"level": "debug", "minutes": 1})
        assert [each["logger"] for each in changed.json()["items"]] == ["access"]
        await live(owner)
        assert logged(seen) > 0, "it is not changed"

        deadline = clock.monotonic() + PATIENCE
        while len(returned(seen)) < len(changed.json()["processes"]):
            assert clock.monotonic() < deadline, "one process left it on"
            await asyncio.sleep(0.5)
        assert (await owner.get(LEVELS)).json()["items"] == []
        quiet = logged(seen)
        await live(owner)

    assert sorted(returned(seen)) == ["api-1", "api-2", "worker-1"]
    assert logged(seen) == quiet


async def live(client: Client) -> None:
    """Ask several times whether the program lives, on connections of their own: one process or the other answers."""
    for _ in range(6):
        assert (await client.get("/health/live", headers={"Connection": "close"})).status_code == 200


def logged(seen: ProgramProcess) -> int:
    """Return how many health checks stand in the log, which are told at the level "debug" alone."""
    return sum(line.get("path") == "/health/live" for line in seen.log())


def returned(seen: ProgramProcess) -> list[str]:
    """Return the processes that said that the level of the access log is what it is otherwise."""
    lines = [each for each in seen.log() if each["event"] == "log level" and each["about"] == "access"]
    return [each["process"] for each in lines if each["level"] != "debug"]
