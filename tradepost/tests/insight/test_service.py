"""Watching the numbers: at once, after each sale, when the day ends, and not for ever."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
from shopfloor import (
    ProductFactory,
    Till,
    TillFactory,
    back_in,
    give_back,
    line_in,
    product_factory,
    refund_in,
    sale_in,
    sell,
)

from mainstay import clock as clocks
from mainstay import ids
from mainstay.observe.counters import Counters
from mainstay.testing.client import Client
from mainstay.testing.frozen import FrozenClock
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener
from tradepost.insight import service
from tradepost.insight.schemas import TodayOut
from tradepost.shop.errors import UnknownStore

Watch = Callable[[], AsyncIterator[TodayOut]]


@pytest.fixture
def watch(open_work: WorkOpener, till: Till) -> Watch:
    """Begins to watch the till's store."""
    return lambda: service.watch(open_work, SYSTEM, till.store_id)


async def following(stream: AsyncIterator[TodayOut]) -> TodayOut:
    """Return the next figures; raises TimeoutError when none come within two seconds."""
    return await asyncio.wait_for(anext(stream), 2)


async def test_figures_come_at_once_and_within_a_second_of_a_sale(
    owner: Client, till: Till, make_product: ProductFactory, watch: Watch
) -> None:
    product = await make_product()
    stream = watch()
    assert (await following(stream)).tickets == 0

    await sell(owner, sale_in(till, [line_in(product)], 249))
    sold_at = clocks.monotonic()
    figures = await following(stream)

    assert (figures.tickets, figures.takings_minor) == (1, 249)
    assert clocks.monotonic() - sold_at < 1


async def test_nothing_is_told_when_nothing_has_changed(till: Till, watch: Watch) -> None:
    stream = watch()
    await following(stream)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(anext(stream), 1)


async def test_the_end_of_the_day_is_told_without_a_sale(
    owner: Client,
    till: Till,
    make_product: ProductFactory,
    watch: Watch,
    clock: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rule 24: the calendar is looked at once a minute; here at every look."""
    monkeypatch.setattr(service, "DAY_CHECK", 0.0)
    await sell(owner, sale_in(till, [line_in(await make_product())], 249))
    stream = watch()
    assert (await following(stream)).takings_minor == 249

    clock.move(timedelta(days=1))

    assert (await following(stream)).takings_minor == 0


async def test_a_watch_ends_after_a_while_so_that_a_lost_right_ends_it(
    till: Till, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "LONGEST_WATCH", 0.1)
    stream = watch()
    await following(stream)

    with pytest.raises(StopAsyncIteration):
        await following(stream)


async def test_an_unknown_store_cannot_be_watched(open_work: WorkOpener, till: Till) -> None:
    with pytest.raises(UnknownStore):
        await anext(service.watch(open_work, SYSTEM, ids.new_id()))


async def test_the_position_grows_with_every_sale(
    owner: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork
) -> None:
    product = await make_product()
    seen = [await service.position(uow)]
    for _ in range(3):
        await sell(owner, sale_in(till, [line_in(product)], 249))
        seen.append(await service.position(uow))

    assert seen == sorted(set(seen))


async def test_the_numbers_of_the_day_are_told_for_each_store_and_nothing_before_there_is_one(
    owner: Client, uow: UnitOfWork, open_till: TillFactory
) -> None:
    counters = Counters()
    await service.observe(uow, counters)
    assert counters.text() == ""

    till = await open_till()
    sale = await sell(owner, sale_in(till, [line_in(await product_factory(owner, till)(), "2")], 498))
    await give_back(owner, refund_in(till, sale, [back_in(sale)], 249))
    await service.observe(uow, counters)

    names = (service.TAKINGS, service.TICKETS, service.REFUNDS, service.REFUNDED)
    assert [counters.value(name, store="HS") for name in names] == [249, 1, 1, 249]
