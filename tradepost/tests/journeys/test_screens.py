"""Every screen in a browser, on a desk and on a phone: the policy, axe, sizes, names, files, and the keyboard."""

import pytest
from browsing import DESK, PHONE, Screen, open_window
from browsing.audit import TARGET_PX, TILL_TARGET_PX, Deliveries, audit, sticking_out, unreachable, watch_shifts
from browsing.walk import Walked, open_page, settled, sign_in, tap_the_product
from playwright.async_api import Browser, Page, expect

LAST_CALL = "2026-11-29T10:15:00Z"
# What opens over the till, by key.
OVERLAYS = {
    "?": "keys",
    "*": "quantity",
    "F4": "line discount",
    "F6": "ticket discount",
    "F7": "which sale",
    "F10": "sell first",
}


@pytest.mark.journey
@pytest.mark.practice(2)
async def test_every_screen_and_the_docs_keep_the_policy_and_are_accessible(browser: Browser, walked: Walked) -> None:
    async with open_window(browser, walked.address) as screen:
        await watch_shifts(screen)
        deliveries = Deliveries(screen)
        page = await screen.context.new_page()
        await walk_outside(screen, page, walked)
        await sign_in(page)
        # That nobody is signed in, and that a link was used, is told by refusals.
        refusing = ("/api/v1/identity/", "/unsubscribe/check")
        deliveries.faults = [fault for fault in deliveries.faults if not any(part in fault for part in refusing)]
        for path in walked.inside:
            await open_page(page, path)
            await look(screen, page, path)
        await walk_the_overlays(screen, page, walked)
        await walk_the_docs(page)
        faults = screen.faults + deliveries.faults
        assert not faults, "\n".join(faults)


# Names that have no room in their entry, of the bar at the bottom of a phone.
CUT = """
() => [...document.querySelectorAll("nav span.truncate")].filter((name) => name.scrollWidth > name.clientWidth)
  .map((name) => name.textContent)
"""
OUTDATED = {
    "operation": "GET /api/v1/catalog/things/{thing_id}",
    "since": "2026-09-01T00:00:00Z",
    "until": "2027-03-01T00:00:00Z",
    "successor": "/api/v1/catalog/products/{product_id}",
    "callers": [
        {"caller": caller, "name": name, "calls": 1240, "first_at": "2026-10-01T00:00:00Z", "last_at": LAST_CALL}
        for caller, name in (("person:0192", "Olga"), ("service:0192e0a4-3f1d-7c51", None), ("anonymous", None))
    ],
}


@pytest.mark.journey
async def test_on_a_phone_four_pages_are_one_tap_away_and_all_others_two(browser: Browser, walked: Walked) -> None:
    """An earlier bar had eight entries, whose Russian names were cut."""
    async with open_window(browser, walked.address) as screen:
        await watch_shifts(screen)
        page = await screen.context.new_page()
        await sign_in(page)
        await page.set_viewport_size(PHONE)
        bar = page.get_by_role("navigation", name="Main navigation")
        await expect(bar.get_by_role("link")).to_have_count(4)
        await bar.get_by_role("button", name="More").click()
        sheet = page.get_by_role("dialog", name="More")
        await screen.check(page, "more on a phone")
        faults = await audit(page, TARGET_PX) + await sticking_out(page)
        await sheet.get_by_role("button", name="Search").click()
        await expect(page.get_by_role("combobox")).to_be_focused()
        await page.keyboard.press("Escape")
        for name, title in {"Numbers": "Today", "Settings": "", "Notifications": "", "My account": ""}.items():
            await bar.get_by_role("button", name="More").click()
            await sheet.get_by_role("link", name=name).click()
            await expect(page.get_by_role("heading", level=1, name=title or name)).to_be_visible()
        await bar.get_by_role("button", name="More").click()
        await sheet.get_by_label("Language").select_option("ru")
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("navigation", name="Главное меню").get_by_text("Ещё")).to_be_visible()
        assert await page.evaluate(CUT) == []
        assert screen.faults + faults == []


@pytest.mark.journey
async def test_who_still_calls_what_is_going_away_is_on_the_status(browser: Browser, walked: Walked) -> None:
    """What is going away of Tradepost's, then nothing, then an answer of the operation's form with callers."""
    async with open_window(browser, walked.address) as screen:
        await watch_shifts(screen)
        page = await screen.context.new_page()
        await sign_in(page)
        await open_page(page, "/settings/status")
        going = page.get_by_role("listitem").filter(has_text="POST /api/v1/jobs/retry")
        await expect(going).to_contain_text("Instead: /api/v1/jobs/bulk")
        await page.route("**/api/v1/interface/outdated", lambda route: route.fulfill(json={"items": []}))
        await open_page(page, "/settings/status")
        await expect(page.get_by_text("None is going away")).to_be_visible()
        await page.unroute("**/api/v1/interface/outdated")
        await page.route("**/api/v1/interface/outdated", lambda route: route.fulfill(json={"items": [OUTDATED]}))
        await open_page(page, "/settings/status")
        callers = page.get_by_role("table", name=f"Who calls {OUTDATED['operation']}").get_by_role("row")
        await expect(callers).to_contain_text(["Called by", "Olga", "A service", "Somebody who is not signed in"])
        await look(screen, page, "the status with what is going away")
        assert screen.faults == []


async def look(screen: Screen, page: Page, what: str) -> None:
    """Note what is wrong with a screen, on a desk in both schemes, on a phone, and for the keyboard."""
    least_px = TILL_TARGET_PX if what.startswith("/till") else TARGET_PX
    await screen.check(page, what)
    screen.faults += [f"{what}: {fault}" for fault in await audit(page, least_px)]
    await page.set_viewport_size(PHONE)
    await screen.check(page, f"{what} on a phone", "light")
    on_phone = await audit(page, least_px) + await sticking_out(page)
    screen.faults += [f"{what} on a phone: {fault}" for fault in on_phone]
    await page.set_viewport_size(DESK)
    screen.faults += [f"{what}: {fault}" for fault in await unreachable(page)]


async def walk_outside(screen: Screen, page: Page, walked: Walked) -> None:
    """See the pages for people who are not signed in."""
    dead = "This link does not work any more"
    headings = ("Sign in", "Join the shop", dead, dead, dead, "Forgot your password?", "This link is not known")
    for path, heading in zip(walked.outside, headings, strict=True):
        await open_page(page, path)
        await expect(page.get_by_role("heading", name=heading)).to_be_visible()
        await look(screen, page, path.partition("#")[0])


async def walk_the_overlays(screen: Screen, page: Page, walked: Walked) -> None:
    """Open what lies over the pages: search, new product and webhook, the till's dialogs and both ways to pay."""
    await page.goto("/catalogue")
    await settled(page)
    await page.get_by_role("button", name="New product").click()
    await in_dialog(screen, page, "new product")
    await page.keyboard.press("Control+k")
    await page.keyboard.type("thing")
    await in_dialog(screen, page, "search")
    for view, name in {"": "New webhook", "?view=in": "New source"}.items():
        await open_page(page, f"/settings/webhooks{view}")
        await page.get_by_role("button", name=name).click()
        await in_dialog(screen, page, name)
    await open_page(page, walked.selling)
    await page.keyboard.press("F10")
    await in_dialog(screen, page, "/till, count")
    await tap_the_product(page, walked)
    for key, what in OVERLAYS.items():
        await page.keyboard.press(key)
        await in_dialog(screen, page, f"/till, {what}")
    for key, field in {"F8": "On the card", "F9": "Given"}.items():
        await page.keyboard.press(key)
        await expect(page.get_by_label(field)).to_be_visible()
        await look(screen, page, f"/till, {field}")
    await page.get_by_label("Given").press("Enter")
    await expect(page.get_by_test_id("change")).to_be_visible()
    await expect(page.get_by_role("link", name="Print receipt")).to_be_visible()
    await look(screen, page, "/till, change")


async def in_dialog(screen: Screen, page: Page, what: str) -> None:
    """Look at the dialog that is open, and close it."""
    await expect(page.get_by_role("dialog")).to_be_visible()
    await look(screen, page, what)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def walk_the_docs(page: Page) -> None:
    """See that the API's documentation works: a group opens, and an operation of it tells its replies."""
    await page.goto("/api/docs")
    await page.locator(".opblock-tag", has_text="Till").first.click()
    operation = page.locator(".opblock", has_text="/api/v1/pos/sales").first
    await operation.locator("button").first.click()
    await expect(operation.get_by_text("Responses").first).to_be_visible()
