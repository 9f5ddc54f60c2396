"""Ways in that people open themselves, in a browser: a new password by mail, and signing up with approval."""

import asyncio
import re
from collections.abc import Callable

import pytest
from browsing import DESK, PHONE, Screen, open_window
from browsing.audit import TARGET_PX, audit, sticking_out, unreachable, watch_shifts
from factor_calls import PASSWORD, become_owner, enrol_app
from playwright.async_api import Browser, Page, expect
from shopfloor.busy import BusyShop

from mainstay import clock
from mainstay.testing.client import Client
from mainstay.testing.process import ProgramProcess

StartProgram = Callable[..., ProgramProcess]
NEW, IVYS = "seven calm orange foxes", "nine brave silver kites"
PATIENCE = 60.0
# On how many lines the text of an element stands.
LINES = """
(one) => {
  const range = document.createRange();
  range.selectNodeContents(one);
  return range.getClientRects().length;
}
"""
MAILBOX = "/api/v1/mail/mailbox"


async def mailed(owner: Client, subject: str, *, to: str) -> str:
    """Wait for a mail in the mailbox of development, and return its text."""
    deadline = clock.monotonic() + PATIENCE
    while True:
        items = (await owner.get(MAILBOX)).json()["items"]
        found = [item["id"] for item in items if item["subject"] == subject and to in item["recipient"]]
        if found:
            return (await owner.get(f"{MAILBOX}/{found[0]}/text")).text
        assert clock.monotonic() < deadline, f"no mail “{subject}”"
        await asyncio.sleep(0.1)


def path_in(text: str) -> str:
    """Return the page and the token of a mail's link."""
    found = re.search(r"^http://localhost:\d+(/\S+#\S+)$", text.replace("\r", ""), re.MULTILINE)
    assert found is not None, text
    return found[1]


async def look(screen: Screen, page: Page, what: str) -> None:
    """Note what is wrong with a screen, on a desk in both schemes, on a phone, and for the keyboard."""
    await screen.check(page, what)
    size = page.viewport_size
    assert size is not None
    screen.faults += [f"{what}: {fault}" for fault in await audit(page, TARGET_PX)]
    await page.set_viewport_size(PHONE)
    await screen.check(page, f"{what} on a phone", "light")
    on_phone = await audit(page, TARGET_PX) + await sticking_out(page)
    screen.faults += [f"{what} on a phone: {fault}" for fault in on_phone]
    await page.set_viewport_size(size)
    screen.faults += [f"{what}: {fault}" for fault in await unreachable(page)]


async def see(page: Page, heading: str) -> None:
    await expect(page.get_by_role("heading", name=heading)).to_be_visible()


async def sign_in(page: Page, email: str, password: str) -> None:
    await page.goto("/sign-in")
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name="Sign in", exact=True).click()


async def inside(page: Page) -> None:
    await expect(page.get_by_role("navigation", name="Main navigation")).to_be_visible()


@pytest.mark.journey
@pytest.mark.practice(22, 90)
async def test_a_forgotten_password_is_set_anew_by_mail_and_the_second_factor_is_asked_as_ever(
    browser: Browser, busy_shop: BusyShop
) -> None:
    program = busy_shop.program
    async with program.client() as ada, open_window(browser, program.address) as screen:
        await watch_shifts(screen)
        email = await busy_shop.hire(ada, "Ada", "manager", PASSWORD)
        app = await enrol_app(ada)
        page = await screen.context.new_page()
        await page.goto("/sign-in")
        await expect(page.get_by_text("Sign up")).to_have_count(0)
        await page.get_by_role("link", name="Forgot your password?").click()
        await page.get_by_label("E-mail").fill(email)
        await look(screen, page, "forgotten")
        await page.get_by_role("button", name="Send the link").click()
        await see(page, "Look into your mailbox")
        await look(screen, page, "forgotten, asked")

        link = path_in(await mailed(busy_shop.owner, "Set a new password for Tradepost", to=email))
        await page.goto(link)
        await page.get_by_label("New password").fill(NEW)
        await page.get_by_role("button", name="Set password").click()
        await see(page, "Your new password is set")
        await sign_in(page, email, NEW)
        await see(page, "One more step")
        await page.get_by_label("Code of the app").fill(app.code(1))
        await page.get_by_role("button", name="Continue").click()
        await inside(page)

        # The link is used up, which the page says with a way on.
        await page.goto("about:blank")
        await page.goto(link)
        await see(page, "This link does not work any more")
        await look(screen, page, "a used link")
        await expect(page.get_by_role("link", name="Ask for a new link")).to_be_visible()
        assert not screen.faults, "\n".join(screen.faults)
    token = link.partition("#")[2]
    assert token not in program.log_path.read_text() + program.notes()


@pytest.mark.journey
@pytest.mark.practice(22)
async def test_without_mails_the_page_says_who_can_help(browser: Browser, start_program: StartProgram) -> None:
    program = start_program(TRADEPOST_ENVIRONMENT="test")
    async with open_window(browser, program.address) as screen:
        await watch_shifts(screen)
        page = await screen.context.new_page()
        await page.goto("/forgot")

        await expect(page.get_by_text("Ask an owner, or somebody else who manages people")).to_be_visible()
        await expect(page.get_by_role("textbox")).to_have_count(0)
        await look(screen, page, "forgotten, without mails")
        await page.goto("/sign-up")
        await see(page, "There is no such page")
        assert not screen.faults, "\n".join(screen.faults)


@pytest.mark.journey
@pytest.mark.practice(22, 90)
async def test_somebody_signs_up_confirms_waits_is_approved_and_signs_in(
    browser: Browser, start_program: StartProgram
) -> None:
    program = start_program("--sample", TRADEPOST_IDENTITY_SIGN_UP="true")
    async with (
        program.client() as ada,
        open_window(browser, program.address) as screen,
        open_window(browser, program.address) as office,
    ):
        await watch_shifts(screen)
        await watch_shifts(office)
        await become_owner(ada, program.owner_token())
        await office.adopt(ada)
        page, people = await screen.context.new_page(), await office.context.new_page()
        await sign_up(screen, page)
        await page.goto(path_in(await mailed(ada, "Confirm your address for Tradepost", to="ivy@shop.example")))
        await confirm(screen, page)
        await sign_in(page, "ivy@shop.example", IVYS)
        await expect(page.get_by_role("alert")).to_contain_text("waits for somebody to approve it")
        await look(screen, page, "waiting")

        await approve(office, people)
        await mailed(ada, "Welcome to Tradepost", to="ivy@shop.example")
        await page.get_by_role("button", name="Sign in", exact=True).click()
        await inside(page)
        assert not screen.faults + office.faults, "\n".join(screen.faults + office.faults)


async def sign_up(screen: Screen, page: Page) -> None:
    """Sign up by the form."""
    await page.goto("/sign-in")
    await page.get_by_role("link", name="No account yet? Sign up").click()
    await page.get_by_label("Your name").fill("Ivy")
    await page.get_by_label("E-mail").fill("ivy@shop.example")
    await page.get_by_label("Password").fill("ivyivyivyivyivyivy")
    await expect(page.get_by_role("button", name="Sign up")).to_be_disabled()
    await page.get_by_label("Password").fill(IVYS)
    await expect(page.get_by_test_id("password-verdict")).to_have_text("Strong")
    await look(screen, page, "signing up")
    await page.get_by_role("button", name="Sign up").click()
    await see(page, "Look into your mailbox")
    await look(screen, page, "signed up")


async def confirm(screen: Screen, page: Page) -> None:
    """Confirm the address, first with a password of somebody else."""
    await see(page, "Confirm your address")
    await page.get_by_label("The password that you chose").fill(PASSWORD)
    await page.get_by_role("button", name="Confirm the address").click()
    await expect(page.get_by_text("This is not the password that you chose")).to_be_visible()
    await look(screen, page, "confirming")
    await page.get_by_label("The password that you chose").fill(IVYS)
    await page.get_by_role("button", name="Confirm the address").click()
    await see(page, "Your address is confirmed")
    await look(screen, page, "confirmed")


async def approve(office: Screen, page: Page) -> None:
    """Approve who waits."""
    await page.goto("/settings")
    await expect(page.get_by_text("ivy@shop.example")).to_be_visible()
    await look(office, page, "who waits")
    await page.set_viewport_size(PHONE)
    assert await page.get_by_text("ivy@shop.example").evaluate(LINES) == 1, "the address breaks inside a word"
    await page.set_viewport_size(DESK)
    await page.get_by_role("button", name="Refuse Ivy").click()
    await expect(page.get_by_role("dialog", name="Refuse Ivy")).to_be_visible()
    await look(office, page, "refusing")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Approve Ivy").click()
    dialog = page.get_by_role("dialog", name="Approve Ivy")
    await dialog.get_by_label("Role").select_option("employee")
    await look(office, page, "approving")
    await dialog.get_by_role("button", name="Approve", exact=True).click()
    await expect(page.get_by_text("Nobody waits")).to_be_visible()
