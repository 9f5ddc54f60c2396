"""The catalogue on the screen: what is filtered leaves as a file, what clashes is settled, what was sold is found."""

import csv
from pathlib import Path
from typing import Any

import pytest
from browsing import open_window
from playwright.async_api import Browser, FilePayload, Page, expect
from shopfloor import created, line_in, product_in, sale_in, sell
from shopfloor.busy import BusyShop

from mainstay import ids

PRODUCTS = "/api/v1/catalog/products"
VARIANTS = "/api/v1/catalog/variants"


async def stock_up(shop: BusyShop, tag: str) -> list[dict[str, Any]]:
    """Make three products with a tag; the last is not sold any more."""
    bodies = [product_in(price=f"{number}.5") | {"name": f"{tag} {number}", "tags": [tag]} for number in (1, 2, 3)]
    made = [await created(shop.owner, PRODUCTS, body) for body in bodies]
    retired = made[-1]["variants"][0]
    answer = await shop.owner.patch(f"{VARIANTS}/{retired['id']}", json={"version": 1, "is_active": False})
    assert answer.status_code == 200, answer.text
    return made


def file_rows(path: Path) -> list[list[str]]:
    """Return the cells of a file."""
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))


@pytest.mark.journey
async def test_a_filtered_list_leaves_as_the_file_that_is_shown(browser: Browser, busy_shop: BusyShop) -> None:
    tag = f"tag-{ids.new_id().hex[-8:]}"
    made = await stock_up(busy_shop, tag)
    async with open_window(browser, busy_shop.program.address) as screen:
        await screen.adopt(busy_shop.owner)
        page = await screen.context.new_page()
        await page.goto(f"/catalogue?product={made[0]['id']}")
        await page.get_by_role("button", name=tag, exact=True).click()
        await expect(page.get_by_text("3 variants")).to_be_visible()
        await page.get_by_role("button", name="Close").click()
        await page.get_by_role("button", name="Price", exact=True).click()
        await page.get_by_text("Columns").click()
        await page.get_by_role("checkbox", name="Barcode").uncheck()
        await screen.check(page, "a filtered list")
        assert file_rows(await downloaded(page)) == [
            ["name", "sku", "tax_rate", "price", "currency"],
            *[[f"{tag} {n}", made[n - 1]["variants"][0]["sku"], "20", f"{n}.5", "EUR"] for n in (1, 2, 3)],
        ]
        await page.get_by_role("button", name="Not sold any more").click()
        await expect(page.get_by_text("1 variant", exact=True)).to_be_visible()
        assert [row[0] for row in file_rows(await downloaded(page))[1:]] == [f"{tag} 3"]
        # The address is the whole state: somebody else sees the same list.
        await page.reload()
        await expect(page.get_by_text("1 variant", exact=True)).to_be_visible()
        await page.get_by_role("button", name=f"Remove the filter: Tag {tag}").click()
        await expect(page.get_by_role("button", name=f"Remove the filter: Tag {tag}")).to_have_count(0)
        assert screen.faults == []


async def downloaded(page: Page) -> Path:
    """Press Export and return the file."""
    async with page.expect_download() as file:
        await page.get_by_role("link", name="Export").click()
    return await (await file.value).path()


@pytest.mark.journey
async def test_one_change_to_all_that_is_picked_tells_what_was_left_as_it_is(
    browser: Browser, busy_shop: BusyShop
) -> None:
    tag = f"tag-{ids.new_id().hex[-8:]}"
    made = await stock_up(busy_shop, tag)
    variants = [product["variants"][0]["id"] for product in made]

    def sold() -> list[bool]:
        found = busy_shop.program.ask("SELECT id, is_active FROM catalog_variant WHERE id = ANY (%s::uuid[])", variants)
        active = {str(key): is_active for key, is_active in found}
        return [active[key] for key in variants]

    async with open_window(browser, busy_shop.program.address) as screen:
        await screen.adopt(busy_shop.owner)
        page = await screen.context.new_page()
        await page.goto(f"/catalogue?tag={tag}")
        await page.get_by_role("checkbox", name="Pick all that are shown").check()
        bar = page.get_by_role("region", name="Change what is picked")
        await expect(bar.get_by_text("3 variants picked")).to_be_visible()
        # Somebody else changes one of them meanwhile.
        body = {"version": 1, "price": "7"}
        assert (await busy_shop.owner.patch(f"{VARIANTS}/{variants[1]}", json=body)).status_code == 200
        await bar.get_by_role("button", name="Stop selling").click()
        await expect(bar.get_by_text("1 changed · 1 was so already · 1 left as it is")).to_be_visible()
        await expect(bar.get_by_role("listitem").filter(has_text=f"{tag} 2")).to_contain_text("changed it first")
        assert sold() == [False, True, False]
        await screen.check(page, "a report on many")
        # What was changed is still picked: it can be changed back at once.
        await bar.get_by_role("button", name="Sell again").click()
        await expect(bar.get_by_text("2 changed", exact=True)).to_be_visible()
        assert sold() == [True, True, True]
        await bar.get_by_role("textbox", name="Tag").fill(f"{tag}-more")
        await bar.get_by_role("button", name="Add the tag").click()
        await expect(bar.get_by_text("2 changed", exact=True)).to_be_visible()
        await page.goto(f"/catalogue?tag={tag}-more")
        await expect(page.get_by_text("2 variants", exact=True)).to_be_visible()
        assert screen.faults == []


@pytest.mark.journey
async def test_a_clash_shows_before_mine_and_theirs_and_takes_over_the_rest(
    browser: Browser, busy_shop: BusyShop
) -> None:
    """Rule 36: nobody overwrites what somebody else changed without seeing it."""
    body = product_in(price="2.5", cost="1") | {"name": f"Clash {ids.new_id().hex[-6:]}"}
    made = await created(busy_shop.owner, PRODUCTS, body)
    variant = made["variants"][0]
    async with open_window(browser, busy_shop.program.address) as screen:
        await screen.adopt(busy_shop.owner)
        page = await screen.context.new_page()
        await page.goto(f"/catalogue?product={made['id']}")
        await page.get_by_role("button", name="Edit").click()
        await page.get_by_role("textbox", name="Price").fill("3,5")
        await page.get_by_role("textbox", name="Barcodes").fill("6291041500213x")
        theirs = {"version": variant["version"], "price": "4", "unit": "kg", "quantity_step": "0.1"}
        assert (await busy_shop.owner.patch(f"{VARIANTS}/{variant['id']}", json=theirs)).status_code == 200
        await page.get_by_role("button", name="Save changes").click()

        clash = page.get_by_role("region", name="Price")
        await expect(clash).to_be_visible()
        assert await clash.locator("dd").all_inner_texts() == ["2.5", "3.5", "4"]
        await expect(page.get_by_role("button", name="Save changes")).to_be_disabled()
        # What only the other changed is taken over without a question.
        await expect(page.get_by_role("combobox", name="Sold by")).to_have_value("kg")
        await screen.check(page, "a clash")
        await clash.get_by_role("button", name="Keep yours").click()
        await page.get_by_role("button", name="Save changes").click()
        await expect(page.get_by_role("button", name="Edit")).to_be_visible()

        now = (await busy_shop.owner.get(f"{PRODUCTS}/{made['id']}")).json()["variants"][0]
        assert [now["price"], now["unit"], now["cost"]] == ["3.5", "kg", "1"]
        assert [code["code"] for code in now["barcodes"]] == ["6291041500213x"]
        assert screen.faults == []


@pytest.mark.journey
async def test_the_search_over_everything_finds_any_receipt(browser: Browser, busy_shop: BusyShop) -> None:
    till = await busy_shop.till()
    product = await busy_shop.product(till)
    sold = await sell(busy_shop.owner, sale_in(till, [line_in(product)], 249))
    async with open_window(browser, busy_shop.program.address) as screen:
        await screen.adopt(busy_shop.owner)
        page = await screen.context.new_page()
        await page.goto("/sales")
        await expect(page.get_by_role("heading", name="Sales")).to_be_visible()
        await page.keyboard.press("Control+k")
        await page.get_by_role("combobox", name="Search everything").fill(sold["receipt_number"].lower())
        await page.get_by_role("option", name=sold["receipt_number"]).click()
        await expect(page).to_have_url(f"{busy_shop.program.address}/receipt/{sold['id']}")
        assert screen.faults == []


@pytest.mark.journey
async def test_a_file_is_sent_from_the_screen_and_its_report_accounts_for_every_row(
    browser: Browser, busy_shop: BusyShop
) -> None:
    """Rule 35."""
    name = f"Sheet {ids.new_id().hex[-6:]}"
    content = f"name;price;sku\n{name};1,50;{name}-1\n{name} 2;;{name}-2\n".encode("cp1252")
    async with open_window(browser, busy_shop.program.address) as screen:
        await screen.adopt(busy_shop.owner)
        page = await screen.context.new_page()
        await page.goto("/catalogue/imports")
        await expect(page.get_by_label("Choose a file")).to_be_enabled()
        file = FilePayload(name=f"{name}.csv", mimeType="application/vnd.ms-excel", buffer=content)
        await page.get_by_label("Choose a file").set_input_files(file)
        await expect(page.get_by_role("heading", name=f"{name}.csv")).to_be_visible()
        await expect(page.get_by_text("Plain table · utf-8 · separator semicolon")).to_be_visible()
        async with page.expect_download() as report:
            await page.get_by_role("link", name="Download the rejected rows").click()
        assert file_rows(await (await report.value).path())[1][:3] == [f"{name} 2", "", f"{name}-2"]
        await page.get_by_role("link", name="All imports").click()
        await page.get_by_text("Columns").click()
        await page.get_by_role("checkbox", name="Rejected").uncheck()
        await expect(page.get_by_role("columnheader", name="Rejected")).to_have_count(0)
        await expect(page.get_by_role("link", name=f"{name}.csv")).to_be_visible()
        # The same file again changes nothing, and the report is the first one's.
        await page.get_by_label("Choose a file").set_input_files(file)
        await expect(page.get_by_text("This very file was imported before.")).to_be_visible()
        assert screen.faults == []
