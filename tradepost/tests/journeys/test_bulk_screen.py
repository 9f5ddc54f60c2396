"""Many at once in a browser: what is picked in a list is dealt with together, and each is told of."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from browsing import open_window
from browsing.walk import open_page
from playwright.async_api import Browser, Page, expect
from shopfloor import created
from shopfloor.busy import BusyShop

from mainstay import clock, ids

ERRORS = "/api/v1/operations/errors"
HOOKS = "/api/v1/webhooks"
BAR = "Do something with what is picked"
# People are told of what goes wrong with backups; here it went wrong three times.
NOTIFIED = """
INSERT INTO notifications_item (id, person_id, in_app, mail, kind, told, created_at)
SELECT gen_random_uuid(), id, true, 'off', 'backup.missed', '{"last": "never", "reason": "The disk is full."}', now()
FROM identity_person, generate_series(1, 3) WHERE role = 'owner'
"""
GIVEN_UP = "UPDATE webhooks_delivery SET state = 'given_up', ended_at = now()"


@pytest.fixture
async def page(browser: Browser, busy_shop: BusyShop) -> AsyncIterator[Page]:
    """A window in which the owner is signed in."""
    async with open_window(browser, str(busy_shop.owner.base_url)) as screen:
        await screen.adopt(busy_shop.owner)
        yield await screen.context.new_page()


async def some_errors(shop: BusyShop, *kinds: str) -> dict[str, dict[str, Any]]:
    """Have a browser fail in several ways, and return the errors that the program keeps, by kind."""
    for kind in kinds:
        place = {"file": "/assets/till-C0ffee12.js", "function": kind, "line": 1, "column": 4711}
        failed = {"kind": kind, "message": "it is undefined", "page": "/till", "places": [place]}
        assert (await shop.owner.post("/api/v1/client-errors", json=failed)).status_code == 204

    deadline = clock.monotonic() + 60
    while True:
        items = (await shop.owner.get(f"{ERRORS}?role=browser")).json()["items"]
        if set(kinds) <= {item["kind"] for item in items}:
            return {item["kind"]: item for item in items}
        assert clock.monotonic() < deadline, "They were not kept in time."
        await asyncio.sleep(0.2)


@pytest.mark.journey
async def test_errors_that_are_picked_are_resolved_but_for_one_that_somebody_dealt_with_first(
    busy_shop: BusyShop, page: Page
) -> None:
    kinds = ("TypeError", "RangeError", "URIError")
    errors = await some_errors(busy_shop, *kinds)
    await open_page(page, "/settings/errors?role=browser")
    for kind in kinds[:2]:
        await page.get_by_role("checkbox", name=f"Pick “{kind}”").check()
    bar = page.get_by_role("region", name=BAR)
    await expect(bar).to_contain_text("2 picked")
    # The list stays as it was seen: else it would be looked at again every few seconds.
    seen = await busy_shop.owner.get(f"{ERRORS}?role=browser&state=open&limit=50")
    await page.route("**/operations/errors?*", lambda route: route.fulfill(json=seen.json()))
    late = errors["RangeError"]
    assert (await busy_shop.owner.post(f"{ERRORS}/{late['id']}/ignore", json={"version": 1})).is_success

    await bar.get_by_role("button", name="Resolve").click()

    await expect(bar).to_contain_text("1 changed · 1 left as it is")
    await expect(bar.get_by_role("listitem")).to_have_text(
        "RangeError — somebody else changed it first; look at it and pick it again"
    )
    found = (await busy_shop.owner.get(f"{ERRORS}?role=browser")).json()["items"]
    states = {item["kind"]: item["state"] for item in found}
    assert [states[kind] for kind in kinds] == ["resolved", "ignored", "open"]


@pytest.mark.journey
async def test_notifications_that_are_picked_are_read_and_removed(busy_shop: BusyShop, page: Page) -> None:
    busy_shop.program.ask(NOTIFIED)
    await open_page(page, "/notifications")
    items = page.get_by_role("list", name="Notifications").get_by_role("listitem")
    told = items.filter(has_text="The disk is full.")
    await expect(told).to_have_count(3)
    bar = page.get_by_role("region", name=BAR)

    for place in (0, 1):
        await told.nth(place).get_by_role("checkbox").check()
    await bar.get_by_role("button", name="Mark as read").click()
    await expect(bar).to_contain_text("2 changed")
    await expect(told.filter(has_text="unread")).to_have_count(1)
    await told.nth(2).get_by_role("checkbox").check()
    await told.nth(0).get_by_role("checkbox").check()
    await bar.get_by_role("button", name="Remove").click()
    await expect(told).to_have_count(1)

    kept = (await busy_shop.owner.get("/api/v1/notifications")).json()["items"]
    assert [bool(item["read_at"]) for item in kept if item["kind"] == "backup.missed"] == [True]


@pytest.mark.journey
async def test_deliveries_that_are_picked_are_sent_again(busy_shop: BusyShop, page: Page) -> None:
    owner, key = busy_shop.owner, str(ids.new_id())
    # Never called: the program calls nothing on its own machine.
    hook = {"id": key, "url": "https://localhost/hooks", "description": "Accounting", "events": ["pos.*"]}
    await created(owner, f"{HOOKS}/subscriptions", hook)
    for _ in range(3):
        assert (await owner.post(f"{HOOKS}/subscriptions/{key}/test")).status_code == 202
    busy_shop.program.ask(GIVEN_UP)
    await open_page(page, f"/settings/webhooks?webhook={key}")
    panel = page.get_by_role("complementary")
    boxes = panel.get_by_role("checkbox", name="Pick “webhooks.test")
    await expect(boxes).to_have_count(3)
    await panel.get_by_role("checkbox", name="Pick all that are loaded").check()
    await boxes.nth(2).uncheck()

    bar = page.get_by_role("region", name=BAR)
    await bar.get_by_role("button", name="Send again").click()

    await expect(bar).to_contain_text("2 changed")
    await expect(boxes).to_have_count(1)
    given_up = (await owner.get(f"{HOOKS}/subscriptions/{key}/deliveries?state=given_up")).json()["items"]
    assert len(given_up) == 1
    entries = (await owner.get("/api/v1/audit/entries", params={"act": "webhooks.sent_again"})).json()["items"]
    assert [(entry["object_id"], entry["new"]) for entry in entries] == [(key, {"count": 2})]
