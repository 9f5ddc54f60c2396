"""A shop made through the services, for tests that commit, work side by side, and have no client."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from mainstay import clock, ids
from mainstay.work import SYSTEM, Actor, UnitOfWork, WorkOpener
from shopfloor import Till, business_in, product_in, store_in
from tradepost.catalog.schemas import ProductIn
from tradepost.catalog.service import products
from tradepost.pos.schemas.sales import RegisterIn, ShiftIn
from tradepost.pos.service import registers, shifts
from tradepost.shop.schemas import BusinessIn
from tradepost.shop.service import business

# Locks, unlike activity, are not read from a snapshot of the transaction.
WAITING = """
SELECT count(DISTINCT pid) FROM pg_locks
WHERE NOT granted AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())
"""


async def set_up_things(open_work: WorkOpener, count: int) -> tuple[UUID, list[UUID]]:
    """Set up a store with products for 2.49 that were never counted; return it and their variants."""
    store = store_in()
    async with open_work(SYSTEM) as uow:
        await business.set_up(uow, BusinessIn.model_validate(business_in(store)))
        made = [await products.create_product(uow, ProductIn.model_validate(product_in())) for _ in range(count)]
    return UUID(store["id"]), [product.variants[0].id for product in made]


async def set_up_till(open_work: WorkOpener, store_id: UUID, code: str = "HS1") -> Till:
    """Open a till in a store with a float of 100.00."""
    till = Till(store_id, ids.new_id(), ids.new_id())
    async with open_work(SYSTEM) as uow:
        await registers.add_register(
            uow, RegisterIn(id=till.register_id, store_id=store_id, code=code, name=f"Till {code}")
        )
        await shifts.open_shift(uow, ShiftIn(id=till.shift_id, register_id=till.register_id, float_minor=10000))
    return till


def seller() -> Actor:
    """Return somebody who may sell."""
    return Actor("person", ids.new_id(), "Olga", "cashier", frozenset({"pos.sell", "pos.discount"}))


def manager() -> Actor:
    """Return somebody who may give money back."""
    return Actor("person", ids.new_id(), "Mira", "manager", frozenset({"pos.sell", "pos.refund"}))


class Queue:
    """Those who wait for a lock."""

    def __init__(self, watcher: UnitOfWork) -> None:
        self._watcher = watcher

    async def reaches(self, count: int) -> None:
        """Return when `count` connections wait; raises AssertionError when they do not."""
        deadline = clock.monotonic() + 10
        while await self._watcher.read_value(WAITING) < count:
            assert clock.monotonic() < deadline, "They do not wait."
            await asyncio.sleep(0.005)


@asynccontextmanager
async def held_stock(open_work: WorkOpener, variant_id: UUID) -> AsyncIterator[Queue]:
    """Hold the stock of a variant inside the block: whoever moves it waits, with all locks taken before."""
    async with open_work(SYSTEM) as watcher, open_work(SYSTEM) as holder:
        await holder.write("SELECT FROM stock_level WHERE variant_id = $1 FOR UPDATE", variant_id)
        yield Queue(watcher)
