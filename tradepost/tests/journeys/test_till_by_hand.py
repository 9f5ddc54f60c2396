"""A whole sale by each hand alone: the keyboard, the finger, the scanner; and every key of the list does its work."""

import re
from collections.abc import Awaitable, Callable

import pytest
from browsing.till import RECEIPT, TillScreen, open_till
from playwright.async_api import Browser, ViewportSize, expect
from shopfloor import Product
from shopfloor.busy import BusyShop, some_barcode

# A person's keys; quicker ones are a scanner's.
PERSON_MS = 60
TABLET = ViewportSize(width=1024, height=768)
# One press of a layout on which the key Z types я.
RUSSIAN_UNDO = """
() => document.activeElement.dispatchEvent(
  new KeyboardEvent("keydown", { key: "я", code: "KeyZ", ctrlKey: true, bubbles: true, cancelable: true }))
"""


@pytest.mark.journey
async def test_a_whole_sale_by_the_keyboard_alone(browser: Browser, busy_shop: BusyShop) -> None:
    async with open_till(browser, busy_shop) as till:
        first, second = [await busy_shop.product(till.till, stock="9") for _ in range(2)]
        await till.load()
        keyboard = till.page.keyboard

        for product in (first, second):
            await keyboard.type(product.name, delay=PERSON_MS)
            await keyboard.press("Enter")
            await expect(till.lines.filter(has_text=product.name)).to_be_visible()
        await keyboard.press("+")
        # 2.49 and twice 2.49, first less a half, then less ten percent.
        for percent, due in {"50": "€4.98", "10": "€6.97"}.items():
            await keyboard.press("F4")
            await keyboard.type(percent)
            await keyboard.press("Enter")
            await expect(till.due).to_have_text(due)
        await keyboard.press("F9")
        await keyboard.type("10")
        await keyboard.press("Enter")

        await expect(till.page.get_by_test_id("change")).to_have_text("€3.03")
        await expect(till.page.get_by_text(RECEIPT)).to_be_visible()
        await keyboard.press("Enter")
        await expect(till.due).to_have_text("€0.00")
        assert till.sold() == [(697, 303)]
        assert till.screen.faults == []


@pytest.mark.journey
async def test_a_whole_sale_by_touch_alone(browser: Browser, busy_shop: BusyShop) -> None:
    async with open_till(browser, busy_shop, has_touch=True, viewport=TABLET) as till:
        product = await busy_shop.first_product(till.till)
        await till.load()

        await till.tile(product).tap()
        await till.page.get_by_role("button", name="One more").tap()
        await expect(till.due).to_have_text("€4.98")
        await till.page.get_by_role("button", name=re.compile("^Cash")).tap()
        await till.page.get_by_role("button", name="€5.00").tap()

        await expect(till.page.get_by_test_id("change")).to_have_text("€0.02")
        await expect(till.page.get_by_text(RECEIPT)).to_be_visible()
        await till.page.get_by_role("button", name="Next customer").tap()
        await expect(till.due).to_have_text("€0.00")
        assert till.sold() == [(498, 2)]
        assert till.screen.faults == []


@pytest.mark.journey
async def test_two_whole_sales_by_the_scanner_alone(browser: Browser, busy_shop: BusyShop) -> None:
    async with open_till(browser, busy_shop) as till:
        code = some_barcode()
        product = await busy_shop.product(till.till, barcode=code)
        await till.load()

        for command in ("TILL-CASH", "TILL-CARD"):
            await till.scan(code)
            await expect(till.lines).to_contain_text(product.name)
            await till.scan(command)
            await expect(till.page.get_by_text(RECEIPT)).to_be_visible()

        assert till.sold() == [(249, 0), (249, 0)]
        assert till.screen.faults == []


@pytest.mark.journey
async def test_the_list_of_keys_is_what_the_till_does(browser: Browser, busy_shop: BusyShop) -> None:
    async with open_till(browser, busy_shop) as till:
        products = [await busy_shop.first_product(till.till) for _ in range(2)]
        await till.load()
        await till.page.keyboard.press("?")
        listed = await till.page.get_by_role("dialog", name="Keys").locator("dt").all_inner_texts()
        await till.page.keyboard.press("Escape")
        for product in products:
            await till.tile(product).click()
        await expect(till.lines).to_have_count(2)

        steps = KeyProofs(till, products[0]).by_key()
        assert listed == list(steps)
        for shown, step in steps.items():
            await till.page.get_by_role("region", name="Ticket").click(position={"x": 8, "y": 8})
            try:
                await step()
            except AssertionError as failure:
                raise AssertionError(f"{shown} does not do what the list says") from failure
        assert till.screen.faults == []


class KeyProofs:
    """What proves each key of the list; each leaves the ticket of two lines as it was, until it is paid."""

    def __init__(self, till: TillScreen, product: Product) -> None:
        self._till = till
        self._product = product
        self._page = till.page
        self._press = till.page.keyboard.press

    def by_key(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """Return the proofs in the list's order."""
        return {
            "F2": self.find,
            "↑ ↓": self.choose,
            "+ −": self.change_quantity,
            "*": lambda: self.opens("*", "^100 % "),
            "Del": self.take_off,
            "Ctrl Z": self.put_back,
            "F4": lambda: self.opens("F4", "Discount on "),
            "F6": lambda: self.opens("F6", "Discount on the ticket"),
            "F9": lambda: self.tender("F9", "Given"),
            "F8": lambda: self.tender("F8", "On the card"),
            "Enter": self.pay,
            "Esc": self.go_back,
            "F7": lambda: self.opens("F7", "Which sale is it"),
            "F10": lambda: self.opens("F10", "Close shift"),
            "?": lambda: self.opens("?", "Keys"),
        }

    async def opens(self, key: str, dialog: str) -> None:
        await self._press(key)
        await expect(self._page.get_by_role("dialog", name=re.compile(dialog))).to_be_visible()
        await self._press("Escape")
        await expect(self._page.get_by_role("dialog")).to_have_count(0)

    async def find(self) -> None:
        await self._press("F2")
        await expect(self._page.get_by_role("searchbox", name="Find a product")).to_be_focused()

    async def choose(self) -> None:
        for key, line in {"ArrowUp": 0, "ArrowDown": 1}.items():
            await self._press(key)
            chosen = self._till.lines.nth(line).get_by_role("button").first
            await expect(chosen).to_have_attribute("aria-current", "true")

    async def change_quantity(self) -> None:
        for key, quantity in {"+": "2 ×", "-": "1 ×"}.items():
            await self._press(key, delay=PERSON_MS)
            await expect(self._till.lines.nth(1)).to_contain_text(quantity)

    async def take_off(self) -> None:
        await self._press("Delete")
        await expect(self._till.lines).to_have_count(1)

    async def put_back(self) -> None:
        await self._press("Control+z")
        await expect(self._till.lines).to_have_count(2)
        await self.take_off()
        await self._page.evaluate(RUSSIAN_UNDO)
        await expect(self._till.lines).to_have_count(2)

    async def tender(self, key: str, field: str) -> None:
        await self._press(key)
        await expect(self._page.get_by_label(field)).to_be_focused()
        await self._press("Escape")
        await expect(self._till.lines).to_have_count(2)

    async def pay(self) -> None:
        await self._press("F9")
        await self._press("Enter")
        await expect(self._page.get_by_test_id("change")).to_be_visible()
        await self._press("Enter")
        await expect(self._till.due).to_have_text("€0.00")

    async def go_back(self) -> None:
        await self._till.tile(self._product).click()
        await self._press("F8")
        await expect(self._page.get_by_label("On the card")).to_be_visible()
        await self._press("Escape")
        await expect(self._till.lines).to_have_count(1)
