"""Children get their orders, are replaced when they crash, and are stopped in time."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from served import PROGRAMS
from structlog.testing import capture_logs

from mainstay.bootstrap.children import Child, Kept, Role
from mainstay.bootstrap.orders import Orders

Until = Callable[..., Awaitable[Any]]


class Puppets:
    """Children that write a line when they begin."""

    def __init__(self, report: Path) -> None:
        self._report = report
        self.orders = Orders(os.getpid(), {"REPORT": str(report)})

    async def start(self, role: str) -> Child:
        child = await Child.start(Role(role, "puppet"))
        child.order(self.orders)
        child.begin()
        return child

    def lines(self) -> list[list[str]]:
        return [line.split() for line in self._report.read_text().splitlines()] if self._report.exists() else []

    async def have_begun(self, count: int = 1) -> bool:
        return len(self.lines()) >= count


@pytest.fixture
def puppets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Puppets:
    monkeypatch.setenv("PYTHONPATH", str(PROGRAMS))
    return Puppets(tmp_path / "report")


async def test_a_child_gets_its_orders_and_begins_in_a_session_of_its_own(puppets: Puppets, until: Until) -> None:
    """Ctrl C on the terminal reaches the parent's session alone."""
    child = await puppets.start("obey")
    await until(puppets.have_begun)

    assert puppets.lines() == [["obey", "True", str(child.pid), "True"]]

    await child.stop(patience=10)
    assert await child.wait() == 0


async def test_a_child_that_does_not_stop_is_killed_after_a_while(puppets: Puppets, until: Until) -> None:
    child = await puppets.start("stubborn")
    await until(puppets.have_begun)

    with capture_logs() as lines:
        await asyncio.wait_for(child.stop(patience=0.3), 5)

    assert await child.wait() == -signal.SIGKILL
    assert [(line["event"], line["child"]) for line in lines] == [("killed", "stubborn")]


async def test_stopping_a_child_that_has_ended_is_harmless(puppets: Puppets) -> None:
    child = await puppets.start("crash")
    assert await child.wait() == 3

    await child.stop(patience=1)
    child.kill()


async def test_a_child_that_crashes_is_followed_by_others_at_growing_intervals(puppets: Puppets, until: Until) -> None:
    with capture_logs() as lines:
        kept = Kept(await puppets.start("crash"))
        kept.keep(puppets.orders)
        await until(lambda: puppets.have_begun(3))
        await kept.stop(patience=5)

    ended = [line for line in lines if line["event"] == "child ended unasked"]
    assert [(line["child"], line["code"], line["log_level"]) for line in ended[:2]] == [("crash", 3, "error")] * 2
    assert [line["next_start_s"] for line in ended[:3]] == [0.2, 0.4, 0.8][: len(ended)]
    assert len({line[2] for line in puppets.lines()}) == len(puppets.lines()), "each is another process"


async def test_after_a_stop_no_other_child_follows(puppets: Puppets, until: Until) -> None:
    kept = Kept(await puppets.start("obey"))
    kept.keep(puppets.orders)
    await until(puppets.have_begun)

    await kept.stop(patience=5)

    assert len(puppets.lines()) == 1
    assert not psutil.pid_exists(int(puppets.lines()[0][2]))


async def test_in_a_hurry_a_child_is_ended_at_once(puppets: Puppets, until: Until) -> None:
    kept = Kept(await puppets.start("stubborn"))
    kept.keep(puppets.orders)
    await until(puppets.have_begun)

    kept.kill()
    await kept.stop(patience=30)

    assert len(puppets.lines()) == 1


async def test_those_that_follow_may_have_a_role_of_their_own(puppets: Puppets, until: Until) -> None:
    """The first worker inherits the pipe of its report, which is closed when the next one starts."""
    kept = Kept(await puppets.start("crash"), Role("obey", "puppet"))
    kept.keep(puppets.orders)

    await until(lambda: puppets.have_begun(2))
    await kept.stop(patience=5)

    assert [line[0] for line in puppets.lines()] == ["crash", "obey"]
