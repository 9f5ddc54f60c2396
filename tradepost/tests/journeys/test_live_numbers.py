"""The numbers of the running program, pushed to an open page, and the same wherever they are told."""

import asyncio
import csv
import io
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest
from shopfloor import Till, back_in, give_back, line_in, refund_in, sale_in, sell
from shopfloor.busy import BusyShop

from mainstay import clock
from mainstay.testing.processes import SCRAPERS_TOKEN

STREAM = "/api/v1/insight/today/stream"
# A sale at one till has its place in the log, and waits with its commit for as long as somebody holds the lock.
HOLD = """
CREATE FUNCTION hold_sale() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM pg_advisory_xact_lock(4711); RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER held AFTER INSERT ON mainstay_event DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (NEW.payload ->> 'register_id' = '{register_id}') EXECUTE FUNCTION hold_sale()
"""
LET_GO = "DROP TRIGGER held ON mainstay_event; DROP FUNCTION hold_sale()"
IS_HELD = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711 AND NOT granted"
# Takings, tickets, refunds and what was given back, of a store's day.
Told = tuple[int, ...]
TELLERS = ("insight", "metrics", "shift", "files")


async def events(lines: AsyncIterator[str]) -> AsyncIterator[tuple[str, Any]]:
    """Yield the events of a stream: name and data (HTML Living Standard, server-sent events)."""
    name = ""
    async for line in lines:
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            yield name, json.loads(value)


@pytest.mark.journey
async def test_a_sale_reaches_an_open_page_within_a_second(busy_shop: BusyShop) -> None:
    shop = busy_shop
    till = await shop.till()
    product = await shop.product(till)
    page = await shop.browser()
    query = {"store_id": str(shop.store_id)}

    async with page.stream("GET", STREAM, params=query) as reply:
        assert reply.headers["content-type"].startswith("text/event-stream")
        told = events(reply.aiter_lines())
        name, figures = await asyncio.wait_for(anext(told), 2)
        assert (name, figures["tickets"]) == ("today", 0)
        for tickets in range(1, 4):
            await sell(shop.owner, sale_in(till, [line_in(product)], 249))
            sold_at = clock.monotonic()
            name, figures = await asyncio.wait_for(anext(told), 2)
            assert (name, figures["tickets"], figures["takings_minor"]) == ("today", tickets, tickets * 249)
            assert clock.monotonic() - sold_at < 1


@pytest.mark.journey
async def test_a_sale_that_is_committed_after_a_later_one_reaches_an_open_page_too(busy_shop: BusyShop) -> None:
    """Red when the newest place in the log alone is looked at: the figures lacked the sale for up to a minute."""
    shop = busy_shop
    slow, quick = await shop.till(), await shop.till()
    products = [await shop.product(slow) for _ in range(2)]
    page = await shop.browser()
    with psycopg.connect(shop.program.database_url, autocommit=True) as holder:
        holder.execute("SELECT pg_advisory_lock(4711)")
        holder.execute(HOLD.format(register_id=slow.register_id).encode())
        try:
            async with page.stream("GET", STREAM, params={"store_id": str(shop.store_id)}) as reply:
                told = events(reply.aiter_lines())
                assert (await asyncio.wait_for(anext(told), 2))[1]["tickets"] == 0
                first = asyncio.create_task(sell(shop.owner, sale_in(slow, [line_in(products[0])], 249)))
                deadline = clock.monotonic() + 10
                while not shop.value(IS_HELD):
                    assert clock.monotonic() < deadline
                    await asyncio.sleep(0.02)
                await sell(page, sale_in(quick, [line_in(products[1])], 249))
                assert (await asyncio.wait_for(anext(told), 5))[1]["tickets"] == 1
                holder.execute("SELECT pg_advisory_unlock(4711)")
                await first
                assert (await asyncio.wait_for(anext(told), 5))[1]["tickets"] == 2
        finally:
            holder.execute("SELECT pg_advisory_unlock_all()")
            holder.execute(LET_GO)


@pytest.mark.journey
async def test_a_stream_ends_when_its_page_is_closed(busy_shop: BusyShop) -> None:
    shop = busy_shop
    page = await shop.browser()
    async with page.stream("GET", STREAM, headers={"X-Request-ID": "a-page-that-is-closed"}) as reply:
        await anext(events(reply.aiter_lines()))

    ended = await shop.logged("a-page-that-is-closed")

    assert (ended["route"], ended["status"]) == (STREAM, 200)


async def told_of(shop: BusyShop, till: Till) -> dict[str, Told]:
    """Return takings, tickets, refunds and refunded money of a store's day, as each of those tells it who can."""
    query = {"store_id": str(shop.store_id)}
    today = (await shop.owner.get("/api/v1/insight/today", params=query)).json()
    code = shop.value("SELECT code FROM shop_store WHERE id = %s", shop.store_id)
    text = (await shop.owner.get("/metrics", headers={"Authorization": f"Bearer {SCRAPERS_TOKEN}"})).text
    gauges = re.findall(rf'^tradepost_today_(\w+)\{{.*store="{code}"\}} (\S+)$', text, re.MULTILINE)
    gauge = {name: int(value) for name, value in gauges}
    shift = (await shop.owner.get(f"/api/v1/pos/shifts/{till.shift_id}")).json()
    sold, back = [await cents_of(shop, name) for name in ("sales", "refunds")]
    names = ("takings_minor", "tickets", "refunds", "refunded_minor")
    of_shift = ("takings_minor", "sales_count", "refunds_count", "refunded_minor")
    return {
        "insight": tuple(today[name] for name in names),
        "metrics": tuple(gauge[name] for name in names),
        "shift": tuple(shift[name] for name in of_shift),
        "files": (sum(sold) - sum(back), len(sold), len(back), sum(back)),
    }


async def cents_of(shop: BusyShop, name: str) -> list[int]:
    """Return the amounts of a file of the store's documents, in cents."""
    query = {"store_id": str(shop.store_id), "column": "total" if name == "sales" else "payable"}
    text = (await shop.owner.get(f"/api/v1/pos/{name}.csv", params=query)).content.decode("utf-8-sig")
    return [int(row[0].replace(".", "")) for row in list(csv.reader(io.StringIO(text)))[1:]]


@pytest.mark.journey
@pytest.mark.practice(95)
async def test_three_sales_and_a_refund_change_all_figures_by_exactly_that(busy_shop: BusyShop) -> None:
    """Rules 14 to 16: wherever the figures are told they say the same, and the refund is none of the tickets."""
    shop = busy_shop
    till = await shop.till()
    product = await shop.product(till, stock="9")
    assert await told_of(shop, till) == dict.fromkeys(TELLERS, (0, 0, 0, 0))

    sales = [await sell(shop.owner, sale_in(till, [line_in(product, "2")], 498)) for _ in range(3)]
    assert await told_of(shop, till) == dict.fromkeys(TELLERS, (1494, 3, 0, 0))

    await give_back(shop.owner, refund_in(till, sales[1], [back_in(sales[1])], 249))
    assert await told_of(shop, till) == dict.fromkeys(TELLERS, (1245, 3, 1, 249))

    today = (await shop.owner.get("/api/v1/insight/today", params={"store_id": str(shop.store_id)})).json()
    assert (today["average_minor"], today["items"]) == (498, "5")
    assert [(best["quantity"], best["total_minor"]) for best in today["top_sellers"]] == [("5", 1245)]
    assert sum(hour["takings_minor"] for hour in today["by_hour"]) == 1245
    assert shop.value("SELECT trim_scale(on_hand) FROM stock_level WHERE store_id = %s", shop.store_id) == 4


@pytest.mark.journey
async def test_a_refund_reaches_an_open_page_within_a_second(busy_shop: BusyShop) -> None:
    shop = busy_shop
    till = await shop.till()
    sale = await sell(shop.owner, sale_in(till, [line_in(await shop.product(till))], 249))
    page = await shop.browser()

    async with page.stream("GET", STREAM, params={"store_id": str(shop.store_id)}) as reply:
        told = events(reply.aiter_lines())
        assert (await asyncio.wait_for(anext(told), 2))[1]["takings_minor"] == 249
        await give_back(shop.owner, refund_in(till, sale, [back_in(sale)], 249))
        _, figures = await asyncio.wait_for(anext(told), 2)

    assert (figures["takings_minor"], figures["tickets"], figures["refunds"]) == (0, 1, 1)
