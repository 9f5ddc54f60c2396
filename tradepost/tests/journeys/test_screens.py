"""Every screen in a browser: nothing is refused by the content security policy, and axe finds nothing; phone too."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest
from browsing import DESK, PHONE, Screen, open_screen
from playwright.async_api import Page, expect
from shopfloor import Till, created, line_in, product_factory, sale_in, sell, tender_in

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.testing.process import ProgramProcess

StartProgram = Callable[..., ProgramProcess]
EMAIL, PASSWORD = "olga@shop.example", "three quiet green trains"
# What opens over the till, by key.
OVERLAYS = {"?": "keys", "*": "quantity", "F4": "line discount", "F6": "ticket discount", "F10": "sell first"}


@dataclass(frozen=True, slots=True)
class Walked:
    """What the screens show: a till with a sale, an invitation, and an import with a rejected row."""

    till: Till
    sale_id: str
    invitation: str
    import_id: str
    product_id: UUID


@pytest.mark.journey
@pytest.mark.practice(2)
async def test_every_screen_and_the_docs_keep_the_policy_and_are_accessible(start_program: StartProgram) -> None:
    program = start_program("--sample")
    async with program.client() as owner, open_screen(program.address) as screen:
        walked = await prepare(owner, program)
        page = await screen.context.new_page()
        await walk_outside(screen, page, walked)
        await sign_in(page)
        for path in pages_of(walked):
            await page.goto(path)
            await settled(page)
            await screen.check(page, path)
            await fits_a_phone(screen, page, path)
        await walk_the_overlays(screen, page, walked)
        await walk_the_docs(page)
        assert screen.faults == []


async def prepare(owner: Client, program: ProgramProcess) -> Walked:
    """Make what the screens show, through the front door."""
    body = {"token": program.owner_token(), "name": "Olga", "email": EMAIL, "password": PASSWORD}
    owner.adopt(await owner.post("/api/v1/identity/invitations/accept", json=body))
    register = (await owner.get("/api/v1/pos/registers")).json()["items"][0]
    till = Till(UUID(register["store_id"]), UUID(register["id"]), ids.new_id())
    shift = {"id": str(till.shift_id), "register_id": str(till.register_id), "float_minor": 10000}
    await created(owner, "/api/v1/pos/shifts", shift)
    product = await product_factory(owner, till)(stock="10", barcode="6291041500213")
    lines = [line_in(product, "2", discount={"kind": "percent", "value": "10"})]
    sold = await sell(owner, sale_in(till, lines, 448, tenders=[tender_in(500)]))
    guest = {"id": str(ids.new_id()), "name": "Grace", "email": "grace@shop.example", "role": "cashier"}
    invited = await created(owner, "/api/v1/identity/invitations", guest)
    return Walked(till, sold["id"], invited["link_path"], await bad_import(owner, till), product.id)


async def bad_import(owner: Client, till: Till) -> str:
    """Import a file with a row that is rejected."""
    key = str(ids.new_id())
    query = {"id": key, "filename": "things.csv", "store_id": str(till.store_id)}
    content = b"barcode,name,price,tax_rate,stock\n,Thing,1.50,20,3\n,No price,,20,3\n"
    answer = await owner.post(
        "/api/v1/catalog/imports", params=query, content=content, headers={"Content-Type": "text/csv"}
    )
    assert answer.status_code == 202, answer.text
    return key


def pages_of(walked: Walked) -> list[str]:
    """Return the address of every page for people who are signed in."""
    return [
        "/numbers",
        f"/catalogue?product={walked.product_id}",
        "/catalogue/imports",
        f"/catalogue/imports/{walked.import_id}",
        f"/sales?sale={walked.sale_id}",
        "/shifts",
        "/settings",
        f"/receipt/{walked.sale_id}",
        f"/till/{walked.till.register_id}",
        "/till",
        "/no-such-page",
    ]


async def settled(page: Page) -> None:
    """Wait until the page shows its content."""
    await expect(page.locator("h1, h2").first).to_be_visible()
    await expect(page.locator(".skeleton")).to_have_count(0)


async def fits_a_phone(screen: Screen, page: Page, what: str) -> None:
    """Note a page that is wider than a phone, and what axe finds there."""
    await page.set_viewport_size(PHONE)
    wide = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if wide > 0:
        screen.faults.append(f"{what}: {wide} px too wide for a phone")
    await screen.check(page, f"{what} on a phone", "light")
    await page.set_viewport_size(DESK)


async def walk_outside(screen: Screen, page: Page, walked: Walked) -> None:
    """See the pages for people who are not signed in."""
    for path, heading in {
        "/sign-in": "Sign in",
        walked.invitation: "Join the shop",
        "/setup#used": "This link does not work any more",
    }.items():
        await page.goto("about:blank")
        await page.goto(path)
        await expect(page.get_by_role("heading", name=heading)).to_be_visible()
        await screen.check(page, path.partition("#")[0])
        await fits_a_phone(screen, page, path.partition("#")[0])


async def sign_in(page: Page) -> None:
    """Sign in by the form."""
    await page.goto("/")
    await page.get_by_label("E-mail").fill(EMAIL)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("navigation", name="Main navigation")).to_be_visible()


async def walk_the_overlays(screen: Screen, page: Page, walked: Walked) -> None:
    """Open what lies over the pages: search, new product, the till's dialogs and both ways to pay."""
    await page.goto("/catalogue")
    await settled(page)
    await page.get_by_role("button", name="New product").click()
    await in_dialog(screen, page, "new product")
    await page.keyboard.press("Control+k")
    await page.keyboard.type("thing")
    await in_dialog(screen, page, "search")
    await page.goto(f"/till/{walked.till.register_id}")
    await page.get_by_role("region", name="Products").get_by_role("listitem").get_by_role("button").first.click()
    await expect(page.get_by_role("list", name="Lines of the ticket")).to_be_visible()
    for key, what in OVERLAYS.items():
        await page.keyboard.press(key)
        await in_dialog(screen, page, what)
    for key, field in {"F8": "On the card", "F9": "Given"}.items():
        await page.keyboard.press(key)
        await expect(page.get_by_label(field)).to_be_visible()
        await screen.check(page, field)
        await fits_a_phone(screen, page, field)


async def in_dialog(screen: Screen, page: Page, what: str) -> None:
    """Check the dialog that is open, and close it."""
    await expect(page.get_by_role("dialog")).to_be_visible()
    await screen.check(page, what)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def walk_the_docs(page: Page) -> None:
    """See that the API's documentation works: an operation opens and tells its replies."""
    await page.goto("/api/docs")
    operation = page.locator(".opblock", has_text="/api/v1/pos/sales").first
    await operation.locator("button").first.click()
    await expect(operation.get_by_text("Responses").first).to_be_visible()
