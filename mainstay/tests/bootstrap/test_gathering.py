"""A process keeps its errors beside its work: each once, also those that came while the database was away."""

import asyncio
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
import structlog
from sample.main import make_program

from mainstay.bootstrap import gathering as module
from mainstay.bootstrap import leaving as leaving_module
from mainstay.bootstrap.gathering import TRIES, Keeper, gathering
from mainstay.bootstrap.leaving import leaving
from mainstay.bootstrap.program import Program
from mainstay.db.lease import Lease
from mainstay.errors import ServiceUnavailable
from mainstay.modules.operations.module import OPERATIONS
from mainstay.observe import troubles
from mainstay.observe.counters import Counters
from mainstay.observe.gathering import HEARD, LOST, WRITTEN, Batch, Gatherer, Origin
from mainstay.observe.logs import configure_logging
from mainstay.observe.spool import Spool
from mainstay.settings import CoreSettings
from mainstay.testing.collector import until
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

KEPT = "SELECT event, count, last_release FROM operations_error ORDER BY event"


@pytest.fixture(scope="session")
def program() -> Program:
    """A program that keeps its errors."""
    program = make_program()
    return replace(program, modules=(*program.modules, OPERATIONS))


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data folder of the test's own."""
    monkeypatch.setenv("SAMPLE_DATA_DIR", str(tmp_path))


@pytest.fixture
def log() -> BytesIO:
    """What the process logs."""
    stream = BytesIO()
    configure_logging("info", stream)
    return stream


def fail(*events: str) -> None:
    for event in events:
        structlog.get_logger("bakery").error(event)


def spool_of(open_work: WorkOpener) -> Spool:
    return Spool.of(open_work.setup.settings.of(CoreSettings).data_dir)


async def silent(*_: object) -> Lease:
    """Take a connection from a server that says nothing."""
    await asyncio.Event().wait()
    raise AssertionError


async def kept(open_work: WorkOpener) -> list[tuple[str, int, str]]:
    async with open_work(SYSTEM) as uow:
        return [(row["event"], row["count"], row["last_release"]) for row in await uow.read(KEPT)]


async def test_errors_are_kept_while_the_process_runs_and_the_last_ones_in_its_end(
    program: Program, committed: WorkOpener, log: BytesIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAUSE", 0.05)
    counters = Counters()
    async with gathering(program, committed.setup.settings, committed, counters, "api"):
        fail("burnt", "burnt")
        await until(lambda: counters.value(WRITTEN, role="api") == 2)
        assert await kept(committed) == [("burnt", 2, program.version)]
        fail("burnt", "raw")
    fail("nobody hears this")

    assert await kept(committed) == [("burnt", 3, program.version), ("raw", 1, program.version)]
    assert b"waiting" not in log.getvalue()


async def test_a_program_that_keeps_none_goes_without(committed: WorkOpener, log: BytesIO) -> None:
    counters = Counters()
    async with gathering(make_program(), committed.setup.settings, committed, counters, "api"):
        fail("burnt")

    assert counters.value(HEARD, role="api") == 0
    assert b"burnt" in log.getvalue()


async def test_what_comes_while_the_database_is_away_is_kept_when_it_is_back_and_makes_no_errors_itself(
    program: Program, committed: WorkOpener, log: BytesIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAUSE", 0.01)
    monkeypatch.setattr(module, "LONGEST_PAUSE", 0.02)
    real, refused = Lease.take.__func__, 0  # type: ignore[attr-defined]  # a class method

    async def away(*_: object) -> Lease:
        nonlocal refused
        refused += 1
        # As a driver that takes a lost connection for an error of its own.
        fail("connection lost")
        raise ServiceUnavailable("The database cannot be reached.")

    monkeypatch.setattr(Lease, "take", away)
    counters = Counters()
    async with gathering(program, committed.setup.settings, committed, counters, "api"):
        fail("burnt")
        await until(lambda: refused > TRIES + 2)
        fail("burnt")
        monkeypatch.setattr(Lease, "take", classmethod(real))
        await until(lambda: counters.value(WRITTEN, role="api") == 2)

    assert await kept(committed) == [("burnt", 2, program.version)]
    assert counters.value(HEARD, role="api") == 2
    assert log.getvalue().count(b'"waiting"') == 1, "it is said once"
    assert b"kept again" in log.getvalue()


async def test_a_commit_of_which_nobody_heard_is_not_counted_twice(open_work: WorkOpener, log: BytesIO) -> None:
    counters, is_cut = Counters(), True

    class Cut(WorkOpener):
        """Loses the connection after the commit."""

        def __call__(self, actor: object) -> UnitOfWork:
            unit = open_work(SYSTEM)
            commit = unit.commit

            async def lost() -> None:
                await commit()
                if is_cut:
                    raise ConnectionResetError

            unit.commit = lost  # type: ignore[method-assign]  # the connection is what is broken
            return unit

    assert OPERATIONS.keep_errors is not None
    cut = Cut(open_work.engine, open_work.subscriptions, setup=open_work.setup)
    gatherer = Gatherer(Origin.of("api", "1.0.0", "till-1"), counters, 100)
    keeper = Keeper(gatherer, OPERATIONS.keep_errors, cut)
    with troubles.heard(gatherer.take):
        fail("burnt", "burnt")
        assert not await keeper.write()
        fail("burnt")
        is_cut = False
        assert await keeper.write()
        assert await keeper.write()

    assert await kept(open_work) == [("burnt", 3, "1.0.0")]
    assert counters.value(WRITTEN, role="api") == 3


async def test_a_batch_that_the_database_refuses_for_good_is_given_up_and_counted(
    open_work: WorkOpener, log: BytesIO
) -> None:
    counters = Counters()

    async def keep(uow: UnitOfWork, _batch: Batch) -> None:
        await uow.write("INSERT INTO nowhere VALUES (1)")

    gatherer = Gatherer(Origin.of("api", "1.0.0", "till-1"), counters, 100)
    keeper = Keeper(gatherer, keep, open_work)
    with troubles.heard(gatherer.take):
        fail("burnt", "burnt")
        tried = [await keeper.write() for _ in range(TRIES)]
        assert await keeper.write(), "nothing is left"

    assert not any(tried)
    assert counters.value(LOST, role="api", reason="refused") == 2
    assert log.getvalue().count(b"given up") == 1


async def test_the_end_of_a_process_waits_for_no_database(
    program: Program, committed: WorkOpener, log: BytesIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it could not write is written by the next one that can."""
    monkeypatch.setattr(module, "STOP_SECONDS", 0.05)
    real = Lease.take.__func__  # type: ignore[attr-defined]  # a class method
    monkeypatch.setattr(Lease, "take", silent)
    counters = Counters()
    async with asyncio.timeout(30), gathering(program, committed.setup.settings, committed, counters, "api"):
        fail("burnt", "burnt")

    assert b'"left"' in log.getvalue()
    assert (counters.value(LOST, role="api", reason="ended"), counters.value(WRITTEN, role="api")) == (0, 0)
    monkeypatch.setattr(Lease, "take", classmethod(real))
    monkeypatch.setattr(module, "PAUSE", 0.01)
    async with gathering(program, committed.setup.settings, committed, counters, "worker"):
        await until(lambda: counters.value(WRITTEN, role="api") == 2)
    assert await kept(committed) == [("burnt", 2, program.version)]
    assert list(spool_of(committed).folder.iterdir()) == []


async def test_what_the_parent_of_all_processes_left_is_written_by_a_worker_in_its_release(
    program: Program, committed: WorkOpener, log: BytesIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAUSE", 0.01)
    monkeypatch.setattr(leaving_module, "PAUSE", 0.01)
    counters, folder = Counters(), committed.setup.settings.of(CoreSettings).data_dir
    with leaving(folder):
        fail("child ended unasked", "child ended unasked")
    with leaving(folder):
        fail("child ended unasked")
    async with gathering(program, committed.setup.settings, committed, counters, "worker"):
        await until(lambda: counters.value(WRITTEN, role="supervisor") == 3)

    assert await kept(committed) == [("child ended unasked", 3, program.version)]
    assert counters.value(HEARD, role="supervisor") == 3


async def test_where_nothing_can_be_left_it_is_lost_and_counted(
    program: Program, committed: WorkOpener, log: BytesIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STOP_SECONDS", 0.05)
    monkeypatch.setattr(Lease, "take", silent)
    folder = spool_of(committed).folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_bytes(b"a file where the folder should be")
    counters = Counters()
    async with gathering(program, committed.setup.settings, committed, counters, "api"):
        fail("burnt")

    assert counters.value(LOST, role="api", reason="ended") == 1
    assert b'"lost"' in log.getvalue()
