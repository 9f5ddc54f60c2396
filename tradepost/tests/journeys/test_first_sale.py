"""The first sale in a fresh program, in a browser: from the printed link to today's takings."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from browsing import Screen, open_window
from playwright.async_api import Browser, Page, ViewportSize, expect
from shopfloor import Product, Till, line_in, sale_in, sell

from mainstay import clock
from mainstay.testing.client import Client
from mainstay.testing.process import ProgramProcess

StartProgram = Callable[..., ProgramProcess]
EMAIL, PASSWORD = "olga@shop.example", "three quiet green trains"
# Three of the sample's products: barcode and name, for 24.00, 0.49 and 0.99.
BASKET = {"2298756002593": "Bread", "2298761007088": "Abricot moyen vrac", "2298765032604": "Chistorra"}
RECEIPT = "HA1-000001"
# 80 mm at 96 pixels an inch.
PAPER = ViewportSize(width=302, height=800)
# The float of 100.00 and the cash of two sales, 25.48 and 24.00.
DRAWER = {"100.00": "1", "20.00": "2", "5.00": "1", "2.00": "2", "0.20": "2", "0.05": "1", "0.02": "1", "0.01": "1"}


@pytest.mark.journey
@pytest.mark.practice(103)
async def test_from_the_printed_link_to_todays_takings(browser: Browser, start_first: StartProgram) -> None:
    program = start_first("--sample")
    async with open_window(browser, program.address) as screen, program.client() as other:
        page = await screen.context.new_page()
        await become_the_owner(screen, page, program)
        await find_three_thousand_products(screen, page)
        await open_the_shift(screen, page)
        await sell_three_things_for_cash(screen, page)
        await print_the_receipt(screen, page)
        await see_the_takings_live(screen, other)
        await close_the_shift(screen, page)
        assert screen.faults == []


async def become_the_owner(screen: Screen, page: Page, program: ProgramProcess) -> None:
    """Open the link, choose a password, and arrive at the start."""
    await page.goto(f"/setup#{program.owner_token()}")
    await expect(page.get_by_role("heading", name="Welcome to your shop")).to_be_visible()
    await screen.check(page, "first owner")
    await page.get_by_label("Your name").fill("Olga")
    await page.get_by_label("E-mail").fill(EMAIL)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Open the shop").click()
    await expect(page.get_by_text("Your shop is ready")).to_be_visible()
    await screen.check(page, "start")


async def find_three_thousand_products(screen: Screen, page: Page) -> None:
    """See the sample's products in the catalogue, and find one although it is misspelt."""
    await page.get_by_role("link", name="Catalogue", exact=True).click()
    await expect(page.get_by_text("3,000 variants")).to_be_visible()
    await screen.check(page, "catalogue")
    await page.get_by_role("searchbox").fill("chistora")
    await expect(page.get_by_role("row", name="Chistorra").first).to_be_visible()


async def open_the_shift(screen: Screen, page: Page) -> None:
    """Choose the first register and open it with 100.00."""
    await page.get_by_role("link", name="Till", exact=True).click()
    await expect(page.get_by_role("heading", name="Which till is this?")).to_be_visible()
    await screen.check(page, "choice of the till")
    await page.get_by_role("button", name=re.compile("Till 1.*Harbour")).click()
    await expect(page.get_by_role("heading", name="Open the shift")).to_be_visible()
    await screen.check(page, "opening")
    await page.get_by_label("Change in the drawer").fill("100")
    await page.get_by_role("button", name="Open", exact=True).click()
    await expect(page.get_by_role("region", name="Ticket")).to_be_visible()
    await screen.check(page, "empty ticket")


async def sell_three_things_for_cash(screen: Screen, page: Page) -> None:
    """Scan with the focus elsewhere, take 30.00 by the keyboard alone, and give change."""
    lines = page.get_by_role("list", name="Lines of the ticket").get_by_role("listitem")
    for count, (code, name) in enumerate(BASKET.items(), start=1):
        await page.get_by_role("button", name="Close shift").focus()
        await scan(page, code)
        await expect(lines).to_have_count(count)
        await expect(lines.nth(count - 1)).to_contain_text(name)
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.get_by_test_id("due")).to_have_text("€25.48")
    await screen.check(page, "ticket")
    await page.keyboard.press("F9")
    await page.get_by_label("Given").fill("30")
    await expect(page.get_by_text("€4.52")).to_be_visible()
    await screen.check(page, "cash")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("change")).to_have_text("€4.52")
    await expect(page.get_by_text(f"Receipt {RECEIPT}")).to_be_visible()
    await screen.check(page, "change")


async def scan(page: Page, code: str) -> None:
    """Type a code as a scanner does: all keys at once, then Enter."""
    await page.keyboard.type(code)
    await page.keyboard.press("Enter")


async def print_the_receipt(screen: Screen, page: Page) -> None:
    """Open the receipt beside the till, compare what it says, and print it on 80 mm paper."""
    async with screen.context.expect_page() as opening:
        await page.get_by_role("link", name="Print receipt").click()
    receipt = await opening.value
    paper = receipt.get_by_test_id("receipt")
    for part in (RECEIPT, *BASKET.values(), "Till 1", "Cashier Olga"):
        await expect(paper).to_contain_text(part)
    pairs = [" ".join((await pair.inner_text()).split()) for pair in await paper.locator(".receipt-pair").all()]
    # 24.00 and 0.99 with 10 % included, 0.49 with 20 %.
    for pair in (
        "incl. tax 20 % of 0.41 0.08",
        "incl. tax 10 % of 22.72 2.27",
        "Total EUR 25.48",
        "Cash 30.00",
        "Change 4.52",
    ):
        assert pair in pairs, pairs
    assert await receipt.evaluate("window.printed") == 1
    await screen.check(receipt, "receipt")
    await receipt.emulate_media(media="print")
    await receipt.set_viewport_size(PAPER)
    await expect(receipt.get_by_role("button").or_(receipt.get_by_role("link"))).to_have_count(0)
    assert await receipt.evaluate("document.documentElement.scrollWidth") <= PAPER["width"]
    assert paper_of(await receipt.pdf(prefer_css_page_size=True)) == [pytest.approx(80, abs=0.5)]
    await receipt.close()


def paper_of(document: bytes) -> list[float]:
    """Return the width in millimetres of each page of a PDF, which counts in 1/72 inch."""
    return [float(width) / 72 * 25.4 for width in re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+)", document)]


async def see_the_takings_live(screen: Screen, other: Client) -> None:
    """See the sale in the numbers, and a second one from another till within a second."""
    numbers = await screen.context.new_page()
    await numbers.goto("/numbers")
    takings = numbers.get_by_test_id("takings")
    await expect(takings).to_have_text("€25.48")
    await expect(numbers.get_by_role("status").get_by_text("live", exact=True)).to_be_visible()
    await screen.check(numbers, "numbers")
    await sell_bread(other)
    sold_at = clock.monotonic()
    await expect(takings).to_have_text("€49.48")
    assert clock.monotonic() - sold_at < 1
    await numbers.close()


async def sell_bread(client: Client) -> None:
    """Sell a bread for cash over the API, on the open shift."""
    await client.sign_in(EMAIL, PASSWORD)
    registers = (await client.get("/api/v1/pos/registers")).json()["items"]
    register = next(one for one in registers if one["open_shift"])
    till = Till(UUID(register["store_id"]), UUID(register["id"]), UUID(register["open_shift"]["id"]))
    query = {"store_id": str(till.store_id)}
    tile = (await client.get("/api/v1/pos/find/by-code/2298756002593", params=query)).json()
    bread = Product(UUID(tile["variant_id"]), UUID(tile["variant_id"]), tile["name"], tile["price"])
    await sell(client, sale_in(till, [line_in(bread)], 2400))


async def close_the_shift(screen: Screen, page: Page) -> None:
    """Go on to the next customer, count 149.48, and find the drawer right."""
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("due")).to_have_text("€0.00")
    await page.get_by_role("button", name="Close shift").click()
    count = page.get_by_role("dialog", name="Close shift")
    for coin, pieces in DRAWER.items():
        await count.get_by_label(f"€{coin} ×", exact=True).fill(pieces)
    await screen.check(page, "count")
    await count.get_by_role("button", name="Close with this count").click()
    await expect(page.get_by_test_id("difference")).to_have_text("€0.00")
    await expect(page.get_by_text("The drawer is right")).to_be_visible()
    await expect(page.get_by_text("Takings of 2 sales")).to_be_visible()
    await screen.check(page, "closed")
    await page.get_by_role("button", name="Done").click()
    await expect(page.get_by_role("heading", name="Open the shift")).to_be_visible()
