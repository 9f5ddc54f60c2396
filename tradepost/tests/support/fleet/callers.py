"""Callers of a shop that try nothing twice: they read and sell, and note what failed."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

import httpx2
from shopfloor import Product, Till, add_till, business_in, created, line_in, product_factory, sale_in, store_in

from fleet import Fleet
from mainstay.testing.client import Client

READS = ("/api/v1/identity/session", "/api/v1/catalog/variants?limit=20", "/api/v1/shop", "/till")
PLENTY = "1000000"
# Of the sales of a shop: their number, what left the stock, what is said to be left, and what was paid.
TRACES = """
SELECT (SELECT count(*) FROM pos_sale), (SELECT count(DISTINCT id) FROM pos_sale WHERE id = ANY(%s::uuid[])),
    (SELECT -sum(quantity) FROM stock_movement WHERE kind = 'sale'), (SELECT sum(on_hand) FROM stock_level),
    (SELECT sum(amount_minor) FROM pos_payment)
"""


@dataclass(slots=True)
class Calls:
    """What callers did: how many requests were answered well, which failed and how, and which sales were taken."""

    answered: int = 0
    failed: list[str] = field(default_factory=list)
    sold: list[str] = field(default_factory=list)
    slowest: float = 0.0
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    async def read(self, client: Client, pause: float) -> None:
        """Read one thing after the other until it is over."""
        number = 0
        while not await self._paused(pause):
            await self._send(client, client.build_request("GET", READS[number % len(READS)]), 200)
            number += 1

    async def sell(self, client: Client, till: Till, product: Product, pause: float) -> None:
        """Sell one piece after the other until it is over."""
        while not await self._paused(pause):
            sale = sale_in(till, [line_in(product)], 249)
            if await self._send(client, client.build_request("POST", "/api/v1/pos/sales", json=sale), 201):
                self.sold.append(sale["id"])

    def end(self) -> None:
        """Have every caller stop after what it has under way."""
        self._over.set()

    async def _paused(self, seconds: float) -> bool:
        await asyncio.wait({over := asyncio.ensure_future(self._over.wait())}, timeout=seconds)
        over.cancel()
        return self._over.is_set()

    async def _send(self, client: Client, request: httpx2.Request, expected: int) -> bool:
        try:
            answer = await client.send(request)
        except httpx2.TransportError as failure:
            self.failed.append(f"{request.method} {request.url.path}: {failure!r}")
            return False
        self.slowest = max(self.slowest, answer.elapsed.total_seconds())
        if answer.status_code != expected:
            self.failed.append(f"{request.method} {request.url.path}: {answer.status_code} {answer.text[:200]}")
            return False
        self.answered += 1
        return True


@dataclass(frozen=True, slots=True)
class Floor:
    """Open tills, each with a product of its own."""

    tills: Sequence[tuple[Till, Product]]


async def open_floor(owner: Client, tills: int) -> Floor:
    """Set up a business with so many tills."""
    store = store_in()
    await created(owner, "/api/v1/shop", business_in(store))
    made = [await add_till(owner, UUID(store["id"]), f"R{number}") for number in range(tills)]
    return Floor([(till, await product_factory(owner, till)(stock=PLENTY)) for till in made])


@asynccontextmanager
async def calling(fleet: Fleet, floor: Floor, readers: int, pause: float) -> AsyncIterator[Calls]:
    """Have readers and every till call inside the block, every other one with a new connection for each request."""
    calls = Calls()
    async with AsyncExitStack() as stack:
        browsers = [
            await stack.enter_async_context(fleet.owner(keeps_connections=number % 2 == 0))
            for number in range(readers + len(floor.tills))
        ]
        reading = [calls.read(browser, pause) for browser in browsers[:readers]]
        pairs = zip(browsers[readers:], floor.tills, strict=True)
        selling = [calls.sell(browser, till, product, pause) for browser, (till, product) in pairs]
        tasks = [asyncio.create_task(one) for one in (*reading, *selling)]
        try:
            yield calls
        finally:
            calls.end()
            await asyncio.gather(*tasks)


def assert_nothing_lost_or_doubled(fleet: Fleet, floor: Floor, sold: list[str]) -> None:
    """Fail unless the shop has exactly the sales that were answered, once each, in stock and money too."""
    ((sales, known, left, on_hand, paid),) = fleet.ask(TRACES, [sold])
    stocked = int(PLENTY) * len(floor.tills)
    assert (sales, known, left, on_hand, paid) == (
        len(sold), len(sold), len(sold), stocked - len(sold), 249 * len(sold)
    )  # fmt: skip
