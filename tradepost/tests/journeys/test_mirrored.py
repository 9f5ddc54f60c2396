"""Every screen in a made-up language from right to left: no text of its own, and nothing that sticks out."""

from collections.abc import AsyncIterator

import pytest
from browsing import DESK, PHONE, open_window
from browsing.audit import sticking_out
from browsing.mirrored import Mirrored
from browsing.walk import Walked, open_page, settled, tap_the_product
from playwright.async_api import Browser, Page, expect

# What opens over the till, by key.
OVERLAYS = ("?", "*", "F4", "F6", "F7", "F10")


@pytest.mark.journey
async def test_every_screen_is_written_in_the_catalogues_and_turns_round(browser: Browser, walked: Walked) -> None:
    async with open_window(browser, walked.address) as screen:
        mirrored = Mirrored(screen)
        await mirrored.choose()
        page = await screen.context.new_page()
        faults: list[str] = []
        async for what in screens(page, walked):
            if what == "/sign-in again":
                await screen.adopt(walked.owner)
                continue
            found = await mirrored.foreign(page)
            for size in (PHONE, DESK):
                await page.set_viewport_size(size)
                found += await sticking_out(page)
            faults += [f"{what}: {fault}" for fault in found]
        faults += screen.faults
        assert not faults, "\n".join(faults)


async def screens(page: Page, walked: Walked) -> AsyncIterator[str]:
    """Show one screen after the other, by addresses and keys: words are of no use here."""
    for path in walked.outside:
        await open_page(page, path)
        yield path.partition("#")[0]
    yield "/sign-in again"
    for path in walked.inside:
        await open_page(page, path)
        yield path
    await open_page(page, "/catalogue?q=macaron")
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("dialog")).to_be_visible()
    yield "search"
    for path in ("/settings/webhooks", "/settings/webhooks?view=in"):
        await open_page(page, path)
        await page.locator("main header button").click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        yield f"{path}, new"
    await open_page(page, walked.selling)
    await page.keyboard.press("F10")
    await expect(page.get_by_role("dialog")).to_be_visible()
    yield "/till, count"
    await page.keyboard.press("Escape")
    await tap_the_product(page, walked)
    yield "/till, ticket"
    for key in OVERLAYS:
        await page.keyboard.press(key)
        await expect(page.get_by_role("dialog")).to_be_visible()
        yield f"/till, {key}"
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
    for key in ("F8", "F9"):
        await page.keyboard.press(key)
        await settled(page)
        yield f"/till, {key}"
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("change")).to_be_visible()
    yield "/till, change"
