"""A pool under load: whatever is cancelled when, no connection is lost, in two hands, or in the middle of something."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from mainstay.db.engine import DatabaseSettings, create_engine
from mainstay.db.pool import ReadyPool
from mainstay.messages.job import Subscriptions
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

TASKS, WORKS = 8, 60


@pytest.fixture
async def narrow(fresh_database_url: str) -> AsyncIterator[AsyncEngine]:
    """An engine whose pool keeps two connections and lets one more exist."""
    settings = DatabaseSettings(pool_size=2, pool_overflow=1, pool_wait=20)
    engine = create_engine(settings, fresh_database_url)
    yield engine
    await engine.dispose()


class Hands:
    """Which connections are in somebody's hands; it is an error to find one in two."""

    def __init__(self) -> None:
        self.held: set[int] = set()
        self.twice = self.ready = 0

    async def use(self, uow: UnitOfWork, chance: random.Random) -> None:
        """Do what works do, in an order that chance picks."""
        await uow.read_value("SELECT 1")
        assert uow._lease is not None
        self.ready += uow._lease._entry is not None
        key = id(uow._lease.raw)
        self.twice += key in self.held
        self.held.add(key)
        try:
            for _ in range(chance.randrange(3)):
                await self._step(uow, chance.randrange(5))
        finally:
            self.held.discard(key)

    async def _step(self, uow: UnitOfWork, kind: int) -> None:
        steps: tuple[Callable[[], Awaitable[object]], ...] = (
            lambda: uow.read_value("SELECT pg_sleep(0.002)"),
            lambda: uow.write("SELECT 2"),
            lambda: self._orm(uow),
            lambda: asyncio.sleep(0),
            lambda: uow.write("SELECT 1 / 0"),
        )
        await steps[kind]()

    async def _orm(self, uow: UnitOfWork) -> None:
        await (await uow.session()).execute(text("SELECT 3"))


async def test_nothing_is_lost_or_shared_whatever_is_cancelled_when(narrow: AsyncEngine) -> None:
    open_work, hands = WorkOpener(narrow, Subscriptions.of(())), Hands()
    # What chance picks is the same in each run; what the server makes of it is not.
    chance = random.Random(7)  # noqa: S311  a test

    async def work(own: random.Random) -> None:
        async with open_work(SYSTEM) as uow:
            await hands.use(uow, own)

    async def wanted(own: random.Random) -> None:
        for _ in range(WORKS):
            await asyncio.sleep(own.random() * 0.02)
            task = asyncio.create_task(work(own))
            if own.random() < 0.4:
                await asyncio.sleep(own.random() * 0.02)
                task.cancel()
            with suppress(asyncio.CancelledError, asyncpg.DivisionByZeroError):
                await task

    await asyncio.gather(*(wanted(random.Random(chance.random())) for _ in range(TASKS)))  # noqa: S311  as above

    pool = narrow.pool
    assert isinstance(pool, ReadyPool)
    async with asyncio.timeout(10):
        while pool.checkedout() > 0:  # noqa: ASYNC110  those who give back say so to nobody
            await asyncio.sleep(0.01)
    assert hands.twice == 0
    assert hands.ready > 20, "hardly anybody has met a connection that was ready"
    assert pool.checkedin() <= 2
    left = await asyncio.gather(*(open_work.unit(SYSTEM)._leased() for _ in range(3)))
    assert len({id(each.raw) for each in left}) == 3
    assert not any(each.raw.is_in_transaction() for each in left)
    for each in left:
        await each.give_back()
    assert pool.checkedout() == 0
