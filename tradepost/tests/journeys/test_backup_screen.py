"""Backups in a browser: one is asked for, is made and tried out meanwhile, and stands in the list as verified."""

import pytest
from browsing import open_window
from browsing.walk import open_page
from playwright.async_api import Browser, expect
from shopfloor.busy import BusyShop

NEWEST = "SELECT state, path FROM backup_archive WHERE kind = 'asked' ORDER BY started_at DESC LIMIT 1"
# It is read back into a database of its own, on a machine that does much else.
PATIENCE_MS = 120_000


@pytest.mark.journey
async def test_back_up_now_leads_to_a_verified_archive_in_the_list(browser: Browser, busy_shop: BusyShop) -> None:
    async with open_window(browser, str(busy_shop.owner.base_url)) as screen:
        await screen.adopt(busy_shop.owner)
        page = await screen.context.new_page()
        await open_page(page, "/settings")
        await page.get_by_role("button", name="Back up now", exact=True).click()
        await expect(page.get_by_text("A backup is being made")).to_be_visible()

        newest = page.get_by_role("listitem").filter(has_text="asked for").first
        await expect(newest.get_by_text("verified", exact=True)).to_be_visible(timeout=PATIENCE_MS)

    folder = busy_shop.program.data_dir / "backups"
    ((state, path),) = busy_shop.program.ask(NEWEST)
    assert state == "verified"
    assert path in [str(each) for each in folder.glob("*.backup")]
