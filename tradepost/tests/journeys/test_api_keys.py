"""An API key in a browser: made on the page My account, used by a program, revoked, and dead."""

import httpx2
import pytest
from browsing import Screen, open_window
from playwright.async_api import Browser, Page, expect
from shopfloor.busy import BusyShop

from mainstay.testing.process import ProgramProcess


@pytest.mark.journey
@pytest.mark.practice(25)
async def test_a_key_is_made_shown_once_used_and_revoked(browser: Browser, busy_shop: BusyShop) -> None:
    program = busy_shop.program
    async with open_window(browser, program.address) as screen:
        await screen.adopt(busy_shop.owner)
        page = await screen.context.new_page()
        key = await make_a_key(screen, page)
        assert await ask_for_products(program, key) == 200
        await see_it_in_the_list(screen, page)
        await revoke_it(screen, page)
        assert await ask_for_products(program, key) == 401
        assert screen.faults == []
    assert key not in program.log_path.read_text()


async def make_a_key(screen: Screen, page: Page) -> str:
    """Make a key that reads the catalogue, and take it down: it is shown this once."""
    await page.goto("/account")
    await page.get_by_role("button", name="Make an API key").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("button", name="Make the key")).to_be_disabled()
    await dialog.get_by_label("Name").fill("Price robot")
    await dialog.get_by_label("See products", exact=True).check()
    await screen.check(page, "making a key")
    await dialog.get_by_role("button", name="Make the key").click()
    shown = dialog.get_by_test_id("api-key")
    await expect(shown).to_be_visible()
    await screen.check(page, "a key, shown once")
    return await shown.inner_text()


async def see_it_in_the_list(screen: Screen, page: Page) -> None:
    """Find the key by its name, without its secret, with its last use."""
    await page.goto("/account")
    row = page.get_by_role("listitem").filter(has_text="Price robot")
    await expect(row).to_contain_text("last used")
    await expect(page.get_by_test_id("api-key")).to_have_count(0)
    await expect(page.get_by_role("heading", name="Keys of services")).to_be_visible()
    await screen.check(page, "keys")


async def revoke_it(screen: Screen, page: Page) -> None:
    await page.get_by_role("button", name="Revoke the key Price robot").click()
    await screen.check(page, "revoking a key")
    await page.get_by_role("dialog").get_by_role("button", name="Revoke", exact=True).click()
    await expect(page.get_by_role("listitem").filter(has_text="Price robot")).to_have_count(0)


async def ask_for_products(program: ProgramProcess, key: str) -> int:
    """Call the program as a program does: with the key and nothing else."""
    headers = {"Authorization": f"Bearer {key.strip()}"}
    async with httpx2.AsyncClient(base_url=program.address, headers=headers, trust_env=False) as client:
        return (await client.get("/api/v1/catalog/variants")).status_code
