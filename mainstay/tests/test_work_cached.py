"""Kept answers as a piece of work asks for them: what is kept is of one state, and waiting takes no connection."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from probe.main import make_program
from probe.sendings import FOR_ALL, Kept

from mainstay import clock
from mainstay.bootstrap.program import Program
from mainstay.cache.cache import TOTAL, Cache, Wanted
from mainstay.cache.kind import Answer
from mainstay.cache.settings import CacheSettings
from mainstay.db.engine import DatabaseSettings, create_engine
from mainstay.observe.counters import Counters
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

ADD = "INSERT INTO probe_note (id, code, amount, text) VALUES (gen_random_uuid(), $1, 1, '')"
MARKS = "SELECT * FROM mainstay_topic WHERE name = 'probe_note'"


@pytest.fixture(scope="module")
def program() -> Program:
    return make_program()


@pytest.fixture
def counters() -> Counters:
    return Counters()


class Counting(Cache):
    """Knows how many ask."""

    asking = 0

    async def get(self, wanted: Wanted[Answer], work_out: Callable[[], Awaitable[Answer]]) -> Answer:
        """Return an answer."""
        self.asking += 1
        return await super().get(wanted, work_out)


@pytest.fixture
def cache(counters: Counters) -> Counting:
    return Counting(CacheSettings.model_construct(megabytes=1, wait_ms=10_000), counters)


@pytest.fixture
async def narrow(program: Program, fresh_database_url: str, cache: Counting) -> AsyncIterator[WorkOpener]:
    """Opens work with a cache on a pool of two connections, for which nobody waits long."""
    settings = DatabaseSettings(pool_size=2, pool_overflow=0, pool_wait=1)
    engine = create_engine(settings, fresh_database_url, name="narrow")
    yield program.opener(engine, program.configuration(), cache=cache)
    await engine.dispose()


async def codes(uow: UnitOfWork) -> Kept:
    rows = await uow.read("SELECT code FROM probe_note ORDER BY code")
    return Kept(codes=[row["code"] for row in rows], whose="all")


@asynccontextmanager
async def undone(open_work: WorkOpener) -> AsyncIterator[None]:
    """Put notes and marks back to what they were before the block, as the restoring of a backup does."""
    async with open_work(SYSTEM) as uow:
        before = await uow.read(MARKS)
    yield
    async with open_work(SYSTEM) as uow:
        await uow.write("DELETE FROM probe_note")
        await uow.write("DELETE FROM mainstay_topic WHERE name = 'probe_note'")
        for row in before:
            await uow.write("INSERT INTO mainstay_topic VALUES ($1, $2, $3, $4)", *row.values())


async def test_what_was_read_across_a_change_is_not_shown_after_a_restore_to_the_time_before(
    narrow: WorkOpener,
) -> None:
    async with undone(narrow), narrow(SYSTEM) as uow:

        async def late() -> Kept:
            async with narrow(SYSTEM) as writer:
                await writer.write(ADD, "lost")
            return await codes(uow)

        assert (await uow.cached(FOR_ALL, "", late)).codes == ["lost"]

    async with narrow(SYSTEM) as uow:
        assert (await uow.cached(FOR_ALL, "", lambda: codes(uow))).codes == []


async def test_whoever_waits_for_anothers_answer_holds_no_connection(
    narrow: WorkOpener, cache: Counting, counters: Counters
) -> None:
    started, may = asyncio.Event(), asyncio.Event()

    async def ask() -> Kept:
        async with narrow(SYSTEM) as uow:

            async def slow() -> Kept:
                found = await codes(uow)
                started.set()
                await may.wait()
                return found

            return await uow.cached(FOR_ALL, "", slow)

    asking = [asyncio.create_task(ask())]
    await started.wait()
    asking += [asyncio.create_task(ask()) for _ in range(4)]
    deadline = clock.monotonic() + 5
    while cache.asking < len(asking):
        assert clock.monotonic() < deadline, "Those who wait keep others from asking."
        await asyncio.sleep(0)
    async with narrow(SYSTEM) as uow:
        assert await uow.read_value("SELECT 1") == 1
    may.set()
    found = await asyncio.gather(*asking)

    assert found == [Kept(codes=[], whose="all")] * 5
    assert counters.value(TOTAL, kind=FOR_ALL.name, outcome="miss") == 1
    assert counters.value(TOTAL, kind=FOR_ALL.name, outcome="hit") == 4
