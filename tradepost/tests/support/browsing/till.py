"""A till on the screen: how a test scans, reads what is due, and fills a ticket."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, Locator, Page, expect
from shopfloor import Product, Till
from shopfloor.busy import BusyShop

from browsing import Screen, open_window
from mainstay import clock, ids

# Seconds that a scanner takes for a digit; people take ten times as long.
DIGIT_S = 0.003
# The done screen shows it once the program has the sale; the next customer may come before.
RECEIPT = re.compile(r"^Receipt \w+-\d+$")


class TillScreen:
    """The selling screen of an open till."""

    def __init__(self, screen: Screen, page: Page, shop: BusyShop, till: Till) -> None:
        self.screen = screen
        self.page = page
        self.shop = shop
        self.till = till

    @property
    def lines(self) -> Locator:
        """The lines of the ticket that are drawn."""
        return self.page.get_by_role("list", name="Lines of the ticket").get_by_role("listitem")

    @property
    def due(self) -> Locator:
        """What the customer owes."""
        return self.page.get_by_test_id("due")

    def tile(self, product: Product) -> Locator:
        """The finder's tile of a product."""
        return self.page.get_by_role("region", name="Products").get_by_role("button", name=product.name)

    async def scan(self, code: str) -> None:
        """Type a code as a scanner does: quickly, then Enter.

        The browser is told when each key was pressed, as by a keyboard: a busy machine types late, a scanner does not.
        """
        keyboard = await self.page.context.new_cdp_session(self.page)
        began = clock.now().timestamp()
        for number, sign in enumerate([*code, "Enter"]):
            # Without its number Chrome takes Enter for no key that a button or a form heeds.
            text = {"text": "\r", "windowsVirtualKeyCode": 13} if sign == "Enter" else {"text": sign}
            key = {"key": sign, "code": sign if sign == "Enter" else "", "timestamp": began + number * DIGIT_S}
            await keyboard.send("Input.dispatchKeyEvent", {"type": "keyDown", **key, **text})
            await keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
        await keyboard.detach()

    async def load(self) -> None:
        """Open the till's page and wait until it can sell."""
        await self.page.goto(f"/till/{self.till.register_id}")
        await expect(self.due).to_be_visible()
        await expect(self.page.locator(".skeleton")).to_have_count(0)

    async def hold(self, ticket: dict[str, Any]) -> None:
        """Put a ticket where the till keeps its own on the device, and open it."""
        await self.page.goto("/sign-in")
        name = f"tradepost.ticket.{self.till.register_id}"
        await self.page.evaluate("([name, ticket]) => localStorage.setItem(name, ticket)", [name, json.dumps(ticket)])
        await self.load()

    def sold(self) -> list[tuple[int, int]]:
        """Return what is booked on this till: total and change of each sale, in minor units, the oldest first."""
        rows = self.shop.program.ask(
            "SELECT total_minor, change_minor FROM pos_sale WHERE register_id = %s ORDER BY sold_at",
            self.till.register_id,
        )
        return [(total, change) for total, change in rows]


@asynccontextmanager
async def open_till(browser: Browser, shop: BusyShop, **options: Any) -> AsyncIterator[TillScreen]:  # noqa: ANN401  the context's own options
    """Open a till of its own in a window of its own, in which the owner is signed in; the page is not loaded yet."""
    async with open_window(browser, shop.program.address, **options) as screen:
        await screen.adopt(shop.owner)
        yield TillScreen(screen, await screen.context.new_page(), shop, await shop.till())


def long_ticket(count: int) -> dict[str, Any]:
    """Return a ticket as the till keeps it: many lines, three tax rates, discounts, the middle line chosen."""
    lines = [_line(number) for number in range(count)]
    chosen = lines[count // 2]["id"]
    discount = {"percent": "5"}
    return {"id": str(ids.new_id()), "lines": lines, "discount": discount, "selected": chosen, "removed": None}


def _line(number: int) -> dict[str, Any]:
    tile = {
        "variant_id": str(ids.new_id()),
        "name": f"Thing number {number}",
        "sku": f"THING-{number}",
        "barcode": None,
        "price": f"{number % 40 + 1}.{number % 100:02}",
        "currency": "EUR",
        "tax_rate": ("20", "10", "5.5")[number % 3],
        "unit": "piece",
        "on_hand": "5",
    }
    discount = {"percent": "10"} if number % 7 == 0 else None
    return {"id": str(ids.new_id()), "tile": tile, "quantity": "1", "discount": discount}
