"""My account in two browsers: one device signs the other out, another password, and a link when it is lost."""

import pytest
from browsing import Screen, open_window
from playwright.async_api import Browser, Page, expect
from shopfloor.busy import BusyShop

from mainstay.testing.client import Client

FIRST, SECOND, THIRD = "three quiet green trains", "four slow yellow boats", "five round silver bells"
BRIEF = "Sign me out when the browser closes"


async def sign_in(page: Page, email: str, password: str, *, is_brief: bool = False) -> None:
    """Sign in by the form."""
    await page.goto("/sign-in")
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill(password)
    await page.get_by_label(BRIEF).set_checked(is_brief)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page.get_by_role("navigation", name="Main navigation")).to_be_visible()


async def is_signed_out(page: Page, link: str) -> None:
    """See that the next click of a device shows the sign-in page."""
    await page.get_by_role("link", name=link, exact=True).click()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


async def change_password(page: Page) -> None:
    """Change the password, with what people get wrong on the way."""
    await page.get_by_role("button", name="Change password").click()
    dialog = page.get_by_role("dialog")
    button, verdict = dialog.get_by_role("button", name="Change password"), dialog.get_by_test_id("password-verdict")
    await dialog.get_by_label("Present password").fill("not the present one")
    for password, words in (
        ("short", "5 characters, at least 15"),
        ("qwertqwertqwertqwert", "It repeats itself or only counts on"),
        ("Gwen at the counter", "Leave out names"),
        ("tradepost is for sale", "Leave out names"),
        ("correct horse battery staple", "It is among those that were stolen"),
    ):
        await dialog.get_by_label("New password").fill(password)
        await expect(verdict).to_contain_text(words)
        await expect(button).to_be_disabled()
    await dialog.get_by_label("New password").fill(SECOND)
    await expect(verdict).to_have_text("Good")
    await button.click()
    await expect(dialog.get_by_role("alert")).to_have_text("This is not your present password.")
    await dialog.get_by_label("Present password").fill(FIRST)
    await button.click()
    await expect(page.get_by_text("Your password is changed.")).to_be_visible()
    await expect(dialog).to_have_count(0)


@pytest.mark.journey
@pytest.mark.practice(28)
async def test_one_device_signs_the_other_out_and_another_password_does_too(
    browser: Browser, busy_shop: BusyShop
) -> None:
    program = busy_shop.program
    async with (
        program.client() as guest,
        open_window(browser, program.address) as one,
        open_window(browser, program.address) as two,
    ):
        email = await busy_shop.hire(guest, "Gwen", "manager", FIRST)
        await guest.delete("/api/v1/identity/session")
        first, second = await one.context.new_page(), await two.context.new_page()
        await sign_in(first, email, FIRST)
        await sign_in(second, email, FIRST)

        # One of two devices is revoked; its next click shows the sign-in page.
        await first.get_by_role("link", name="Gwen").click()
        await expect(first.get_by_role("heading", name="My account")).to_be_visible()
        await expect(first.get_by_text("This device", exact=True)).to_have_count(1)
        await first.get_by_role("button", name="Sign out Chrome on Linux").click()
        await expect(first.get_by_text("You are signed in nowhere else.")).to_be_visible()
        await is_signed_out(second, "Contacts")

        # Signed in until the browser closes: the cookie is not kept.
        await sign_in(second, email, FIRST, is_brief=True)
        assert await lifetimes(one) == {"__Host-tradepost": True, "__Host-tradepost-device": True}
        assert await lifetimes(two) == {"__Host-tradepost": False, "__Host-tradepost-device": True}

        # Another password signs every other device out, and this one goes on.
        await change_password(first)
        await is_signed_out(second, "Contacts")
        await first.get_by_role("link", name="Contacts", exact=True).click()
        await expect(first.get_by_role("heading", name="Contacts")).to_be_visible()

        await reset(busy_shop.owner, email, second)
        await is_signed_out(first, "Catalogue")
        await sign_in(second, email, THIRD)
        assert not one.faults + two.faults
    log = program.log_path.read_text()
    assert not [secret for secret in (FIRST, SECOND, THIRD, "qwertqwert", "horse battery") if secret in log]


async def lifetimes(screen: Screen) -> dict[str, bool]:
    """Say of each cookie whether the browser keeps it when it closes."""
    return {each["name"]: each["expires"] > 0 for each in await screen.context.cookies()}


async def reset(owner: Client, email: str, page: Page) -> None:
    """Set a new password by a link that the owner makes."""
    people = (await owner.get("/api/v1/identity/people")).json()["items"]
    gwen = next(person["id"] for person in people if person["email"] == email)
    link = (await owner.post(f"/api/v1/identity/people/{gwen}/reset-link")).json()["link_path"]
    await page.goto(link)
    await page.get_by_label("New password").fill(THIRD)
    await page.get_by_role("button", name="Set password").click()
    await expect(page.get_by_role("heading", name="Your new password is set")).to_be_visible()
