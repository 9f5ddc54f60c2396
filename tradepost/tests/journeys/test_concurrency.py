"""Many at once, through the running program: scarce goods sell once, numbers have no gap, and nobody sees a 500."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

import httpx2
import psycopg
import pytest
from shopfloor import (
    Product,
    Till,
    add_till,
    business_in,
    created,
    line_in,
    product_factory,
    sale_in,
    store_in,
    tender_in,
)

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.testing.process import ProgramProcess

TILLS = 20
SALES = "/api/v1/pos/sales"
REGISTERS = "/api/v1/pos/registers"

LEVELS_DIFFERING = """
SELECT count(*) FROM stock_level FULL JOIN
    (SELECT store_id, variant_id, sum(quantity) AS total FROM stock_movement GROUP BY 1, 2) AS ledger
    USING (store_id, variant_id)
WHERE on_hand IS DISTINCT FROM total
"""


class BusyShop:
    """A running program with a shop, whose owner may be at many browsers at once."""

    def __init__(self, program: ProgramProcess, owner: Client, store_id: UUID, stack: AsyncExitStack) -> None:
        self.program = program
        self.owner = owner
        self.store_id = store_id
        self._stack = stack
        self._database = stack.enter_context(psycopg.connect(program.database_url, autocommit=True))

    async def browser(self) -> Client:
        """Open one more browser with connections of its own, signed in as the owner."""
        client = await self._stack.enter_async_context(self.program.client())
        for cookie in self.owner.cookies.jar:
            client.cookies.jar.set_cookie(cookie)
        client.csrf_token = self.owner.csrf_token
        return client

    async def till(self) -> Till:
        """Open one more till."""
        return await add_till(self.owner, self.store_id, ids.new_id().hex[-8:].upper())

    async def product(self, till: Till, stock: str | None = None) -> Product:
        """Make a product for 2.49, with stock in the till's store when given."""
        return await product_factory(self.owner, till)(stock=stock)

    def value(self, sql: str, *values: object) -> Any:  # noqa: ANN401  what the database returns
        """Return one value from the program's database."""
        row = self._database.execute(sql.encode(), values).fetchone()
        assert row is not None
        return row[0]

    def statuses(self) -> Counter[int]:
        """Count the replies in the access log by status."""
        return Counter(line["status"] for line in self.program.log() if line["event"] == "request")


@pytest.fixture
async def shop(program_process: ProgramProcess) -> AsyncIterator[BusyShop]:
    """A running program with a shop of one store."""
    async with AsyncExitStack() as stack:
        owner = await stack.enter_async_context(program_process.owner())
        known = (await owner.get("/api/v1/shop")).json()["stores"]
        if not known:
            await created(owner, "/api/v1/shop", business_in(store_in()))
        store = store_in(code=ids.new_id().hex[-6:].upper())
        await created(owner, "/api/v1/shop/stores", store)
        yield BusyShop(program_process, owner, UUID(store["id"]), stack)


def outcomes_of(answers: Iterable[httpx2.Response]) -> Counter[tuple[int, str | None]]:
    """Count answers by status and code."""
    return Counter((answer.status_code, answer.json().get("code")) for answer in answers)


async def sell_out(client: Client, till: Till, product: Product) -> list[httpx2.Response]:
    """Sell single pieces until one is refused, and return all answers."""
    answers: list[httpx2.Response] = []
    while not answers or answers[-1].status_code == 201:
        answers.append(await client.post(SALES, json=sale_in(till, [line_in(product)], 249)))
    return answers


@pytest.mark.journey
@pytest.mark.practice(45)
async def test_twenty_tills_sell_the_last_fifty_pieces(shop: BusyShop) -> None:
    """Rules 11 and 17: exactly fifty leave, nobody sees a 500, and each till's numbers follow one another."""
    tills = [await shop.till() for _ in range(TILLS)]
    browsers = [await shop.browser() for _ in range(TILLS)]
    product = await shop.product(tills[0], stock="50")

    answers = await asyncio.gather(
        *(sell_out(browser, till, product) for browser, till in zip(browsers, tills, strict=True))
    )

    assert outcomes_of([answer for given in answers for answer in given]) == {
        (201, None): 50,
        (409, "pos.not_enough_stock"): TILLS,
    }
    variant = product.variant_id
    assert shop.value("SELECT on_hand FROM stock_level WHERE variant_id = %s", variant) == 0
    sold = shop.value("SELECT sum(quantity) FROM stock_movement WHERE kind = 'sale' AND variant_id = %s", variant)
    assert sold == -50
    assert shop.value(LEVELS_DIFFERING) == 0
    for till, given in zip(tills, answers, strict=True):
        numbers = [int(answer.json()["receipt_number"].rpartition("-")[2]) for answer in given[:-1]]
        assert numbers == list(range(1, len(given)))
        check = (await shop.owner.get(f"{REGISTERS}/{till.register_id}/journal/check")).json()
        assert check == {"entries": len(given), "is_intact": True, "broken_at": None}
    assert not [status for status in shop.statuses() if status >= 500]


@pytest.mark.journey
@pytest.mark.practice(45)
async def test_the_same_sale_posted_five_times_at_once_is_one_sale_with_five_equal_answers(shop: BusyShop) -> None:
    """Rules 18 and 19: five rounds, each with a ticket of its own."""
    till = await shop.till()
    product = await shop.product(till, stock="10")
    browsers = [await shop.browser() for _ in range(5)]

    for _ in range(5):
        sale = sale_in(till, [line_in(product)], 249)
        answers = await asyncio.gather(*(browser.post(SALES, json=sale) for browser in browsers))

        assert {(answer.status_code, answer.text) for answer in answers} == {(201, answers[0].text)}
        assert Counter(answer.headers.get("Idempotent-Replayed") for answer in answers) == {None: 1, "true": 4}
    assert shop.value("SELECT count(*) FROM pos_sale WHERE register_id = %s", till.register_id) == 5
    assert shop.value("SELECT on_hand FROM stock_level WHERE variant_id = %s", product.variant_id) == 5


@pytest.mark.journey
@pytest.mark.practice(45)
async def test_closing_a_shift_in_the_rush_counts_exactly_the_sales_that_made_it(shop: BusyShop) -> None:
    """Rule 21: what is expected is the float and the cash of the sales before the close, and none comes after it."""
    till = await shop.till()
    product = await shop.product(till)
    browsers = [await shop.browser() for _ in range(8)]
    rush = Rush(till, product)
    tasks = [asyncio.create_task(rush.sell(browser)) for browser in browsers]
    await rush.is_on.wait()

    close = await shop.owner.post(f"/api/v1/pos/shifts/{till.shift_id}/close", json={"counted_minor": 0})

    await asyncio.gather(*tasks)
    outcomes = outcomes_of(rush.answers)
    sold = outcomes[201, None]
    assert outcomes == {(201, None): sold, (409, "pos.shift_closed"): len(browsers)}
    shift = close.json()
    assert (close.status_code, shift["expected_minor"]) == (200, 10000 + sold * 249)
    assert (shift["sales_count"], shift["cash_minor"], shift["difference_minor"]) == (
        sold,
        sold * 249,
        -shift["expected_minor"],
    )
    last = "SELECT kind FROM pos_journal WHERE register_id = %s ORDER BY sequence DESC LIMIT 1"
    assert shop.value(last, till.register_id) == "shift_closed"
    assert shop.value("SELECT count(*) FROM pos_sale WHERE shift_id = %s", till.shift_id) == sold


class Rush:
    """Browsers that sell with change until a sale is refused; it is on when thirty sales were answered."""

    def __init__(self, till: Till, product: Product) -> None:
        self.answers: list[httpx2.Response] = []
        self.is_on = asyncio.Event()
        self._till, self._product = till, product

    async def sell(self, client: Client) -> None:
        """Sell until a sale is refused."""
        is_open = True
        while is_open:
            sale = sale_in(self._till, [line_in(self._product)], 249, tenders=[tender_in(300)])
            answer = await client.post(SALES, json=sale)
            is_open = answer.status_code == 201
            self.answers.append(answer)
            if len(self.answers) >= 30:
                self.is_on.set()


@pytest.mark.journey
@pytest.mark.practice(45)
async def test_of_two_registers_with_one_code_exactly_one_is_added(shop: BusyShop) -> None:
    """Rule 17: no two series are the same."""
    browsers = [await shop.browser() for _ in range(2)]

    for _ in range(5):
        code = ids.new_id().hex[-8:].upper()
        bodies = [
            {"id": str(ids.new_id()), "store_id": str(shop.store_id), "code": code, "name": "Till"} for _ in browsers
        ]
        answers = await asyncio.gather(
            *(browser.post(REGISTERS, json=body) for browser, body in zip(browsers, bodies, strict=True))
        )

        outcomes = sorted((answer.status_code, answer.json().get("code")) for answer in answers)
        assert [status for status, _ in outcomes] == [201, 409]
        assert outcomes[1] == (409, "pos.register_code_taken")


@pytest.mark.journey
@pytest.mark.practice(45)
async def test_a_register_is_opened_by_one_of_those_who_open_it_at_once(shop: BusyShop) -> None:
    """Rule 23."""
    till = await shop.till()
    await shop.owner.post(f"/api/v1/pos/shifts/{till.shift_id}/close", json={"counted_minor": 10000})
    browsers = [await shop.browser() for _ in range(4)]
    bodies = [
        {"id": str(ids.new_id()), "register_id": str(till.register_id), "float_minor": 100 * number}
        for number in range(4)
    ]

    answers = await asyncio.gather(
        *(browser.post("/api/v1/pos/shifts", json=body) for browser, body in zip(browsers, bodies, strict=True))
    )

    assert outcomes_of(answers) == {(201, None): 1, (409, "pos.shift_already_open"): 3}
    assert shop.value("SELECT count(*) FROM pos_shift WHERE register_id = %s", till.register_id) == 2
