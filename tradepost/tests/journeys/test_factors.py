"""Second factors in a browser: an app and its recovery codes, a passkey beside and instead of the password."""

import asyncio
import re

import pytest
from authenticator import App
from browsing import PHONE, Screen, open_window
from browsing.audit import TARGET_PX, audit, sticking_out, watch_shifts
from playwright.async_api import Browser, Locator, Page, expect
from shopfloor.busy import BusyShop

from mainstay import clock
from mainstay.testing.process import ProgramProcess

PASSWORD = "three quiet green trains"
# A device that has keys of its own and knows its person, as a phone with a fingerprint reader.
PHONE_WITH_FINGER = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
SESSION = "async () => (await (await fetch('/api/v1/identity/session')).json()).factor"
# As if the person had given the second factor long ago.
STALE = """
UPDATE identity_session SET factor_at = NULL WHERE person_id = (SELECT id FROM identity_person WHERE email = %s)
"""
MUST_HAVE = "INSERT INTO identity_factor_policy (role) VALUES ('employee')"
NEED_NOT = "DELETE FROM identity_factor_policy WHERE role = 'employee'"
WITHIN = 10.0


@pytest.mark.journey
@pytest.mark.practice(29)
async def test_an_app_is_set_up_signed_in_with_and_stood_in_for_by_a_recovery_code(
    browser: Browser, busy_shop: BusyShop
) -> None:
    program = busy_shop.program
    async with open_window(browser, program.address, permissions=["clipboard-write"]) as screen:
        await watch_shifts(screen)
        page = await screen.context.new_page()
        email = await join(busy_shop, page, "manager")
        await page.goto("/account")
        app = await set_up_the_app(screen, page)
        codes = await make_codes(screen, page)
        await sign_out(page)
        await sign_in_by_code(screen, page, app, email)
        await sign_out(page)
        await sign_in_without_the_phone(page, email, codes[0])
        program.ask(STALE, email)
        await confirm_and_remove(screen, page, codes[1])
        assert not screen.faults, "\n".join(screen.faults)
    logged = program.log_path.read_text()
    assert not [secret for secret in (*codes, app.text) if secret in logged]


@pytest.mark.journey
@pytest.mark.practice(29)
async def test_a_passkey_is_a_second_factor_and_the_only_one(browser: Browser, busy_shop: BusyShop) -> None:
    program = busy_shop.program
    async with open_window(browser, program.address) as screen:
        await watch_shifts(screen)
        page = await screen.context.new_page()
        device = await screen.context.new_cdp_session(page)
        await device.send("WebAuthn.enable")
        await device.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE_WITH_FINGER})
        email = await join(busy_shop, page, "employee")

        await set_up_a_passkey_that_must_be(screen, page, program)
        await page.goto("/account")
        await expect(page.get_by_text("Ada's phone", exact=True)).to_be_visible()
        await look(screen, page, "passkeys")
        await sign_out(page)

        await give_password(page, email)
        await page.get_by_role("button", name="Use a passkey").click()
        await inside(page)
        await sign_out(page)

        await page.goto("/sign-in")
        await page.get_by_role("button", name="Sign in with a passkey").click()
        await inside(page)
        assert not screen.faults, "\n".join(screen.faults)


async def set_up_a_passkey_that_must_be(screen: Screen, page: Page, program: ProgramProcess) -> None:
    """The role must have a factor: nothing else is there until it is set up."""
    program.ask(MUST_HAVE)
    try:
        await known_as(page, "lacking")
        await page.goto("/settings")
        await expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
        await look(screen, page, "a factor that must be")
        await page.get_by_role("button", name="Add a passkey").click()
        await page.get_by_label("A name to tell it by").fill("Ada's phone")
        await page.get_by_role("dialog").get_by_role("button", name="Continue").click()
        await inside(page)
    finally:
        program.ask(NEED_NOT)


async def sign_in_by_code(screen: Screen, page: Page, app: App, email: str) -> None:
    """Sign in with the app's next code: the present one was used to confirm."""
    await give_password(page, email)
    await expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    await look(screen, page, "the second step")
    await page.get_by_label("Code of the app").fill("000000")
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("alert")).to_contain_text("That was not accepted")
    await page.get_by_label("Code of the app").fill(app.code(1))
    await page.get_by_role("button", name="Continue").click()
    await inside(page)


async def sign_in_without_the_phone(page: Page, email: str, code: str) -> None:
    """Sign in with a recovery code, because the phone is lost."""
    await give_password(page, email)
    await page.get_by_role("button", name="Use a recovery code").click()
    await page.get_by_label("Recovery code").fill(code)
    await page.get_by_role("button", name="Continue").click()
    await inside(page)
    await page.goto("/account")
    await expect(page.get_by_text("9 codes are left")).to_be_visible()


async def confirm_and_remove(screen: Screen, page: Page, code: str) -> None:
    """Remove the app, which asks for a factor once more and goes on by itself."""
    await known_as(page, "stale")
    await page.get_by_role("button", name="Remove the app").click()
    dialog = page.get_by_role("dialog", name="Confirm that it is you")
    await expect(dialog).to_be_visible()
    await look(screen, page, "the factor once more")
    await dialog.get_by_role("button", name="Use a recovery code").click()
    await dialog.get_by_label("Recovery code").fill(code)
    await dialog.get_by_role("button", name="Continue").click()
    await expect(page.get_by_text("Not set up")).to_be_visible()


async def join(shop: BusyShop, page: Page, role: str) -> str:
    """Have Ada join, and sign her in with her password; return her address."""
    async with shop.program.client() as elsewhere:
        email = await shop.hire(elsewhere, "Ada", role, PASSWORD)
    await give_password(page, email)
    await inside(page)
    return email


async def give_password(page: Page, email: str) -> None:
    """Take the first step of signing in."""
    await page.goto("/sign-in")
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()


async def inside(page: Page) -> None:
    """See that somebody is signed in."""
    await expect(page.get_by_role("navigation", name="Main navigation")).to_be_visible()


async def sign_out(page: Page) -> None:
    """Sign out by the button."""
    await page.get_by_role("button", name="Sign out", exact=True).click()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


class KnownApp(App):
    """An app with its key as it was shown."""

    text = ""


async def set_up_the_app(screen: Screen, page: Page) -> KnownApp:
    """Set the app up by the key in text."""
    await page.get_by_role("button", name="Set up an authenticator app").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_alt_text("QR code")).to_be_visible()
    await drawn(dialog.get_by_alt_text("QR code"))
    await look(screen, page, "setting up an app")
    shown = dialog.locator("p", has_text=re.compile("^[A-Z2-7]{4}( [A-Z2-7]{4}){7}$"))
    key = (await shown.inner_text()).replace(" ", "")
    app = KnownApp(f"otpauth://totp/x?secret={key}")
    app.text = key
    await dialog.get_by_label("Code of the app").fill(app.code())
    await dialog.get_by_role("button", name="Confirm").click()
    await expect(dialog).to_have_count(0)
    await expect(page.get_by_role("button", name="Remove the app")).to_be_visible()
    return app


async def drawn(picture: Locator) -> None:
    """See that the policy let the picture be drawn."""
    assert await picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 0


async def make_codes(screen: Screen, page: Page) -> list[str]:
    """Make recovery codes and read them."""
    await page.get_by_role("button", name="Make new recovery codes").click()
    dialog = page.get_by_role("dialog", name="Recovery codes")
    await expect(dialog.get_by_role("listitem")).to_have_count(10)
    await look(screen, page, "recovery codes")
    codes = await dialog.get_by_role("listitem").all_inner_texts()
    await dialog.get_by_role("button", name="I have kept them").click()
    await expect(dialog).to_have_count(0)
    return codes


async def look(screen: Screen, page: Page, what: str) -> None:
    """Note what is wrong with a screen, on a desk in both schemes and on a phone."""
    await screen.check(page, what)
    size = page.viewport_size
    assert size is not None
    screen.faults += [f"{what}: {fault}" for fault in await audit(page, TARGET_PX)]
    await page.set_viewport_size(PHONE)
    await screen.check(page, f"{what} on a phone", "light")
    screen.faults += [f"{what} on a phone: {fault}" for fault in await sticking_out(page)]
    await page.set_viewport_size(size)


async def known_as(page: Page, state: str) -> None:
    """Wait until the program's memory of the session has run out."""
    deadline = clock.monotonic() + WITHIN
    while await page.evaluate(SESSION) != state:
        assert clock.monotonic() < deadline, f"the factor is not {state}"
        await asyncio.sleep(0.1)
