"""A shop in a running program, with its owner at many browsers at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from uuid import UUID

import psycopg

from mainstay import clock, ids
from mainstay.testing.client import Client
from mainstay.testing.process import ProgramProcess
from shopfloor import Product, Till, add_till, business_in, created, product_factory, store_in

LEVELS_DIFFERING = """
SELECT count(*) FROM stock_level FULL JOIN
    (SELECT store_id, variant_id, sum(quantity) AS total FROM stock_movement GROUP BY 1, 2) AS ledger
    USING (store_id, variant_id)
WHERE on_hand IS DISTINCT FROM total
"""


@asynccontextmanager
async def browser_like(client: Client, program: ProgramProcess) -> AsyncIterator[Client]:
    """Open one more browser with connections of its own, in which the same person is signed in."""
    async with program.client() as other:
        for cookie in client.cookies.jar:
            other.cookies.jar.set_cookie(cookie)
        other.csrf_token = client.csrf_token
        yield other


class BusyShop:
    """A store of a running program."""

    def __init__(self, program: ProgramProcess, owner: Client, store_id: UUID, stack: AsyncExitStack) -> None:
        self.program = program
        self.owner = owner
        self.store_id = store_id
        self._stack = stack
        self._database = stack.enter_context(psycopg.connect(program.database_url, autocommit=True))

    async def browser(self) -> Client:
        """Open one more browser in which the owner is signed in."""
        return await self._stack.enter_async_context(browser_like(self.owner, self.program))

    async def hire(self, person: Client, name: str, role: str, password: str) -> str:
        """Invite somebody, who joins and is signed in as `person`; return their address, which nobody else has."""
        email = f"{some_code(8)}@shop.example"
        invitation = {"id": str(ids.new_id()), "name": name, "email": email, "role": role}
        made = await created(self.owner, "/api/v1/identity/invitations", invitation)
        body = {"token": made["link_path"].removeprefix("/join#"), "password": password}
        person.adopt(await person.post("/api/v1/identity/invitations/accept", json=body))
        return email

    async def till(self) -> Till:
        """Open one more till, with a float of 100.00."""
        return await add_till(self.owner, self.store_id, some_code(8))

    async def product(self, till: Till, stock: str | None = None, barcode: str | None = None) -> Product:
        """Make a product for 2.49, with stock in the till's store when given."""
        return await product_factory(self.owner, till)(stock=stock, barcode=barcode)

    async def first_product(self, till: Till) -> Product:
        """Make a product that the till shows among the first: the program may be shared, and its list is short."""
        return await product_factory(self.owner, till)(stock="9", name=f"100 % {some_code(6)}")

    def value(self, sql: str, *values: object) -> Any:  # noqa: ANN401  what the database returns
        """Return one value from the program's database."""
        row = self._database.execute(sql.encode(), values).fetchone()
        assert row is not None
        return row[0]

    async def logged(self, request_id: str) -> dict[str, Any]:
        """Return the access log's line of a request, which comes when it has ended; raises AssertionError."""
        deadline = clock.monotonic() + 10
        while True:
            for line in self.program.log():
                if line["event"] == "request" and line["request_id"] == request_id:
                    return line
            assert clock.monotonic() < deadline, "The request has not ended."
            await asyncio.sleep(0.05)

    def crashes(self) -> list[dict[str, Any]]:
        """Return the access log's lines of requests that were answered with a 5xx."""
        return [line for line in self.program.log() if line["event"] == "request" and line["status"] >= 500]


@asynccontextmanager
async def open_busy_shop(program: ProgramProcess) -> AsyncIterator[BusyShop]:
    """Set up a store of this test's own in a running program, which may be shared."""
    async with AsyncExitStack() as stack:
        owner = await stack.enter_async_context(program.owner())
        if not (await owner.get("/api/v1/shop")).json()["stores"]:
            await created(owner, "/api/v1/shop", business_in(store_in()))
        store = store_in(code=some_code(6))
        await created(owner, "/api/v1/shop/stores", store)
        yield BusyShop(program, owner, UUID(store["id"]), stack)


def some_code(length: int) -> str:
    """Return a code that nobody else has."""
    return ids.new_id().hex[-length:].upper()


def some_barcode() -> str:
    """Return a GTIN-13 that nobody else has (GS1 General Specifications, 7.9: the check digit)."""
    digits = f"400{ids.new_id().int % 10**9:09}"
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-weighted % 10}"
