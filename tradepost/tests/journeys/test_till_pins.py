"""A till that takes PINs, in a browser: two cashiers change over, and the owner approves a discount on the spot."""

from contextlib import AsyncExitStack

import pytest
from browsing import Screen, hold_up, open_window
from browsing.audit import TARGET_PX, TILL_TARGET_PX, audit, unreachable, watch_shifts
from browsing.till import RECEIPT
from playwright.async_api import Browser, Page, expect
from shopfloor import Product, Till, created
from shopfloor.busy import BusyShop
from shopfloor.pins import OWNERS_PIN, set_pin

from mainstay import ids
from mainstay.testing.client import Client

PASSWORD = "four slow yellow boats"
PINS = {"Grace": "4827", "Joan": "58031"}
# Keys of a person; quicker ones are a scanner's.
PERSON_MS = 60
# The five minutes of the settings, and the next look of the till at its clock.
IDLE_MS = 306_000
SOLD = """
SELECT cashier_name, total_minor, approver_name IS NOT NULL FROM pos_sale
LEFT JOIN pos_sale_approval ON sale_id = id WHERE register_id = %s ORDER BY sold_at
"""
SESSION = "**/api/v1/identity/session"
SELLS_ONLY = ["pos.sell", "pos.read_sales", "shop.read"]


class Counter:
    """One tablet at one till of the shop."""

    def __init__(self, screen: Screen, page: Page) -> None:
        self.screen, self.page = screen, page

    async def enrol(self, register_name: str) -> None:
        """Have the tablet take PINs, as the owner who is signed in on it."""
        await self.page.goto("/settings")
        await self.page.get_by_role("button", name="Use this browser as a till").click()
        dialog = self.page.get_by_role("dialog")
        option = dialog.locator("option", has_text=register_name)
        await dialog.get_by_label("Till", exact=True).select_option(value=await option.get_attribute("value"))
        await dialog.get_by_label("What this device is called").fill("Tablet by the door")
        await dialog.get_by_role("button", name="Take PINs here").click()
        await expect(self.page.get_by_text("Tablet by the door takes PINs from now on")).to_be_visible()

    async def sign_in(self, name: str) -> None:
        """Choose a name and type the PIN."""
        await self.page.get_by_role("button", name=name).click()
        await expect(self.page.get_by_role("heading", name=f"PIN of {name}")).to_be_visible()
        await self.page.keyboard.type(PINS[name], delay=PERSON_MS)
        await self.page.keyboard.press("Enter")
        await expect(self.page.get_by_text(name, exact=False).first).to_be_visible()
        await expect(self.page.get_by_test_id("due")).to_be_visible()

    async def change_mind(self, name: str) -> None:
        """Choose a name, and go back from its PIN by keyboard alone."""
        await self.page.get_by_role("button", name=name).click()
        await expect(self.page.get_by_role("heading", name=f"PIN of {name}")).to_be_visible()
        self.screen.faults += await unreachable(self.page)
        await self.page.get_by_role("button", name="Another name").focus()
        await self.page.keyboard.press("Enter")
        await expect(self.page.get_by_role("heading", name="Who is at the till?")).to_be_visible()

    async def lock(self) -> None:
        """Leave the till to whoever comes next."""
        await self.page.get_by_role("button", name="Lock").click()
        await expect(self.page.get_by_role("heading", name="Who is at the till?")).to_be_visible()

    async def leave_alone(self) -> None:
        """Touch nothing for five minutes: the till locks."""
        await self.page.clock.install()
        await self.page.reload()
        await expect(self.page.get_by_test_id("due")).to_be_visible()
        await self.page.clock.fast_forward(IDLE_MS)
        await expect(self.page.get_by_role("heading", name="Who is at the till?")).to_be_visible()

    async def put(self, product: Product) -> None:
        """Put a product on the ticket."""
        await self.page.get_by_role("region", name="Products").get_by_role("button", name=product.name).click()

    async def look(self, what: str, least_px: int) -> None:
        """Have axe look at the page, and measure what fingers are to hit."""
        await self.screen.check(self.page, what)
        self.screen.faults += await audit(self.page, least_px)

    async def pay(self) -> None:
        """Take the exact money, as far as the till lets it through."""
        await self.page.keyboard.press("F9")
        await self.page.keyboard.press("Enter")

    async def see_it_sold(self) -> None:
        """Wait until the program has the sale: it is on its way for a moment when the next customer may come."""
        await expect(self.page.get_by_role("button", name="Next customer")).to_be_visible()
        await expect(self.page.get_by_text(RECEIPT)).to_be_visible()


async def hire(shop: BusyShop, stack: AsyncExitStack, name: str, role: str) -> None:
    """Invite somebody, who joins and sets a PIN in a browser of their own."""
    person: Client = await stack.enter_async_context(shop.program.client())
    await shop.hire(person, name, role, PASSWORD)
    await set_pin(person, PINS[name])


@pytest.mark.journey
async def test_an_idle_tab_leaves_the_session_to_the_tab_that_is_used(browser: Browser, busy_shop: BusyShop) -> None:
    till = await busy_shop.till()
    product = await busy_shop.first_product(till)
    async with AsyncExitStack() as stack:
        counter = await furnish(browser, busy_shop, stack, till)
        await counter.sign_in("Grace")
        # The clock is the window's: it goes on in both tabs.
        await counter.page.clock.install()
        await counter.page.reload()
        await counter.put(product)
        idle = Counter(counter.screen, await counter.screen.context.new_page())
        await idle.page.goto("/till")
        await expect(idle.page.get_by_test_id("due")).to_be_visible()

        await counter.page.clock.fast_forward(IDLE_MS // 2)
        await counter.page.keyboard.press("Shift")
        async with idle.page.expect_response("**/health/live"):
            await counter.page.clock.fast_forward(IDLE_MS * 2 // 3)
        await counter.pay()
        await counter.see_it_sold()
        await expect(idle.page.get_by_test_id("due")).to_be_visible()
        assert busy_shop.program.ask(SOLD, till.register_id) == [("Grace", 249, False)]

        # Once neither is touched, the till locks as ever.
        await counter.page.clock.fast_forward(IDLE_MS)
        await expect(counter.page.get_by_role("heading", name="Who is at the till?")).to_be_visible()
        assert counter.screen.faults == []


@pytest.mark.journey
async def test_a_till_locked_offline_is_signed_out_when_the_network_is_back(
    browser: Browser, busy_shop: BusyShop
) -> None:
    till = await busy_shop.till()
    async with AsyncExitStack() as stack:
        counter = await furnish(browser, busy_shop, stack, till)
        await counter.sign_in("Grace")
        # What Grace's cookie is worth, asked as a program would that found it.
        left: Client = await stack.enter_async_context(busy_shop.program.client())
        for cookie in await counter.screen.context.cookies():
            left.cookies.set(cookie["name"], cookie["value"])

        # Only the session is held up, so that the page itself can be loaded again.
        await hold_up(counter.page, SESSION)
        await counter.lock()
        await counter.page.reload()
        await expect(counter.page.get_by_role("heading", name="Who is at the till?")).to_be_visible()
        assert (await left.get("/api/v1/identity/session")).status_code == 200

        await counter.screen.context.set_offline(True)
        await counter.page.unroute(SESSION)
        async with counter.page.expect_response(lambda reply: reply.request.method == "DELETE"):
            await counter.screen.context.set_offline(False)
        assert (await left.get("/api/v1/identity/session")).status_code == 401
        assert counter.screen.faults == []


@pytest.mark.journey
async def test_two_cashiers_change_over_and_the_owner_approves_by_pin(browser: Browser, busy_shop: BusyShop) -> None:
    till = await busy_shop.till()
    product = await busy_shop.first_product(till)
    async with AsyncExitStack() as stack:
        counter = await furnish(browser, busy_shop, stack, till)
        await counter.look("names", TARGET_PX)

        await counter.change_mind("Joan")

        # Grace begins, and the back office is closed to her PIN.
        await counter.sign_in("Grace")
        await counter.page.goto("/account")
        await expect(counter.page.get_by_test_id("due")).to_be_visible()
        await counter.put(product)
        await counter.pay()
        await counter.see_it_sold()
        await counter.lock()

        # Joan takes over; her discount needs the owner, whose PIN is wrong at first.
        await counter.sign_in("Joan")
        await counter.put(product)
        await counter.page.keyboard.press("F6")
        await counter.page.get_by_role("button", name="10 %").click()
        await counter.pay()
        dialog = counter.page.get_by_role("dialog", name="Somebody must approve this")
        await expect(dialog).to_be_visible()
        await counter.look("approval", TILL_TARGET_PX)
        await approve(counter, busy_shop)
        await counter.see_it_sold()
        await expect(dialog).to_be_hidden()
        await counter.leave_alone()

        assert busy_shop.program.ask(SOLD, till.register_id) == [("Grace", 249, False), ("Joan", 224, True)]
        assert not counter.screen.faults, "\n".join(counter.screen.faults)


async def furnish(browser: Browser, shop: BusyShop, stack: AsyncExitStack, till: Till) -> Counter:
    """Put a tablet that takes PINs at a till, where two people sell who may give no discounts, and nobody is yet."""
    seller = {"id": str(ids.new_id()), "title": "Seller", "permissions": SELLS_ONLY}
    role = await created(shop.owner, "/api/v1/identity/roles", seller)
    await set_pin(shop.owner, OWNERS_PIN)
    # The shop is that of all journeys: they may be there already.
    people = (await shop.owner.get("/api/v1/identity/people", params={"limit": 200})).json()["items"]
    for name in PINS.keys() - {person["name"] for person in people}:
        await hire(shop, stack, name, role["key"])
    screen = await stack.enter_async_context(open_window(browser, shop.program.address))
    await watch_shifts(screen)
    await screen.adopt(await shop.browser())
    counter = Counter(screen, await screen.context.new_page())
    registers = (await shop.owner.get("/api/v1/pos/registers")).json()["items"]
    await counter.enrol(next(each["name"] for each in registers if each["id"] == str(till.register_id)))
    await screen.context.clear_cookies(name="__Host-tradepost")
    await counter.page.goto("/till")
    await expect(counter.page.get_by_role("heading", name="Who is at the till?")).to_be_visible()
    return counter


async def approve(counter: Counter, shop: BusyShop) -> None:
    """Approve as the owner, after a slip of the finger."""
    dialog = counter.page.get_by_role("dialog")
    name = (await shop.owner.get("/api/v1/identity/session")).json()["person"]["name"]
    await dialog.get_by_role("button", name=name).click()
    for digit in "9999":
        await dialog.get_by_role("button", name=digit, exact=True).click()
    await dialog.get_by_role("button", name="OK").click()
    await expect(dialog.get_by_text("The PIN is wrong.")).to_be_visible()
    await counter.page.keyboard.type(OWNERS_PIN, delay=PERSON_MS)
    await counter.page.keyboard.press("Enter")
