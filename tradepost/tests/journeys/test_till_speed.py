"""The till with three hundred lines on its ticket: what makes an interaction slow is counted; `make speed` times it."""

import pytest
from browsing.effort import Effort, EffortMeter
from browsing.till import TillScreen, long_ticket, open_till
from playwright.async_api import Browser, expect
from shopfloor.busy import BusyShop, some_barcode

LINES = 300
# About nine are in sight, and six more are drawn on either side.
MOST_ROWS = 30
# The change itself, the scrolling to its line in steps as rows are measured, and its end.
MOST_COMMITS = 6
MOST_LAYOUTS = 6
# A text in the source of the function that prices a ticket.
PRICING = "money.empty_ticket"


@pytest.mark.journey
async def test_three_hundred_lines_cost_no_more_rows_renders_or_pricing_than_ten(
    browser: Browser, busy_shop: BusyShop
) -> None:
    async with open_till(browser, busy_shop) as till:
        code = some_barcode()
        product = await busy_shop.product(till.till, barcode=code)
        meter = await EffortMeter.start(till.page, PRICING)
        await till.hold(long_ticket(LINES))
        await expect(till.page.get_by_text(f"{LINES} lines")).to_be_visible()
        await expect(till.lines.filter(has_text="Thing number 150")).to_be_visible()
        assert await till.lines.count() <= MOST_ROWS

        await till.page.get_by_role("button", name="Close shift").focus()
        first = await scan(till, meter, code)
        again = await scan(till, meter, code)

        await expect(till.lines.filter(has_text=product.name)).to_contain_text("2 ×")
        assert await till.lines.count() <= MOST_ROWS
        path = f"/pos/find/by-code/{code}"
        assert (first.asked, again.asked) == ([path], [])
        frugal(first, again)
        frugal(await pressed(till, meter, "+"), await pressed(till, meter, "-"), await discounted(till, meter))


async def scan(till: TillScreen, meter: EffortMeter, code: str) -> Effort:
    """Scan a code and return what that cost."""
    before = await till.due.inner_text()
    async with meter.measured() as effort:
        await till.scan(code)
        await expect(till.due).not_to_have_text(before)
    return effort


async def pressed(till: TillScreen, meter: EffortMeter, key: str) -> Effort:
    """Press a key that changes the chosen line."""
    before = await till.due.inner_text()
    async with meter.measured() as effort:
        await till.page.keyboard.press(key)
        await expect(till.due).not_to_have_text(before)
    return effort


async def discounted(till: TillScreen, meter: EffortMeter) -> Effort:
    """Give ten percent on the chosen line; what is counted begins with the last key."""
    await till.page.keyboard.press("F4")
    await till.page.get_by_role("dialog").get_by_label("Percent").fill("10")
    return await pressed(till, meter, "Enter")


def frugal(*efforts: Effort) -> None:
    """Hold acts to the budget; each prices the ticket once."""
    for effort in efforts:
        assert effort.calls == 1, efforts
        assert 1 <= effort.commits <= MOST_COMMITS, efforts
        assert effort.layouts <= MOST_LAYOUTS, efforts


@pytest.mark.journey
async def test_a_scan_into_the_finder_asks_for_its_product_alone(browser: Browser, busy_shop: BusyShop) -> None:
    async with open_till(browser, busy_shop) as till:
        code = some_barcode()
        product = await busy_shop.product(till.till, barcode=code)
        meter = await EffortMeter.start(till.page, PRICING)
        await till.load()
        finder = till.page.get_by_role("searchbox", name="Find a product")
        await expect(finder).to_be_focused()

        async with meter.measured() as effort:
            await till.scan(code)
            await expect(till.lines).to_contain_text(product.name)

        assert effort.asked == [f"/pos/find/by-code/{code}"]
        assert effort.commits <= MOST_COMMITS, effort
        await expect(finder).to_have_value("")
