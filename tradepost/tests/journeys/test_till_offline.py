"""The till without its program: a sale is kept, told, and sent once; a reload amid a ticket loses nothing."""

import pytest
from browsing import hold_up
from browsing.till import TillScreen, open_till
from playwright.async_api import Browser, Request, expect
from shopfloor.busy import BusyShop, some_barcode

SALES = "/api/v1/pos/sales"
PAID = """
SELECT pos_payment.kind, amount_minor FROM pos_payment JOIN pos_sale ON pos_sale.id = sale_id
WHERE register_id = %s ORDER BY position
"""


@pytest.mark.journey
async def test_a_sale_without_a_network_is_kept_and_sent_once_when_it_is_back(
    browser: Browser, busy_shop: BusyShop
) -> None:
    async with open_till(browser, busy_shop) as till:
        code = some_barcode()
        product = await busy_shop.product(till.till, barcode=code)
        arrived: list[Request] = []
        till.page.on("requestfinished", lambda one: arrived.append(one) if one.url.endswith(SALES) else None)
        await till.load()
        await till.scan(code)
        await expect(till.lines).to_contain_text(product.name)
        await till.page.keyboard.press("F9")

        await till.screen.context.set_offline(True)
        await says(till, "Offline · nothing is waiting")
        await till.page.keyboard.press("Enter")
        await says(till, "Offline · 1 sale kept, trying again")
        await expect(till.page.get_by_text("Booking the sale…")).to_be_visible()
        # The next customer's goods are scanned from memory, and paid as well.
        await till.scan(code)
        await expect(till.lines).to_contain_text(product.name)
        await till.page.keyboard.press("F8")
        await till.page.keyboard.press("Enter")
        await says(till, "Offline · 2 sales kept, trying again")
        assert till.sold() == []

        await till.screen.context.set_offline(False)
        await says(till, "Online · all sales sent")
        assert till.sold() == [(249, 0), (249, 0)]
        assert len(arrived) == 2
        assert till.screen.faults == []


@pytest.mark.journey
async def test_a_sale_kept_offline_outlives_a_reload(browser: Browser, busy_shop: BusyShop) -> None:
    async with open_till(browser, busy_shop) as till:
        code = some_barcode()
        await busy_shop.product(till.till, barcode=code)
        await till.load()
        await till.scan(code)
        await expect(till.due).to_have_text("€2.49")
        # Only sales are held up, so that the page itself can be loaded again.
        await hold_up(till.page, f"**{SALES}")
        await till.page.keyboard.press("F9")
        await till.page.keyboard.press("Enter")
        await says(till, "Offline · 1 sale kept, trying again")

        await till.load()
        await says(till, "Offline · 1 sale kept, trying again")
        await expect(till.due).to_have_text("€0.00")
        assert till.sold() == []
        await till.page.unroute(f"**{SALES}")

        await says(till, "Online · all sales sent")
        assert till.sold() == [(249, 0)]


@pytest.mark.journey
async def test_a_reload_in_the_middle_of_a_ticket_loses_nothing(browser: Browser, busy_shop: BusyShop) -> None:
    """Neither lines with their quantity and discount, nor the discount of the ticket, nor a card that was charged."""
    async with open_till(browser, busy_shop) as till:
        code = some_barcode()
        product = await busy_shop.product(till.till, barcode=code)
        await till.load()
        for _ in range(4):
            await till.scan(code)
        await expect(till.lines).to_contain_text(f"4 ×{product.name}")
        for key, percent in {"F4": "50", "F6": "10"}.items():
            await till.page.keyboard.press(key)
            await till.page.get_by_role("dialog").get_by_label("Percent").fill(percent)
            await till.page.keyboard.press("Enter")
        await expect(till.due).to_have_text("€4.48")
        await till.page.keyboard.press("F8")
        await till.page.get_by_label("On the card").fill("3")
        await till.page.get_by_label("Last four").fill("4242")
        await till.page.keyboard.press("Enter")
        await expect(till.page.get_by_text("€1.48")).to_be_visible()

        await till.load()

        await expect(till.lines).to_contain_text(f"4 ×{product.name}")
        await expect(till.due).to_have_text("€1.48")
        await till.page.keyboard.press("F9")
        await till.page.keyboard.press("Enter")
        await says(till, "Online · all sales sent")
        assert till.sold() == [(448, 0)]
        paid = (
            "SELECT kind, amount_minor FROM pos_payment JOIN pos_sale ON pos_sale.id = sale_id WHERE register_id = %s"
        )
        assert set(till.shop.program.ask(paid, till.till.register_id)) == {("card", 300), ("cash", 148)}


async def says(till: TillScreen, text: str) -> None:
    """Wait until the badge says so."""
    await expect(till.page.get_by_role("banner").get_by_role("status")).to_have_text(text)
