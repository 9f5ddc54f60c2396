"""The supervisor starts everything or nothing, and stops in order whenever it is told; its children are puppets."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from served import PROGRAMS

from mainstay import clock
from mainstay.bootstrap.database import External
from mainstay.bootstrap.listener import open_listener
from mainstay.bootstrap.supervisor import Plan, Serving, StartFailed, Supervisor
from mainstay.errors import ConfigurationError
from mainstay.settings import CoreSettings

Until = Callable[..., Awaitable[Any]]
# Seconds for one play: nothing here takes long, and a supervisor swallows the signal that ends a test run.
LIMIT = 30


class Stage:
    """A supervisor of puppets, what they report, and what the operator reads."""

    def __init__(self, folder: Path) -> None:
        self._report = folder / "report"
        self.listener = open_listener("127.0.0.1", 0)
        self.database = External("postgresql://db.example/shop")
        self.supervisor: Supervisor | None = None
        self.logs: Path | None = None
        self.may_start = threading.Event()
        self.may_start.set()

    def play(
        self, natures: dict[str, str] | None = None, *, api_processes: int = 1, notice: float = 0.0
    ) -> "asyncio.Task[int]":
        """Start it; `natures` says which puppet is stubborn, refusing or crashing."""
        settings = {"REPORT": str(self._report), **(natures or {})}

        def start_database() -> tuple[External, dict[str, str]]:
            self.may_start.wait(10)
            if "REFUSAL" in settings:
                raise ConfigurationError(settings["REFUSAL"])
            return self.database, settings

        serving = Serving(self.listener, notice_seconds=notice)
        plan = Plan("puppet", CoreSettings(), serving, start_database, False, api_processes, self.logs)
        self.supervisor = Supervisor(plan)
        return asyncio.create_task(asyncio.wait_for(self.supervisor.run(), LIMIT))

    def tell(self) -> None:
        """Do what the signal to stop does."""
        assert self.supervisor is not None
        self.supervisor._stop_or_hurry()

    def roles(self) -> list[str]:
        return [line.split()[0] for line in self._report.read_text().splitlines()] if self._report.exists() else []

    async def has(self, *roles: str) -> bool:
        return sorted(self.roles()) == sorted(roles)


@pytest.fixture
async def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    monkeypatch.setenv("PYTHONPATH", str(PROGRAMS))
    before = set(psutil.Process().children())
    stage = Stage(tmp_path)
    yield stage
    stage.listener.close()
    left = set(psutil.Process().children()) - before
    assert not left, f"These processes are left: {left}"


async def test_the_worker_prepares_before_the_api_begins_and_the_operator_is_told(
    stage: Stage, until: Until, capfd: pytest.CaptureFixture[str]
) -> None:
    said = ""

    async def is_told() -> bool:
        nonlocal said
        said += capfd.readouterr().err
        return "Stop with" in said

    run = stage.play(api_processes=2)
    await until(is_told)
    # One of them answers for both.
    await until(lambda: stage.has("worker", "api", "api"))
    stage.tell()

    assert await run == 0
    assert stage.roles() == ["worker", "api", "api"]
    lines = said.splitlines()
    assert lines[0] == "Puppet 1 is ready."
    assert lines[2] == f"  Pull the strings: {lines[1].removeprefix('  Open  ')}/strings"
    assert lines[3] == "  Data  the database shop on db.example"


async def test_logs_of_children_go_to_files_when_the_operator_sits_at_a_terminal(
    stage: Stage, until: Until, tmp_path: Path
) -> None:
    stage.logs = tmp_path
    run = stage.play()
    await until(lambda: stage.has("worker", "api"))
    stage.tell()

    assert await run == 0
    assert modes_of(tmp_path, "*.log") == {"api.log": 0o600, "worker.log": 0o600}


def modes_of(folder: Path, pattern: str) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.glob(pattern)}


async def test_a_database_that_refuses_stops_the_start(stage: Stage) -> None:
    with pytest.raises(ConfigurationError, match=r"^In use\.$"):
        await stage.play({"REFUSAL": "In use."})

    assert stage.roles() == [], "nobody has begun"


@pytest.mark.parametrize(
    ("role", "nature", "code"),
    [("worker", "refusing", 2), ("worker", "crash", 3), ("api", "refusing", 2), ("api", "crash", 3)],
)
async def test_a_child_that_ends_during_the_start_ends_the_program(
    stage: Stage, role: str, nature: str, code: int
) -> None:
    with pytest.raises(
        StartFailed, match=f"The process `{role}` ended with code {code} while the program was"
    ) as failure:
        await stage.play({f"{role.upper()}_IS": nature})

    assert failure.value.code == code


async def test_a_signal_during_the_start_stops_what_has_started(stage: Stage) -> None:
    stage.may_start.clear()
    run = stage.play()
    await asyncio.wait({run}, timeout=0.3)
    stage.tell()
    await asyncio.wait({run}, timeout=0.3)
    assert not run.done(), "a database that is starting cannot be stopped"

    stage.may_start.set()

    assert await run == 0
    assert stage.roles() == []


async def test_a_second_signal_ends_a_stop_that_takes_long(stage: Stage, until: Until) -> None:
    run = stage.play({"API_IS": "stubborn", "WORKER_IS": "stubborn"})
    await until(lambda: stage.has("worker", "api"))
    began = clock.monotonic()
    stage.tell()
    await asyncio.wait({run}, timeout=0.3)
    assert not run.done()

    stage.tell()

    assert await run == 0
    assert clock.monotonic() - began < 5


async def test_during_the_notice_newcomers_are_served(stage: Stage, until: Until) -> None:
    run = stage.play({"API_IS": "stubborn"}, notice=60)
    await until(lambda: stage.has("worker", "api"))
    stage.tell()
    await asyncio.wait({run}, timeout=0.1)

    reader, writer = await asyncio.wait_for(asyncio.open_connection(*stage.listener.getsockname()), 10)
    writer.write(b"GET / HTTP/1.1\r\n\r\n")
    answer = await reader.readline()
    writer.close()
    stage.tell()

    assert answer == b"HTTP/1.1 200 OK\r\n"
    assert await run == 0
