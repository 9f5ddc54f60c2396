"""A power cut while the shop sells or imports: what was answered is there once, and nothing is there by halves."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, suppress
from typing import Any
from uuid import UUID

import httpx2
import pytest
from power import cut_the_power
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
from shopfloor.busy import LEVELS_DIFFERING, browser_like

from mainstay import clock, ids
from mainstay.testing.client import Client
from mainstay.testing.process import ProgramProcess

SALES = 500
TILLS = 4
BROWSERS = 8
# So many answers are heard before the power goes.
HEARD = 150
STOCK = 2000
PATH = "/api/v1/pos/sales"
Sale = dict[str, Any]
StartProgram = Callable[..., ProgramProcess]

# How many of the sales each place knows of: the document, its parts, the stock, the journal and the event log.
PARTS = """
SELECT
    (SELECT count(*) FROM pos_sale WHERE id = any(%s::uuid[])),
    (SELECT count(DISTINCT sale_id) FROM pos_sale_line WHERE sale_id = any(%s::uuid[])),
    (SELECT count(DISTINCT sale_id) FROM pos_payment WHERE sale_id = any(%s::uuid[])),
    (SELECT count(DISTINCT sale_id) FROM pos_sale_tax WHERE sale_id = any(%s::uuid[])),
    (SELECT count(DISTINCT source_id) FROM stock_movement WHERE source_id = any(%s::uuid[])),
    (SELECT count(*) FROM pos_journal WHERE document_id = any(%s::uuid[])),
    (SELECT count(*) FROM mainstay_event WHERE (payload ->> 'sale_id')::uuid = any(%s::uuid[]))
"""
ON_HAND = "SELECT variant_id, on_hand FROM stock_level"


class Rush:
    """Several browsers that post prepared sales; keeps the answer that each sale got."""

    def __init__(self, browsers: Sequence[Client], sales: Sequence[Sale]) -> None:
        self.answers: dict[str, httpx2.Response] = {}
        self.is_on = asyncio.Event()
        self._browsers = browsers
        self._sales = sales

    async def run(self) -> None:
        """Post all sales; one that gets no answer is left."""
        waiting = list(reversed(self._sales))
        await asyncio.gather(*(self._sell(browser, waiting) for browser in self._browsers))

    async def _sell(self, browser: Client, waiting: list[Sale]) -> None:
        while waiting:
            sale = waiting.pop()
            with suppress(httpx2.TransportError):  # the power is off: no answer
                self.answers[sale["id"]] = await browser.post(PATH, json=sale)
            if len(self.answers) >= HEARD:
                self.is_on.set()


async def browsers_of(program: ProgramProcess, owner: Client, stack: AsyncExitStack) -> list[Client]:
    """Open several browsers in which the owner is signed in."""
    return [await stack.enter_async_context(browser_like(owner, program)) for _ in range(BROWSERS)]


async def set_up(owner: Client) -> tuple[list[Till], list[Product]]:
    """Set up a shop with tills and three products in stock."""
    store = store_in()
    await created(owner, "/api/v1/shop", business_in(store))
    tills = [await add_till(owner, UUID(store["id"]), f"HS{number}") for number in range(1, TILLS + 1)]
    make = product_factory(owner, tills[0])
    return tills, [await make(price=price, stock=str(STOCK)) for price in ("2.49", "4.20", "0.99")]


def prepared(tills: Sequence[Till], products: Sequence[Product]) -> list[Sale]:
    """Return sales of one to three lines over all tills, each paid with a note and given change."""
    sales = []
    for number in range(SALES):
        lines = [line_in(product, str(1 + number % 2)) for product in products[: 1 + number % 3]]
        total = sum(int(product.price.replace(".", "")) for product in products[: 1 + number % 3]) * (1 + number % 2)
        sales.append(sale_in(tills[number % TILLS], lines, total, tenders=[tender_in(total + 100)]))
    return sales


@pytest.mark.journey
@pytest.mark.practice(44)
async def test_a_power_cut_during_five_hundred_checkouts_loses_and_doubles_nothing(start_program: StartProgram) -> None:
    """Rules 17, 18, 19 and 40."""
    program = start_program()
    async with AsyncExitStack() as stack:
        owner = await stack.enter_async_context(program.owner())
        tills, products = await set_up(owner)
        sales = prepared(tills, products)
        rush = Rush(await browsers_of(program, owner, stack), sales)
        task = asyncio.create_task(rush.run())
        await rush.is_on.wait()
        await asyncio.to_thread(cut_the_power, program)
        await task
        heard = {key: answer.text for key, answer in rush.answers.items()}
        assert Counter(answer.status_code for answer in rush.answers.values()) == {201: len(heard)}
        assert HEARD <= len(heard) < SALES

        program.start()

        written = the_sales_are_whole_or_absent(program, sales)
        assert heard.keys() <= written
        for key, text in heard.items():
            assert (await owner.get(f"{PATH}/{key}")).text == text
        again = Rush(await browsers_of(program, owner, stack), sales)
        await again.run()
        assert Counter(answer.status_code for answer in again.answers.values()) == {201: SALES}
        assert {key: again.answers[key].text for key in heard} == heard
        replayed = {key for key, answer in again.answers.items() if "Idempotent-Replayed" in answer.headers}
        assert replayed == written
        assert the_sales_are_whole_or_absent(program, sales) == {sale["id"] for sale in sales}
        await everything_agrees(program, owner, tills, sales, again.answers)


def the_sales_are_whole_or_absent(program: ProgramProcess, sales: Sequence[Sale]) -> set[str]:
    """Return the ids of the sales that are there, once each, in every place that knows of sales."""
    wanted = [sale["id"] for sale in sales]
    present = {str(row[0]) for row in program.ask("SELECT id FROM pos_sale WHERE id = any(%s::uuid[])", wanted)}
    assert program.ask("SELECT count(*) FROM pos_sale") == [(len(present),)]
    whole = program.ask(PARTS, *([sorted(present)] * 7))
    absent = program.ask(PARTS, *([sorted(set(wanted) - present)] * 7))
    assert (set(*whole), set(*absent)) == ({len(present)}, {0})
    return present


async def everything_agrees(
    program: ProgramProcess,
    owner: Client,
    tills: Sequence[Till],
    sales: Sequence[Sale],
    answers: dict[str, httpx2.Response],
) -> None:
    """Compare stock, receipt numbers, journal and cash with the five hundred sales."""
    wanted: Counter[str] = Counter()
    for sale in sales:
        wanted.update({line["variant_id"]: int(line["quantity"]) for line in sale["lines"]})
    assert {str(variant): STOCK - on_hand for variant, on_hand in program.ask(ON_HAND)} == wanted
    assert program.ask(LEVELS_DIFFERING) == [(0,)]
    for till in tills:
        own = [sale for sale in sales if sale["register_id"] == str(till.register_id)]
        receipts = sorted(answers[sale["id"]].json()["receipt_number"] for sale in own)
        code = receipts[0].partition("-")[0]
        assert receipts == [f"{code}-{number:06}" for number in range(1, len(own) + 1)]
        check = (await owner.get(f"/api/v1/pos/registers/{till.register_id}/journal/check")).json()
        assert check == {"entries": len(own) + 1, "is_intact": True, "broken_at": None}
        cash = sum(sale["expected_total_minor"] for sale in own)
        close = await owner.post(f"/api/v1/pos/shifts/{till.shift_id}/close", json={"counted_minor": 10000 + cash})
        shift = close.json()
        assert (shift["expected_minor"], shift["difference_minor"], shift["sales_count"]) == (10000 + cash, 0, len(own))


def sheet(rows: int) -> bytes:
    """Return a file of products with stock."""
    header = "barcode,name,price,tax_rate,stock"
    return "\n".join([header, *(f"{number:08},Thing {number},{number}.50,20,7" for number in range(rows))]).encode()


@pytest.mark.long
@pytest.mark.journey
@pytest.mark.practice(44)
async def test_a_power_cut_during_an_import_leaves_nothing_by_halves(start_program: StartProgram) -> None:
    """Rule 35: after the restart the import goes on by itself, and every row is there once, with its stock."""
    rows = 6000
    program = start_program()
    async with program.owner() as owner:
        store = store_in()
        await created(owner, "/api/v1/shop", business_in(store))
        key = str(ids.new_id())
        query = {"id": key, "filename": "things.csv", "store_id": store["id"]}
        headers = {"Content-Type": "text/csv"}
        sent = await owner.post("/api/v1/catalog/imports", params=query, content=sheet(rows), headers=headers)
        assert sent.status_code == 202, sent.text
        await until(lambda: is_import(owner, key, "running"))
        await asyncio.to_thread(cut_the_power, program)

        program.start()

        assert program.ask("SELECT count(*) FROM catalog_variant")[0][0] in {0, rows}
        await until(lambda: is_import(owner, key, "done"))
        found = (await owner.get(f"/api/v1/catalog/imports/{key}")).json()
        assert (found["rows_read"], found["rows_accepted"], found["created"]) == (rows, rows, rows)
        await until(lambda: is_opened(program, rows))
        assert program.ask("SELECT count(*), sum(on_hand) FROM stock_level") == [(rows, 7 * rows)]
        assert program.ask(LEVELS_DIFFERING) == [(0,)]


async def is_import(owner: Client, key: str, status: str) -> bool:
    """Whether the import has got so far."""
    return bool((await owner.get(f"/api/v1/catalog/imports/{key}")).json()["status"] == status)


async def is_opened(program: ProgramProcess, rows: int) -> bool:
    """Whether the import's stock is booked."""
    return program.ask("SELECT count(*) FROM stock_movement WHERE kind = 'opening'") == [(rows,)]


async def until(ask: Callable[[], Awaitable[bool]]) -> None:
    """Ask again and again until the answer is yes, for a minute at most."""
    deadline = clock.monotonic() + 60
    while not await ask():
        assert clock.monotonic() < deadline, "It did not happen in time."
        await asyncio.sleep(0.01)
