"""Numbers that the database knows are asked of the modules, and are no reason to tell none when it is away."""

from dataclasses import replace
from pathlib import Path

import pytest
from sample.main import make_program
from sample.notes import MODULE

from mainstay.bootstrap.machine import Machine
from mainstay.bootstrap.observing import refreshing, tell_pool
from mainstay.bootstrap.program import Program
from mainstay.bootstrap.readiness import checks_of
from mainstay.db.engine import DatabaseSettings, create_engine
from mainstay.messages.job import Subscriptions
from mainstay.observe.counters import Counters
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener


@pytest.fixture
def counting() -> Program:
    """The sample program, whose module tells how many notes there are."""

    async def observe(uow: UnitOfWork, counters: Counters) -> None:
        counters.set("notes", float(await uow.read_value("SELECT count(*) FROM sample_note")))

    return replace(make_program(), modules=(replace(MODULE, observe=observe), replace(MODULE, name="silent")))


async def test_modules_say_how_things_stand_at_each_reading(
    counting: Program, open_work: WorkOpener, uow: UnitOfWork
) -> None:
    counters, refresh = Counters(), refreshing(counting, open_work, Machine(Path()))
    await refresh(counters)
    assert counters.text().endswith("notes 0\n")

    await uow.write("INSERT INTO sample_note (id, text) VALUES (gen_random_uuid(), 'x')")
    await uow.commit()
    await refresh(counters)

    assert counters.text().endswith("notes 1\n")


async def test_without_the_database_the_other_numbers_are_told(counting: Program) -> None:
    engine = create_engine(DatabaseSettings(connect_timeout=1), "postgresql://nobody@127.0.0.1:1/nowhere")
    counters = Counters()
    counters.add("requests_total")

    open_work = WorkOpener(engine, Subscriptions({}))
    checks = checks_of(counting, counting.configuration(), open_work, None)

    await refreshing(counting, open_work, Machine(Path()), checks)(counters)
    await engine.dispose()

    assert "requests_total 1" in counters.text()
    # And that it is away, by which an alarm knows that without a single request.
    told = {name: counters.value("mainstay_check_ok", check=name) for name in ("database", "migrations", "disk")}
    assert told == {"database": 0, "migrations": 0, "disk": 1}
    assert 'check="pool"' not in counters.text()


async def test_connections_that_are_held_open_move_the_gauge(fresh_database_url: str) -> None:
    engine = create_engine(DatabaseSettings(pool_size=2, pool_overflow=1), fresh_database_url)
    open_work = WorkOpener(engine, Subscriptions({}))
    counters = Counters()
    used: list[float] = []

    async with open_work(SYSTEM) as first, open_work(SYSTEM) as second:
        for work in (first, second):
            await work.read_value("SELECT 1")
            tell_pool(engine, counters)
            used.append(counters.value("mainstay_pool_connections", state="used"))
    tell_pool(engine, counters)
    await engine.dispose()

    assert used == [1, 2]
    assert counters.value("mainstay_pool_connections", state="used") == 0
    assert counters.value("mainstay_pool_connections", state="idle") == 2
    assert counters.value("mainstay_pool_limit") == 3
    assert counters.value("mainstay_pool_setting", setting="overflow") == 1
