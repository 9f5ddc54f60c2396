"""Read-only mode at a till: a sale is kept and booked once when it is over; and on the screen of switches."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from browsing import open_window
from browsing.till import open_till
from browsing.walk import open_page
from playwright.async_api import Browser, Page, expect
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


async def press_switch(page: Page, value: str) -> None:
    """Open read-only mode among the switches, choose what holds, and save."""
    await open_page(page, "/settings/flags")
    await page.get_by_role("row").filter(has_text=READ_ONLY).get_by_role("button").first.click()
    panel = page.get_by_role("complementary")
    await panel.get_by_label("Where no rule fits").select_option(value)
    await panel.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("It holds now")).to_be_visible()


@pytest.mark.journey
async def test_what_is_switched_on_the_screen_is_seen_in_another_session(browser: Browser, busy_shop: BusyShop) -> None:
    address = str(busy_shop.owner.base_url)
    async with (
        busy_shop.program.owner() as other,
        open_window(browser, address) as here,
        open_window(browser, address) as elsewhere,
    ):
        await here.adopt(busy_shop.owner)
        await elsewhere.adopt(other)
        mine, theirs = await here.context.new_page(), await elsewhere.context.new_page()
        banner = theirs.get_by_text("Read-only mode.")
        await open_page(theirs, "/contacts")
        await expect(banner).to_have_count(0)
        try:
            await press_switch(mine, "true")
            await open_page(theirs, "/contacts")
            await expect(banner).to_be_visible()
            await press_switch(mine, "false")
            await open_page(theirs, "/contacts")
            await expect(banner).to_have_count(0)
        finally:
            await switch(busy_shop.owner, False)
