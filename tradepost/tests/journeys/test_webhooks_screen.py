"""Webhooks in a browser: added, tested, paused, given another secret and removed, and a source likewise."""

from collections.abc import AsyncIterator

import pytest
from browsing import open_window
from browsing.walk import Walked, open_page, sign_in
from playwright.async_api import Browser, Locator, Page, expect

BASE = "/api/v1/webhooks"
# Never called: the program calls nothing on its own machine.
ADDRESS = "https://localhost/warehouse"


@pytest.fixture
async def page(browser: Browser, walked: Walked) -> AsyncIterator[Page]:
    """The screen of webhooks, in the hands of somebody who may change them."""
    async with open_window(browser, walked.address) as screen:
        page = await screen.context.new_page()
        await sign_in(page)
        yield page


async def press(inside: Page | Locator, name: str) -> None:
    """Press a button."""
    await inside.get_by_role("button", name=name, exact=True).click()


async def secret_of(page: Page) -> str:
    """Return the secret that is shown; a slip does not close it, saying that it was copied does, and it is gone."""
    shown = page.get_by_test_id("webhook-secret")
    secret = await shown.inner_text()
    assert secret.startswith("whsec_")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("alert")).to_contain_text("not shown again")
    await press(page, "I have copied it")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.get_by_text(secret)).to_have_count(0)
    return secret


@pytest.mark.journey
async def test_a_webhook_is_added_tested_paused_and_removed(page: Page, walked: Walked) -> None:
    await open_page(page, "/settings/webhooks")
    await add_a_webhook(page)
    first = await secret_of(page)
    await press(page, "Warehouse")
    panel = page.get_by_role("complementary", name="Warehouse")
    await press(panel, "Send a test")
    await expect(panel.get_by_text("Webhook-Id:")).to_be_visible()
    await expect(panel.get_by_text("the address may not be called").first).to_be_visible()
    await press(panel, "Pause")
    await expect(panel.get_by_text("paused", exact=True)).to_be_visible()
    await press(panel, "Resume")
    await expect(panel.get_by_text("paused", exact=True)).to_have_count(0)
    await press(panel, "Exchange the secret…")
    await press(page.get_by_role("dialog"), "Exchange the secret")
    assert await secret_of(page) != first
    await expect(panel.get_by_text("signs too until")).to_be_visible()
    await press(panel, "Remove…")
    await press(page.get_by_role("dialog"), "Remove")
    await expect(panel).to_have_count(0)
    kept = (await walked.owner.get(f"{BASE}/subscriptions")).json()["items"]
    assert [one["id"] for one in kept] == [walked.webhook]


async def add_a_webhook(page: Page) -> None:
    """Add a webhook: one is given up by Escape, the other's first address is refused, and what was typed stays."""
    await press(page, "New webhook")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Description").fill("Nothing much")
    await page.keyboard.press("Escape")
    await expect(dialog.get_by_role("alert")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await press(page, "New webhook")
    await dialog.get_by_label("Description").fill("Warehouse")
    await dialog.get_by_label("Address").fill("https://127.0.0.1/warehouse")
    await press(dialog, "Add the webhook")
    await expect(dialog.get_by_text("Choose at least one event.")).to_be_visible()
    await dialog.get_by_label("All events, later ones too").check()
    await press(dialog, "Add the webhook")
    await expect(dialog.get_by_label("Address")).to_have_attribute("aria-invalid", "true")
    await page.keyboard.press("Escape")
    await expect(dialog.get_by_label("Description")).to_have_value("Warehouse")
    await dialog.get_by_label("Address").fill(ADDRESS)
    await press(dialog, "Add the webhook")


@pytest.mark.journey
async def test_a_webhook_that_somebody_else_changed_is_not_overwritten_unseen(page: Page, walked: Walked) -> None:
    address = f"{BASE}/subscriptions/{walked.webhook}"
    before = (await walked.owner.get(address)).json()
    fields = {name: before[name] for name in ("url", "description", "events", "filters")}
    await open_page(page, f"/settings/webhooks?webhook={walked.webhook}")
    await press(page, "Change…")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Description").fill("Accounting, mine")
    theirs = {**fields, "description": "Accounting, theirs", "version": before["version"]}
    assert (await walked.owner.put(address, json=theirs)).status_code == 200
    await press(dialog, "Save")
    await expect(dialog.get_by_role("alert")).to_contain_text("Accounting, theirs")
    assert (await walked.owner.get(address)).json()["description"] == "Accounting, theirs"
    await press(dialog, "Save")
    await expect(dialog).to_have_count(0)
    after = (await walked.owner.get(address)).json()
    assert after["description"] == "Accounting, mine"
    assert (await walked.owner.put(address, json={**fields, "version": after["version"]})).status_code == 200


@pytest.mark.journey
async def test_a_source_is_added_and_removed(page: Page, walked: Walked) -> None:
    await open_page(page, "/settings/webhooks?view=in")
    await press(page, "New source")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Description").fill("Parcels")
    await dialog.get_by_label("Name in the address").fill("parcels")
    await press(dialog, "Add the source")
    first = await secret_of(page)
    await expect(page.get_by_text(f"{walked.address}{BASE}/in/parcels")).to_be_visible()
    await press(page, "Exchange the secret of parcels")
    await press(page.get_by_role("dialog"), "Exchange the secret")
    assert await secret_of(page) != first
    await expect(page.get_by_text("The former secret counts until")).to_be_visible()
    await press(page, "Remove parcels")
    await press(page.get_by_role("dialog"), "Remove")
    await expect(page.get_by_text("/in/parcels")).to_have_count(0)
    kept = (await walked.owner.get(f"{BASE}/sources")).json()["items"]
    assert [one["name"] for one in kept] == ["web-shop"]
