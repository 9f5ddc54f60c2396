"""A shop whose database is a server of its own behind a wire, and people who sell and look while it goes away."""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import Signals
from typing import Any
from uuid import UUID

import httpx2
import psycopg
from psycopg.conninfo import conninfo_to_dict
from shopfloor import Product, Till, add_till, business_in, created, line_in, product_factory, sale_in, store_in
from shopfloor.busy import browser_like

from mainstay import clock
from mainstay.db.embedded import EmbeddedPostgres
from mainstay.db.embedded.processes import postmaster_pid
from mainstay.testing.client import Client
from mainstay.testing.clusters import lay
from mainstay.testing.process import ProgramProcess
from mainstay.testing.wire import Wire

SALES = "/api/v1/pos/sales"
PATIENCE = 60.0
LISTENERS = "SELECT pid FROM pg_stat_activity WHERE starts_with(application_name, 'listens to ')"


class Elsewhere:
    """A database server that is not the program's, reached through a wire; it is started again when it ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server = EmbeddedPostgres(folder, database="tradepost")
        self.wire = Wire(self._connect)

    def start(self) -> None:
        """Start it, with all migrations."""
        lay("tradepost", self._folder)
        self._server.start()

    def stop(self) -> None:
        """Stop it."""
        self._server.stop()

    @property
    def url(self) -> str:
        """Where the program finds it."""
        return f"postgresql://owner@127.0.0.1:{self.wire.port}/tradepost"

    def end(self, signal: Signals) -> None:
        """Send its first process a signal: SIGINT is PostgreSQL's fast shutdown."""
        pid = postmaster_pid(self._folder / "postgres" / "cluster")
        assert pid is not None
        os.kill(pid, signal)

    def ask(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a statement, asked past the wire."""
        with psycopg.connect(self._server.conninfo(), autocommit=True) as connection:
            return connection.execute(sql.encode(), values).fetchall()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        folder = conninfo_to_dict(self._server.conninfo())["host"]
        return await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.5432")


@dataclass(frozen=True)
class Shop:
    """A running program with an open till and a product, and its database."""

    elsewhere: Elsewhere
    program: ProgramProcess
    owner: Client
    till: Till
    product: Product

    def listeners(self) -> set[int]:
        """Return who listens to word from other processes, by the server's process ids."""
        return {pid for (pid,) in self.elsewhere.ask(LISTENERS)}


@asynccontextmanager
async def open_shop(elsewhere: Elsewhere, program: ProgramProcess) -> AsyncIterator[Shop]:
    """Set up the shop."""
    async with program.owner() as owner:
        store = store_in()
        await created(owner, "/api/v1/shop", business_in(store))
        till = await add_till(owner, UUID(store["id"]), "HS1")
        product = await product_factory(owner, till)(stock="100000")
        yield Shop(elsewhere, program, owner, till, product)


class Rush:
    """Three people who sell and one who looks; a sale is sent again, with its id, until it is sold."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._is_over = False
        self.statuses: Counter[int] = Counter()
        # By id: what the sale was answered with.
        self.sold: dict[str, str] = {}
        # What readiness said, one after the other, without repetitions.
        self.readiness: list[int] = []
        # Answers that are none of those that are documented.
        self.strange: list[str] = []

    @asynccontextmanager
    async def on(self) -> AsyncIterator[None]:
        """Have them at it inside the block, from before until after it: all go on until they sell again."""
        async with AsyncExitStack() as stack:
            make = [browser_like(self._shop.owner, self._shop.program) for _ in range(5)]
            looking, watching, *selling = [await stack.enter_async_context(each) for each in make]
            tasks = [asyncio.create_task(self._sell(browser)) for browser in selling]
            tasks += [asyncio.create_task(self._look(looking)), asyncio.create_task(self._watch(watching))]
            await until(lambda: len(self.sold) >= 10)
            yield
            goal = len(self.sold) + 10
            await until(lambda: len(self.sold) >= goal)
            self._is_over = True
            await asyncio.gather(*tasks)

    async def _sell(self, browser: Client) -> None:
        while not self._is_over:
            sale = sale_in(self._shop.till, [line_in(self._shop.product)], 249)
            while sale["id"] not in self.sold:
                answer = await self._ask(browser, "POST", SALES, json=sale)
                if answer is not None and answer.status_code == 201:
                    self.sold[sale["id"]] = answer.text
                await asyncio.sleep(0.05)

    async def _look(self, browser: Client) -> None:
        while not self._is_over:
            await self._ask(browser, "GET", f"/api/v1/catalog/products/{self._shop.product.id}")
            await asyncio.sleep(0.05)

    async def _watch(self, browser: Client) -> None:
        while not self._is_over:
            status = (await browser.get("/health/ready")).status_code
            if self.readiness[-1:] != [status]:
                self.readiness.append(status)
            await asyncio.sleep(0.05)

    async def _ask(self, browser: Client, method: str, path: str, **more: Any) -> httpx2.Response | None:  # noqa: ANN401  a body
        try:
            answer = await browser.request(method, path, **more)
        except httpx2.TransportError as failure:
            self.strange.append(repr(failure))
            return None
        self.statuses[answer.status_code] += 1
        if answer.status_code == 503:
            if answer.json()["code"] != "service_unavailable" or not answer.headers["Retry-After"].isdigit():
                self.strange.append(answer.text)
        elif answer.status_code not in {200, 201}:
            self.strange.append(answer.text)
        return answer


async def until(is_so: Callable[[], bool]) -> None:
    """Ask again and again until it is so, for a minute at most."""
    deadline = clock.monotonic() + PATIENCE
    while not is_so():
        assert clock.monotonic() < deadline, "It did not happen in time."
        await asyncio.sleep(0.05)
