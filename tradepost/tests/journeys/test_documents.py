"""The lists of sales and shifts on the screen: searched, narrowed down, and taken away as the file that is shown."""

import csv
import re
from pathlib import Path

import pytest
from browsing import open_window
from playwright.async_api import Browser, Page, expect
from shopfloor import line_in, sale_in, sell
from shopfloor.busy import BusyShop


def file_rows(path: Path) -> list[list[str]]:
    """Return the cells of a file."""
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))


async def downloaded(page: Page) -> list[list[str]]:
    """Press Export and return the cells of the file."""
    async with page.expect_download() as file:
        await page.get_by_role("link", name="Export").click()
    return file_rows(await (await file.value).path())


@pytest.mark.journey
async def test_sales_are_searched_and_leave_as_the_file_that_is_shown(browser: Browser, busy_shop: BusyShop) -> None:
    till = await busy_shop.till()
    product = await busy_shop.product(till)
    sold = [await sell(busy_shop.owner, sale_in(till, [line_in(product)], 249)) for _ in range(2)]
    code = sold[0]["receipt_number"].partition("-")[0]
    async with open_window(browser, busy_shop.program.address) as screen:
        await screen.adopt(busy_shop.owner)
        page = await screen.context.new_page()
        await page.goto("/sales")
        await page.get_by_role("searchbox", name="Search by receipt number").fill(code.lower())
        await expect(page.get_by_text("2 sales", exact=True)).to_be_visible()
        await page.get_by_text("Columns").click()
        for column in ("Time", "Cashier", "Lines"):
            await page.get_by_role("checkbox", name=column).uncheck()
        await screen.check(page, "sales that were searched")
        assert await downloaded(page) == [
            ["receipt_number", "register_name", "total", "currency", "refunded"],
            *[[sale["receipt_number"], sale["register_name"], "2.49", "EUR", "0.00"] for sale in reversed(sold)],
        ]
        # The address is the whole state: a reload shows the same.
        await page.reload()
        await expect(page.get_by_text("2 sales", exact=True)).to_be_visible()
        await expect(page.get_by_role("columnheader", name="Cashier")).to_have_count(0)
        # Sorted from the other end, the file follows; narrowed down, the list does.
        await page.get_by_role("button", name="Receipt").click()
        await page.get_by_role("button", name="Receipt").click()
        await expect(page).to_have_url(re.compile("sort=receipt_number"))
        numbers = [sale["receipt_number"] for sale in sold]
        assert [row[0] for row in (await downloaded(page))[1:]] == numbers
        await page.get_by_role("combobox", name="Cashier").select_option(sold[0]["cashier_name"])
        await page.get_by_label("To business day").fill("2026-01-01")
        await expect(page.get_by_text("No sales here")).to_be_visible()
        await page.get_by_label("To business day").fill("")
        await expect(page.get_by_text("2 sales", exact=True)).to_be_visible()
        assert screen.faults == []


@pytest.mark.journey
async def test_best_sellers_and_hours_open_their_sales(browser: Browser, busy_shop: BusyShop) -> None:
    till = await busy_shop.till()
    best, other = [await busy_shop.product(till) for _ in range(2)]
    fitting = await sell(busy_shop.owner, sale_in(till, [line_in(best, "2")], 498))
    await sell(busy_shop.owner, sale_in(till, [line_in(other)], 249))
    async with open_window(browser, busy_shop.program.address) as screen:
        await screen.adopt(busy_shop.owner)
        page = await screen.context.new_page()
        numbers = f"/numbers?store={busy_shop.store_id}"
        await page.goto(numbers)
        await page.get_by_role("link", name=best.name).click()
        await expect(page.get_by_text("1 sale", exact=True)).to_be_visible()
        await expect(page.get_by_role("row", name=fitting["receipt_number"])).to_be_visible()
        await page.get_by_role("button", name="Remove the filter: With one product").click()
        await expect(page.get_by_text("2 sales", exact=True)).to_be_visible()
        await page.goto(numbers)
        # The clock may strike between the two sales.
        hours = page.get_by_role("group", name="Takings by hour").get_by_role("link")
        await expect(hours.first).to_be_visible()
        sales = 0
        for place in range(await hours.count()):
            await hours.nth(place).click()
            sales += int((await page.get_by_text(re.compile(r"^\d sales?$")).inner_text()).split()[0])
            await page.goto(numbers)
        assert sales == 2
        assert screen.faults == []


@pytest.mark.journey
async def test_shifts_of_one_till_leave_as_the_file_that_is_shown(browser: Browser, busy_shop: BusyShop) -> None:
    till = await busy_shop.till()
    await busy_shop.till()
    close = f"/api/v1/pos/shifts/{till.shift_id}/close"
    shift = (await busy_shop.owner.post(close, json={"counted_minor": 9950})).json()
    name = shift["register_name"]
    async with open_window(browser, busy_shop.program.address) as screen:
        await screen.adopt(busy_shop.owner)
        page = await screen.context.new_page()
        await page.goto("/shifts")
        await page.get_by_role("button", name=name, exact=True).click()
        await expect(page.get_by_text("1 shift", exact=True)).to_be_visible()
        await page.get_by_text("Columns").click()
        for column in ("Opened", "Closed", "Change at start", "Takings", "Given back"):
            await page.get_by_role("checkbox", name=column).uncheck()
        await screen.check(page, "shifts of one till")
        assert await downloaded(page) == [
            ["register_name", "store_name", "expected", "counted", "difference"],
            [name, shift["store_name"], "100.00", "99.50", "-0.50"],
        ]
        await page.get_by_role("button", name=f"Remove the filter: {name}").click()
        await expect(page.get_by_role("button", name=f"Remove the filter: {name}")).to_have_count(0)
        assert screen.faults == []
