"""Processes of all machines do what they are told together, and newcomers what the others were told."""

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sample.main import make_program

from mainstay import clock
from mainstay.bootstrap import flagging
from mainstay.bootstrap.flagging import following
from mainstay.bootstrap.program import Program
from mainstay.bootstrap.steering import Steering
from mainstay.bootstrap.together import together
from mainstay.db.address import libpq_url, of_login
from mainstay.db.lease import Lease
from mainstay.errors import ServiceUnavailable
from mainstay.modules.operations.jobs import tidy_errors
from mainstay.modules.operations.module import OPERATIONS
from mainstay.modules.operations.repository import levels as repository
from mainstay.observe.levels import Change, Levels
from mainstay.observe.peers import Peers
from mainstay.testing.collector import until
from mainstay.work import SYSTEM, WorkOpener

LISTENERS = """
SELECT count(*) FROM pg_stat_activity
WHERE application_name = 'listens to mainstay_log_levels' AND datname = current_database() AND query LIKE '%pg_notify%'
"""


@pytest.fixture(scope="session")
def program() -> Program:
    """A program whose levels are kept."""
    program = make_program()
    return replace(program, modules=(*program.modules, OPERATIONS))


def change(level: str, seconds: float = 60) -> Change:
    return Change(level, clock.now() + timedelta(seconds=seconds))


async def tell(open_work: WorkOpener, name: str, level: str | None, seconds: float = 60) -> None:
    """Have a level changed or taken back in the database, as a process somewhere does."""
    async with open_work(SYSTEM) as uow:
        if level is None:
            await repository.remove(uow, name)
        else:
            await repository.put(uow, name, level, clock.now() + timedelta(seconds=seconds))


def listened(url: str, count: int) -> None:
    """Wait until so many listen and have heard themselves."""
    deadline = clock.monotonic() + 20
    with psycopg.connect(libpq_url(of_login(url)), autocommit=True) as connection:
        while connection.execute(LISTENERS).fetchone() != (count,):
            assert clock.monotonic() < deadline, "nobody listens"


class Machine:
    """A process on a machine of its own: with its own folder and its own loggers."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.peers, self.levels = Peers("api-1", folder), Levels()
        self.steering = Steering(self.peers, self.levels)

    def level(self) -> str | None:
        found = self.levels.changes().get("access")
        return None if found is None else found.level

    def running(self, program: Program, open_work: WorkOpener, url: str) -> AbstractAsyncContextManager[None]:
        return together(
            self.steering.followed(),
            self.peers.listening(),
            following(program, open_work.setup.settings, url, open_work, self.steering),
        )


async def test_a_level_is_changed_and_taken_back_on_all_machines_at_once(
    program: Program, committed: WorkOpener, fresh_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flagging, "SLOW_LOOK", 3600.0)  # they are told, or know nothing
    url, (here, there, late) = fresh_database_url, (Machine(tmp_path / name) for name in ("here", "there", "late"))
    async with here.running(program, committed, url), there.running(program, committed, url):
        await asyncio.to_thread(listened, url, 2)
        await tell(committed, "access", "debug")
        await until(lambda: here.level() == there.level() == "debug")
        async with late.running(program, committed, url):
            assert late.level() == "debug", "one that starts later knows from its start"
        assert late.level() is None, "at the end nothing is left on"
        await tell(committed, "access", None)
        await until(lambda: here.level() is there.level() is None)


async def test_it_ends_by_itself_also_where_the_database_is_away(
    program: Program, committed: WorkOpener, fresh_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine(tmp_path / "here")
    async with machine.running(program, committed, fresh_database_url):
        await tell(committed, "access", "debug", 1.5)
        await until(lambda: machine.level() == "debug")
        monkeypatch.setattr(Lease, "take", _away)
        await until(lambda: machine.level() is None)
        with pytest.raises(ServiceUnavailable):
            await tell(committed, "access", "debug")
        monkeypatch.undo()


async def _away(*_: object) -> Lease:
    raise ServiceUnavailable("The database cannot be reached.")


async def test_one_that_has_ended_is_not_taken_over_and_is_forgotten(
    program: Program, committed: WorkOpener, fresh_database_url: str, tmp_path: Path
) -> None:
    machine = Machine(tmp_path / "here")
    await tell(committed, "access", "debug", -1)
    await tell(committed, "mainstay", "debug", 60)
    async with machine.running(program, committed, fresh_database_url):
        assert set(machine.levels.changes()) == {"mainstay"}
    async with committed(SYSTEM) as uow:
        await tidy_errors(uow)
        rows = await uow.read("SELECT logger FROM operations_log_level")
    assert [row["logger"] for row in rows] == ["mainstay"]


async def test_a_peer_that_is_asked_has_looked_before_it_answers(
    program: Program, committed: WorkOpener, fresh_database_url: str, tmp_path: Path
) -> None:
    machine = Machine(tmp_path / "here")
    async with machine.running(program, committed, fresh_database_url):
        async with committed(SYSTEM) as uow:
            await uow.write(repository.PUT, "access", "error", clock.now() + timedelta(minutes=1))
        (reply,) = await machine.peers.ask("levels")

    changes = reply.content["changes"]
    assert isinstance(changes, dict)
    assert list(changes) == ["access"]


async def test_what_holds_is_replaced_by_what_is_wanted() -> None:
    levels = Levels()
    steering = Steering(Peers("api-1"), levels)
    async with steering.followed():
        first = {"a": change("debug"), "b": change("warning")}
        steering.hold(first)
        assert levels.changes() == first
        second = {"b": change("error"), "c": change("debug", -1)}
        steering.hold(second)
        assert levels.changes() == {"b": second["b"]}
    assert levels.changes() == {}


@pytest.mark.parametrize("is_shared", [False, True])
async def test_one_profile_is_taken_at_a_time(tmp_path: Path, *, is_shared: bool) -> None:
    first = Peers("api-1", tmp_path if is_shared else None)
    Steering(first)
    second = first
    if is_shared:
        second = Peers("api-2", tmp_path)
        Steering(second)

    told = await asyncio.gather(*(peers.ask_one(peers.name, "profile", {"seconds": 0.3}) for peers in (first, second)))

    answers = [dict(reply.content) for reply in told if reply is not None]
    assert sorted(bool(each.get("is_busy")) for each in answers) == [False, True]
    (made,) = (each for each in answers if "is_busy" not in each)
    assert int(str(made["looks"])) >= 1
