"""Read-only mode at a till: said in words, a sale is kept and booked once when it is over; then a switch by hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from browsing.till import open_till
from playwright.async_api import Browser, expect
from shopfloor.busy import BusyShop, some_barcode

from mainstay.testing.client import Client

FLAGS, READ_ONLY = "/api/v1/flags", "flags.read_only"


async def switch(owner: Client, is_on: bool) -> None:
    """Switch read-only mode."""
    items = (await owner.get(FLAGS)).json()["items"]
    version = next(each["version"] for each in items if each["key"] == READ_ONLY)
    answer = await owner.put(f"{FLAGS}/{READ_ONLY}", json={"version": version, "otherwise": is_on})
    assert answer.status_code == 200, answer.text


@asynccontextmanager
async def read_only(owner: Client) -> AsyncIterator[None]:
    """Nothing can be changed inside the block, in a program that other tests use after it."""
    await switch(owner, True)
    try:
        yield
    finally:
        await switch(owner, False)


@pytest.mark.journey
async def test_a_sale_in_read_only_mode_is_kept_and_booked_once_when_it_is_over(
    browser: Browser, busy_shop: BusyShop
) -> None:
    async with open_till(browser, busy_shop) as till:
        code = some_barcode()
        product = await busy_shop.product(till.till, barcode=code)
        await till.load()
        badge = till.page.get_by_role("banner").get_by_role("status")
        async with read_only(busy_shop.owner):
            await till.scan(code)
            await expect(till.lines).to_contain_text(product.name)
            await till.page.keyboard.press("F9")
            await till.page.keyboard.press("Enter")

            await expect(till.page.get_by_text("Read-only mode.")).to_be_visible()
            await expect(badge).to_have_text("Sending 1 sale")
            assert till.sold() == []
            # A reload loses nothing either.
            await till.load()
            await expect(till.page.get_by_text("Tills keep their sales")).to_be_visible()
            assert till.sold() == []

        await expect(badge).to_have_text("Online · all sales sent", timeout=20_000)
        assert till.sold() == [(249, 0)]
        await till.load()
        await expect(till.page.get_by_text("Read-only mode.")).to_have_count(0)
