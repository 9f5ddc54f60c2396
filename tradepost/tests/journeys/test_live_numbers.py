"""The numbers of the running program, pushed to an open page."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from shopfloor import line_in, sale_in, sell
from shopfloor.busy import BusyShop

from mainstay import clock

STREAM = "/api/v1/insight/today/stream"


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
async def test_a_stream_ends_when_its_page_is_closed(busy_shop: BusyShop) -> None:
    shop = busy_shop
    page = await shop.browser()
    async with page.stream("GET", STREAM, headers={"X-Request-ID": "a-page-that-is-closed"}) as reply:
        await anext(events(reply.aiter_lines()))

    ended = await shop.logged("a-page-that-is-closed")

    assert (ended["route"], ended["status"]) == (STREAM, 200)
