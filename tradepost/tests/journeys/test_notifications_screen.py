"""Notifications in a browser: the number at the bell, the inbox and its links, and how one wants to be told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from browsing import open_window
from browsing.walk import Walked, open_page, sign_in
from playwright.async_api import Browser, Page, Response, Route, expect

BASE = "/api/v1/notifications"
TITLE = "things.csv was read"
# How late the first of three calls arrives: the others would be there before it.
LATE_S = 1


@pytest.fixture
async def page(browser: Browser, walked: Walked) -> AsyncIterator[Page]:
    """The back office, in the hands of the owner, for whom a price list was read."""
    async with open_window(browser, walked.address) as screen:
        page = await screen.context.new_page()
        await sign_in(page)
        yield page


@pytest.mark.journey
async def test_the_bell_leads_to_the_inbox_and_from_there_to_what_it_is_about(page: Page, walked: Walked) -> None:
    bell = page.get_by_role("navigation", name="Main navigation").get_by_role("link", name="Notifications")
    await expect(bell).to_contain_text("unread")
    await bell.click()
    item = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=TITLE))
    await expect(item).to_contain_text("unread")

    # In the language that the app speaks now.
    await page.get_by_label("Language").select_option("ru")
    await expect(page.get_by_role("heading", name="Файл things.csv прочитан")).to_be_visible()
    await page.get_by_label("Язык").select_option("en")

    await item.get_by_role("button", name="Open the report").click()
    await expect(page).to_have_url(f"{walked.address}/catalogue/imports/{walked.import_id}")
    await bell.click()
    await expect(item).not_to_contain_text("unread")
    await item.get_by_role("button", name=f"Remove: {TITLE}").click()
    await expect(item).to_have_count(0)
    await open_page(page, "/notifications")
    await expect(page.get_by_role("heading", name=TITLE)).to_have_count(0)


@pytest.mark.journey
async def test_how_one_wants_to_be_told_is_chosen_in_the_account(page: Page, walked: Walked) -> None:
    await open_page(page, "/account")
    row = page.get_by_role("row", name="A price list was read")
    async with answered(page, "/preferences"):
        await row.get_by_role("checkbox").uncheck()
    async with answered(page, "/preferences"):
        await row.get_by_role("combobox").select_option("digest")
    async with answered(page, "/digest"):
        await page.get_by_label("The daily summary comes at").select_option("18")
    await expect(page.get_by_role("status").get_by_text("Saved", exact=True).first).to_be_visible()
    await expect(page.get_by_role("row", name="Mail does not reach you").get_by_role("checkbox")).to_be_disabled()

    await open_page(page, "/account")

    await expect(row.get_by_role("checkbox")).not_to_be_checked()
    found = (await walked.owner.get(f"{BASE}/preferences")).json()
    (kept,) = (item for item in found["items"] if item["kind"] == "catalog.import_finished")
    assert (kept["in_app"], kept["mail"], found["digest_hour"]) == (False, "digest", 18)


@pytest.mark.journey
async def test_what_is_chosen_last_is_not_overtaken_by_what_the_keys_passed(page: Page, walked: Walked) -> None:
    held: list[Route] = []

    async def hold_the_first(route: Route) -> None:
        held.append(route)
        if len(held) == 1:
            await asyncio.sleep(LATE_S)
        await route.continue_()

    await open_page(page, "/account")
    await page.route(f"**{BASE}/preferences", hold_the_first)
    mail = page.get_by_role("row", name="The money of a shift does not add up").get_by_role("combobox")
    before = await mail.input_value()

    async with answered(page, "/preferences", times=3):
        for way in ("off", "digest", "now"):
            await mail.select_option(way)

    found = (await walked.owner.get(f"{BASE}/preferences")).json()
    assert [item["mail"] for item in found["items"] if item["kind"] == "pos.difference"] == ["now"]
    async with answered(page, "/preferences"):
        await mail.select_option(before)


@asynccontextmanager
async def answered(page: Page, path: str, times: int = 1) -> AsyncIterator[None]:
    """Do something that saves so many times, and wait until all of them were answered."""
    answers: list[Response] = []

    def are_all(reply: Response) -> bool:
        if reply.request.method == "PUT" and reply.url.endswith(f"{BASE}{path}"):
            answers.append(reply)
        return len(answers) == times

    async with page.expect_response(are_all):
        yield
