"""Every statement of a piece of work is noted with its time, however it is run and however it ends."""

from collections.abc import Iterator

import asyncpg
import pytest
from sqlalchemy import text

from mainstay.observe.statements import Tally, in_hand
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener


@pytest.fixture
def tally() -> Iterator[Tally]:
    """The tally of what this test has in hand."""
    tally = Tally(slow_after=1000.0)
    token = in_hand.set(tally)
    yield tally
    in_hand.reset(token)


async def test_each_way_to_run_a_statement_is_noted(open_work: WorkOpener, tally: Tally) -> None:
    async with open_work(SYSTEM) as uow:
        await uow.read("SELECT 1")
        await uow.read_row("SELECT 2")
        await uow.read_value("SELECT 3")
        await uow.write("SELECT 4")
        await uow.write_row("SELECT 5")
        session = await uow.session()
        await session.execute(text("SELECT 6"))

    assert list(tally.by_text) == [f"SELECT {number}" for number in range(1, 7)]
    assert tally.count == 6


async def test_a_statement_that_fails_is_noted_with_its_time(uow: UnitOfWork, tally: Tally) -> None:
    with pytest.raises(asyncpg.DivisionByZeroError):
        await uow.write("SELECT 1 / (SELECT count(pg_sleep(0.05)) - 1)")

    assert tally.count == 1
    assert 0.05 <= tally.seconds < 5


async def test_statements_of_whom_nobody_asks_are_run_all_the_same(uow: UnitOfWork) -> None:
    assert in_hand.get() is None
    assert await uow.read_value("SELECT 7") == 7
