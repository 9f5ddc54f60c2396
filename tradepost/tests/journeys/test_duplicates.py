"""Nobody twice on the screen: found beside the draft, merged, undone, told apart; tags changed in the settings."""

import re
from uuid import UUID

import pytest
from browsing import open_window
from playwright.async_api import Browser, Page, expect
from shopfloor import created
from shopfloor.busy import BusyShop

from mainstay import ids

CONTACTS = "/api/v1/crm/contacts"


async def make(shop: BusyShop, name: str, mobile: str, **fields: object) -> str:
    """Make a person with a mobile, and return the id."""
    key = str(ids.new_id())
    phones = [{"written": mobile, "kind": "mobile"}]
    await created(shop.owner, CONTACTS, {"id": key, "name": name, "phones": phones, **fields})
    return key


def a_mobile() -> str:
    """Return a number that no other test has."""
    return f"+7912{int(ids.new_id().hex[-6:], 16) % 10_000_000:07}"


@pytest.mark.journey
@pytest.mark.practice(103)
async def test_a_duplicate_shows_beside_the_draft_and_is_merged_and_the_merge_undone(
    browser: Browser, busy_shop: BusyShop
) -> None:
    """Rule 34: old ids lead to the survivor, and an undo brings everything back."""
    mobile = a_mobile()
    known = await make(busy_shop, "Зинаида Шаповалова", mobile, title="Buyer", notes="Likes tea")
    async with open_window(browser, busy_shop.program.address) as screen:
        await screen.adopt(busy_shop.owner)
        page = await screen.context.new_page()
        await page.goto("/contacts")
        again = await add_beside(page, mobile)
        panel = page.get_by_role("complementary", name="Zinaida Shapovalova")
        like = panel.get_by_role("region", name="Who may be the same")
        await expect(like.get_by_role("link", name="Зинаида Шаповалова")).to_be_visible()
        await screen.check(page, "a contact with a duplicate")
        await like.get_by_role("link", name="Merge…").click()
        await page.get_by_role("radio", name="Зинаида Шаповалова stays").check()
        await expect(page.get_by_role("radio", name="Job title: Buyer, from Зинаида Шаповалова")).to_be_checked()
        await screen.check(page, "a merge")
        await page.get_by_role("button", name="Merge 2 contacts").click()
        await expect(page).to_have_url(re.compile(f"contact={known}"))
        survivor = page.get_by_role("complementary", name="Зинаида Шаповалова")
        await expect(survivor.get_by_text("Merged with Zinaida Shapovalova")).to_be_visible()
        await page.goto(f"/contacts?contact={again}")
        await expect(page.get_by_text("This contact was merged into Зинаида Шаповалова")).to_be_visible()
        await expect(page).to_have_url(re.compile(f"contact={known}"))
        await survivor.get_by_role("button", name="Undo the merge").click()
        await expect(page.get_by_text("The merge was undone: Zinaida Shapovalova")).to_be_visible()
        await expect(survivor.get_by_text("A merge was undone")).to_be_visible()
        assert screen.faults == []
    assert (await busy_shop.owner.get(f"{CONTACTS}/{again}")).json()["id"] == again


async def add_beside(page: Page, mobile: str) -> str:
    """Write somebody who is there already, see that it is told, and save all the same; returns the new id."""
    await page.get_by_role("button", name="New contact").click()
    form = page.get_by_role("dialog")
    await form.get_by_role("textbox", name="Name", exact=True).fill("Zinaida Shapovalova")
    await form.get_by_role("button", name="Add a phone").click()
    await form.get_by_role("textbox", name="Phone 1").fill(mobile)
    beside = form.get_by_role("region", name="Who may be the same")
    await expect(beside.get_by_role("link", name="Open Зинаида Шаповалова in a new tab")).to_be_visible()
    await expect(beside).to_contain_text(f"same mobile: {mobile}")
    await form.get_by_role("button", name="Add the contact").click()
    await expect(page).to_have_url(re.compile("contact="))
    return str(UUID(page.url.partition("contact=")[2][:36]))


@pytest.mark.journey
async def test_a_pair_is_told_apart_in_the_list_in_russian_and_that_is_taken_back(
    browser: Browser, busy_shop: BusyShop
) -> None:
    mobile = a_mobile()
    name = f"Lev {ids.new_id().hex[-6:]}"
    for _ in range(2):
        await make(busy_shop, name, mobile)
    async with open_window(browser, busy_shop.program.address, locale="ru-RU") as screen:
        await screen.adopt(busy_shop.owner)
        page = await screen.context.new_page()
        await page.goto("/contacts/duplicates")
        await page.get_by_role("button", name="Сравнить всех заново").click()
        pair = page.get_by_role("article", name=f"{name} и {name}")
        await expect(pair).to_be_visible()
        await expect(pair).to_contain_text("совпадает всё, что можно сравнить")
        await screen.check(page, "pairs in Russian")
        await pair.get_by_role("button", name="Это разные").click()
        await expect(pair).to_have_count(0)
        await page.get_by_role("button", name="Отменить", exact=True).click()
        await expect(pair).to_be_visible()
        assert screen.faults == []


@pytest.mark.journey
async def test_a_tag_gets_another_name_and_colour_and_is_deleted_in_the_settings(
    browser: Browser, busy_shop: BusyShop
) -> None:
    mark = ids.new_id().hex[-8:]
    await make(busy_shop, f"Tagged {mark}", a_mobile(), tags=[f"old-{mark}"])
    async with open_window(browser, busy_shop.program.address) as screen:
        await screen.adopt(busy_shop.owner)
        page = await screen.context.new_page()
        await page.goto("/settings")
        await page.get_by_role("button", name=f"Change old-{mark}").click()
        await page.get_by_role("textbox", name="Name").fill(f"new-{mark}")
        await page.get_by_role("combobox", name="Colour").select_option("violet")
        await screen.check(page, "a tag")
        await page.get_by_role("button", name="Save").click()
        tag = page.get_by_role("listitem").filter(has_text=f"new-{mark}")
        await expect(tag).to_contain_text("on 1 contact")
        await tag.get_by_role("button", name=f"Delete new-{mark}").click()
        await expect(page.get_by_role("dialog")).to_contain_text("It is taken off 1 contact.")
        await page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
        await expect(tag).to_have_count(0)
        assert screen.faults == []
