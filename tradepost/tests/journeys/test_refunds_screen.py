"""Refunds in a browser: from the sale to the printed receipt, without a network, and approved by PIN at the till."""

import re
from contextlib import AsyncExitStack

import pytest
from browsing import Screen, open_window
from playwright.async_api import Browser, Locator, Page, Route, expect
from shopfloor import Till, line_in, sale_in, sell, tender_in
from shopfloor.busy import BusyShop
from shopfloor.pins import OWNERS_PIN, enrol_till, set_pin, sign_in_by_pin

PASSWORD = "four slow yellow boats"
GIVEN = "SELECT count(*) FROM pos_refund WHERE sale_id = %s"


async def open_refund(page: Page, sale_id: str) -> None:
    """Open a sale in the list, and begin its refund."""
    await page.goto(f"/sales?sale={sale_id}")
    await page.get_by_role("button", name="Refund", exact=True).click()
    await expect(page.get_by_role("dialog")).to_be_visible()


async def print_it(screen: Screen, page: Page) -> None:
    """Print the receipt of the refund that was given, which names the goods' state and the reason."""
    async with page.expect_popup() as popup:
        await page.get_by_role("dialog").get_by_role("link", name="Print the receipt").click()
    receipt = await popup.value
    await expect(receipt.get_by_test_id("refund")).to_contain_text("Reason: Broken on the way")
    await expect(receipt.get_by_test_id("refund")).to_contain_text("2 (damaged)")
    assert await receipt.evaluate("window.printed") == 1
    await screen.check(receipt, "receipt of a refund")
    await page.get_by_role("dialog").get_by_role("button", name="Done").click()


async def see_what_is_left(screen: Screen, page: Page, number: str) -> None:
    """Go from the sale to its refund and back, and begin another."""
    panel = page.get_by_role("complementary", name=number)
    await panel.get_by_role("region", name="Refunds").get_by_role("link").click()
    await expect(page.get_by_role("complementary").get_by_test_id("refund")).to_be_visible()
    await screen.check(page, "refunds")
    await expect(page.get_by_role("navigation").get_by_role("link", name="Sales")).to_have_attribute(
        "aria-current", "page"
    )
    # The other filters and the order narrow down and turn the same list.
    listed = page.get_by_role("table").get_by_role("button", name=number.split("-", maxsplit=1)[0])
    await expect(listed.first).to_be_visible()
    await page.get_by_label("From business day").fill("2099-01-01")
    await expect(listed).to_have_count(0)
    await page.get_by_label("From business day").fill("")
    await expect(listed.first).to_be_visible()
    await page.get_by_role("button", name="Receipt", exact=True).click()
    await expect(page).to_have_url(re.compile("sort=-receipt_number"))
    await expect(listed.first).to_be_visible()
    await listed.first.click()
    await page.get_by_role("link", name=f"Open sale {number}").click()
    await page.get_by_role("button", name="Refund", exact=True).click()
    await expect(page.get_by_role("dialog").get_by_text("1 of 3 left")).to_be_visible()


@pytest.mark.journey
async def test_goods_come_back_from_the_opened_sale_to_the_printed_receipt(
    browser: Browser, busy_shop: BusyShop
) -> None:
    """Rules 14 and 29: two lines, one of them damaged; what is left is shown, and more than that is refused."""
    shop = busy_shop
    till = await shop.till()
    product = await shop.product(till, stock="9")
    tenders = [tender_in(300, "card"), tender_in(447)]
    sale = await sell(shop.owner, sale_in(till, [line_in(product, "3")], 747, tenders=tenders))
    async with open_window(browser, shop.program.address) as screen:
        await screen.adopt(shop.owner)
        page = await screen.context.new_page()
        await open_refund(page, sale["id"])
        dialog = page.get_by_role("dialog")
        quantity = dialog.get_by_label(f"How much of {product.name}")
        await quantity.fill("4")
        await expect(dialog.get_by_text("At most 3")).to_be_visible()
        await quantity.fill("2")
        await dialog.get_by_label("Damaged: not back to stock").check()
        await dialog.get_by_label("Reason").fill("Broken on the way")
        await dialog.get_by_label("Till that gives the money").select_option(str(till.register_id))
        await expect(dialog.get_by_text("Onto the card", exact=True).locator("..")).to_contain_text("3.00")
        await expect(dialog.get_by_text("Out of the drawer", exact=True).locator("..")).to_contain_text("1.98")
        await screen.check(page, "refund")

        await dialog.get_by_role("button", name="Give back €4.98").click()

        await expect(dialog.get_by_test_id("handed-out")).to_have_text("€1.98")
        await expect(dialog.get_by_text("and €3.00 on the terminal")).to_be_visible()
        await screen.check(page, "refund given")
        await print_it(screen, page)
        await see_what_is_left(screen, page, sale["receipt_number"])
        assert screen.faults == []
    on_hand = shop.value("SELECT trim_scale(on_hand) FROM stock_level WHERE variant_id = %s", product.variant_id)
    assert on_hand == 6


async def be_refused_at(closed: Till, shop: BusyShop, dialog: Locator, give: Locator) -> None:
    """Choose a till whose shift is closed meanwhile: the refund is refused, and another till is to be chosen."""
    place = dialog.get_by_label("Till that gives the money")
    await place.select_option(str(closed.register_id))
    await shop.owner.post(f"/api/v1/pos/shifts/{closed.shift_id}/close", json={"counted_minor": 0})
    await give.click()
    await expect(dialog.get_by_text("This shift is not open on this register")).to_be_visible()
    await expect(place).to_have_value("")
    await expect(give).to_be_disabled()


@pytest.mark.journey
async def test_without_an_answer_nothing_is_given_twice_and_without_a_network_nothing_at_all(
    browser: Browser, busy_shop: BusyShop
) -> None:
    """Rule 19: the answer is lost on the way; asking again is the very same call. No till takes another one's place."""
    shop = busy_shop
    till, closed = await shop.till(), await shop.till()
    sale = await sell(shop.owner, sale_in(till, [line_in(await shop.product(till))], 249))
    async with open_window(browser, shop.program.address) as screen:
        await screen.adopt(shop.owner)
        page = await screen.context.new_page()
        await open_refund(page, sale["id"])
        dialog = page.get_by_role("dialog")
        await dialog.get_by_role("button", name="Everything").click()
        await dialog.get_by_label("Reason").fill("Does not fit")
        give = dialog.get_by_role("button", name="Give back €2.49")
        await be_refused_at(closed, shop, dialog, give)
        await dialog.get_by_label("Till that gives the money").select_option(str(till.register_id))
        await screen.context.set_offline(True)
        await expect(dialog.get_by_role("status")).to_contain_text("Nothing is kept on this device")
        await expect(give).to_be_disabled()
        await screen.context.set_offline(False)
        await expect(give).to_be_enabled()

        async def lose_the_answer(route: Route) -> None:
            await route.fetch()
            await route.abort()

        await page.route("**/api/v1/pos/refunds", lose_the_answer, times=1)
        await give.click()
        again = dialog.get_by_role("button", name="Ask again")
        await expect(again).to_be_visible()
        await expect(dialog.get_by_label("Reason")).to_be_disabled()
        await again.click()

        await expect(dialog.get_by_test_id("handed-out")).to_have_text("€2.49")
        await dialog.get_by_role("button", name="Done").click()
        await expect(page.get_by_text("Everything of this sale came back.")).to_be_visible()
    assert shop.value(GIVEN, sale["id"]) == 1


@pytest.mark.journey
async def test_what_a_proxy_answered_for_the_program_gives_nothing_twice(browser: Browser, busy_shop: BusyShop) -> None:
    """Red when only no answer at all counts as unknown: one piece more was given back by a call of its own."""
    shop = busy_shop
    till = await shop.till()
    product = await shop.product(till)
    sale = await sell(shop.owner, sale_in(till, [line_in(product, "2")], 498))
    async with open_window(browser, shop.program.address) as screen:
        await screen.adopt(shop.owner)
        page = await screen.context.new_page()
        await open_refund(page, sale["id"])
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label(f"How much of {product.name}").fill("1")
        await dialog.get_by_label("Reason").fill("Does not fit")
        await dialog.get_by_label("Till that gives the money").select_option(str(till.register_id))

        async def answer_for_it(route: Route) -> None:
            await route.fetch()
            await route.fulfill(status=504, body="Gateway Timeout")

        await page.route("**/api/v1/pos/refunds", answer_for_it, times=1)
        await dialog.get_by_role("button", name="Give back €2.49").click()
        await expect(dialog.get_by_role("alert")).to_be_visible()
        await dialog.get_by_role("button", name=re.compile("Ask again|Give back")).click()

        await expect(dialog.get_by_test_id("handed-out")).to_have_text("€2.49")
    assert shop.value(GIVEN, sale["id"]) == 1


@pytest.mark.journey
async def test_at_the_till_a_refund_is_approved_by_pin_on_the_spot(browser: Browser, busy_shop: BusyShop) -> None:
    shop = busy_shop
    till = await shop.till()
    sale = await sell(shop.owner, sale_in(till, [line_in(await shop.product(till))], 249))
    async with AsyncExitStack() as stack:
        cashier, device = [await stack.enter_async_context(shop.program.client()) for _ in range(2)]
        await shop.hire(cashier, "Grace", "cashier", PASSWORD)
        await set_pin(cashier)
        await set_pin(shop.owner, OWNERS_PIN)
        await enrol_till(shop.owner, till.register_id, device)
        await sign_in_by_pin(device, cashier)
        screen = await stack.enter_async_context(open_window(browser, shop.program.address))
        await screen.adopt(device)
        page = await screen.context.new_page()
        await page.goto(f"/till/{till.register_id}")
        await expect(page.get_by_test_id("due")).to_be_visible()
        await page.keyboard.press("F7")
        search = page.get_by_role("dialog", name="Which sale is it?")
        await search.get_by_label("Receipt number").fill(sale["receipt_number"][:-1])
        await search.get_by_role("button", name=sale["receipt_number"]).click()
        dialog = page.get_by_role("dialog", name=f"Refund of {sale['receipt_number']}")
        await dialog.get_by_role("button", name="Everything").click()
        await dialog.get_by_label("Reason").fill("Does not fit")
        await dialog.get_by_role("button", name="Give back €2.49").click()

        approval = page.get_by_role("dialog", name="Somebody must approve this")
        await expect(approval.get_by_text("A refund of €2.49. Who approves it?")).to_be_visible()
        owner = (await shop.owner.get("/api/v1/identity/session")).json()["person"]["name"]
        await approval.get_by_role("button", name=owner).first.click()
        await page.keyboard.type(OWNERS_PIN, delay=60)
        await page.keyboard.press("Enter")

        await expect(page.get_by_test_id("handed-out")).to_have_text("€2.49")
        assert screen.faults == []
    approved = "SELECT count(*) FROM pos_refund_approval JOIN pos_refund ON id = refund_id WHERE sale_id = %s"
    assert shop.value(approved, sale["id"]) == 1
