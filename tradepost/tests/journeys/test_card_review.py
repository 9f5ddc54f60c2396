"""The lines of a card beside its form: dragged, put by the keyboard, split, merged, retyped; two sides of one card."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from browsing import PHONE, Screen, open_window
from card_desk import batch_of, begin_to_check, picture, put_in, small_card
from playwright.async_api import Browser, Locator, Page, ViewportSize, expect
from shopfloor import created
from shopfloor.busy import BusyShop

from mainstay import ids

CONTACTS = "/api/v1/crm/contacts"
CARDS = "/api/v1/crm/cards"
BELOW = (("Sales Manager", 24, 145), ("sold with care since 1987", 22, 270))


@asynccontextmanager
async def card_desk(
    browser: Browser, shop: BusyShop, *names: str, **window: object
) -> AsyncIterator[tuple[Screen, Page, Locator]]:
    """Open the review of one small card for each name, the first one shown."""
    async with open_window(browser, shop.program.address, **window) as screen:
        await screen.adopt(shop.owner)
        page = await screen.context.new_page()
        await page.goto("/contacts/cards")
        await put_in(page, [picture(f"{name}.jpg", small_card(name, "Kestrel Tools Ltd", *BELOW)) for name in names])
        count = len(names)
        form = await begin_to_check(page, f"Check {count} card{'' if count == 1 else 's'}")
        yield screen, page, form


async def kept_card(shop: BusyShop, page: Page) -> dict[str, Any]:
    """Return the first card of the batch as the program has it, once the screen says that all is kept."""
    await expect(page.get_by_text("Kept", exact=True)).to_be_visible()
    batch = {"batch_id": batch_of(page)}
    row = (await shop.owner.get(CARDS, params=batch)).json()["items"][0]
    card: dict[str, Any] = (await shop.owner.get(f"{CARDS}/{row['id']}")).json()
    return card


async def drag(page: Page, line: Locator, target: Locator, share: float) -> None:
    """Drag a line to a share of the width of a field."""
    begin, end = await line.bounding_box(), await target.bounding_box()
    assert begin is not None
    assert end is not None
    await page.mouse.move(begin["x"] + begin["width"] / 2, begin["y"] + begin["height"] / 2)
    await page.mouse.down()
    await page.mouse.move(end["x"] + end["width"] * share, end["y"] + end["height"] / 2, steps=6)
    await page.mouse.up()


@pytest.mark.journey
async def test_a_line_of_the_picture_is_dragged_to_a_field_with_the_mouse_and_that_is_undone(
    browser: Browser,
    busy_shop: BusyShop,
) -> None:
    async with card_desk(browser, busy_shop, "Amanda Fletcher") as (screen, page, form):
        await expect(form.get_by_label("Job title")).to_have_value("Sales Manager")
        lines = page.get_by_role("region", name="What was read").get_by_role("button")
        at = [text.partition("\n")[0] for text in await lines.all_inner_texts()].index("sold with care since 1987")
        await drag(page, page.locator("polygon").nth(at), form.locator("[data-place=department]"), 0.5)
        await expect(form.get_by_label("Department")).to_have_value("sold with care since 1987")
        await expect(lines.nth(at)).to_contain_text("Department")
        await drag(page, page.locator("polygon").nth(at), form.locator("[data-place=title]"), 0.8)
        await expect(form.get_by_label("Job title")).to_have_value("Sales Manager sold with care since 1987")
        await expect(form.get_by_label("Department")).to_have_value("")
        await form.get_by_role("button", name="Undo").click()
        await expect(form.get_by_label("Department")).to_have_value("sold with care since 1987")
        await expect(form.get_by_label("Job title")).to_have_value("Sales Manager")
        assert screen.faults == []
        card = await kept_card(busy_shop, page)
    assert card["contact"]["department"] == "sold with care since 1987"
    [field] = [one for one in card["fields"] if one["kind"] == "department"]
    assert [box["text"] for box in card["boxes"] if box["id"] in field["box_ids"]] == ["sold with care since 1987"]


@pytest.mark.journey
async def test_a_line_is_split_merged_retyped_and_put_somewhere_by_the_keyboard_alone(
    browser: Browser, busy_shop: BusyShop
) -> None:
    async with card_desk(browser, busy_shop, "Bernard Hollis") as (screen, page, form):
        lines = page.get_by_role("region", name="What was read").get_by_role("button")
        dialog = page.get_by_role("dialog")
        care = lines.filter(has_text="since 1987")
        await page.keyboard.press("F2")
        await expect(lines.first).to_be_focused()
        await care.press("Enter")
        await screen.check(page, "one line of a card")
        await dialog.get_by_role("button", name="Split before “since”").press("Enter")
        await lines.filter(has_text="sold with care").press("Enter")
        await dialog.get_by_role("button", name="Merge with “since 1987”").press("Enter")
        await care.press("Enter")
        await dialog.get_by_label("It says").fill("Sold with care since 1978")
        await page.keyboard.press("Enter")
        await lines.filter(has_text="1978").press("Enter")
        # The arrow keys go through the fields, from the name on; Enter puts the line there.
        for _ in ("company", "job title", "department"):
            await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await expect(form.get_by_label("Department")).to_have_value("Sold with care since 1978")
        await page.locator("h1").focus()
        await page.keyboard.press("?")
        await screen.check(page, "the keys of the review")
        await page.keyboard.press("Escape")
        assert screen.faults == []
        card = await kept_card(busy_shop, page)
    assert "Sold with care since 1978" in [box["text"] for box in card["boxes"]]
    assert card["contact"]["department"] == "Sold with care since 1978"


@pytest.mark.journey
async def test_doubtful_fields_stand_out_and_enter_goes_from_one_to_the_next(
    browser: Browser, busy_shop: BusyShop
) -> None:
    async with card_desk(browser, busy_shop, "Gregory Stone") as (screen, page, form):
        card = await kept_card(busy_shop, page)
        doubtful = [one | {"confidence": 0.5} if one["kind"] in {"name", "title"} else one for one in card["fields"]]
        kept = await busy_shop.owner.patch(
            f"{CARDS}/{card['id']}", json={"version": card["version"], "fields": doubtful}
        )
        assert kept.status_code == 200, kept.text
        await page.reload()
        name, title = form.get_by_label("Name", exact=True), form.get_by_label("Job title", exact=True)
        await expect(form.get_by_text("2 fields to look at")).to_be_visible()
        await expect(form.get_by_text("Please check: 50% sure")).to_have_count(2)
        await screen.check(page, "doubtful fields")
        await expect(name).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(title).to_be_focused()
        await expect(form.get_by_text("1 field to look at")).to_be_visible()
        await form.get_by_role("button", name="Job title: it is right").click()
        await expect(form.get_by_text("to look at")).to_have_count(0)
        await title.press("Enter")
        await expect(form.get_by_role("button", name="Accept and next")).to_be_focused()
        assert screen.faults == []


@pytest.mark.journey
async def test_two_sides_are_joined_and_parted_and_a_card_is_left_out_and_taken_back(
    browser: Browser, busy_shop: BusyShop
) -> None:
    async with card_desk(browser, busy_shop, "Caroline Marsh", "Theodore Quill") as (screen, page, form):
        await page.get_by_role("button", name="Join the other side").click()
        await screen.check(page, "the other side is picked")
        await page.get_by_role("dialog").get_by_role("button", name="Theodore Quill").click()
        await page.get_by_role("button", name="Side 2").click()
        await expect(page.get_by_text("0 of 1 checked")).to_be_visible()
        await screen.check(page, "two sides of a card")
        await page.get_by_role("button", name="Part the sides").click()
        await expect(page.get_by_role("button", name="Join the other side")).to_be_enabled()
        await expect(page.get_by_text("0 of 2 checked")).to_be_visible()
        await expect(form.get_by_label("Name", exact=True)).to_have_value("Caroline Marsh")
        await page.keyboard.press("F4")
        await expect(form.get_by_label("Name", exact=True)).to_have_value("Theodore Quill")
        await page.keyboard.press("PageUp")
        await page.get_by_role("button", name="Check it after all").click()
        await expect(form.get_by_label("Name", exact=True)).to_have_value("Caroline Marsh")
        await expect(page.get_by_text("0 of 2 checked")).to_be_visible()
        assert screen.faults == []


@pytest.mark.journey
async def test_who_may_be_the_same_is_shown_beside_the_card_before_it_is_accepted(
    browser: Browser, busy_shop: BusyShop
) -> None:
    known = {"id": str(ids.new_id()), "name": "Douglas Winter", "company_name": "Kestrel Tools Ltd"}
    await created(busy_shop.owner, CONTACTS, known)
    async with card_desk(browser, busy_shop, "Douglas Winter") as (screen, page, form):
        link = form.get_by_role("link", name="Douglas Winter")
        await expect(link).to_have_attribute("href", f"/contacts?contact={known['id']}")
        await screen.check(page, "somebody like the card")
        assert screen.faults == []


async def slide(screen: Screen, page: Page, way: list[tuple[float, float]]) -> None:
    """Put a finger down, move it along a way, and lift it."""
    session = await screen.context.new_cdp_session(page)
    for index, (x, y) in enumerate(way):
        kind = "touchMove" if index else "touchStart"
        await session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    await session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.mark.journey
async def test_on_a_phone_a_finger_drags_a_line_from_the_picture_to_a_field_below_it(
    browser: Browser, busy_shop: BusyShop
) -> None:
    phone: dict[str, Any] = {"viewport": ViewportSize(**PHONE), "has_touch": True, "is_mobile": True}
    async with card_desk(browser, busy_shop, "Eleanor Briggs", **phone) as (screen, page, form):
        await expect(page.get_by_role("button", name="Accept and next")).to_be_in_viewport()
        lines = await page.get_by_role("region", name="What was read").get_by_role("button").all_inner_texts()
        at = [text.partition("\n")[0] for text in lines].index("Kestrel Tools Ltd")
        begin = await page.locator("polygon").nth(at).bounding_box()
        end = await form.locator("[data-place=name]").bounding_box()
        assert begin is not None
        assert end is not None
        way = [(begin["x"] + 20, begin["y"] + 5), (begin["x"] + 30, begin["y"] + 60), (end["x"] + 40, end["y"] + 30)]
        await slide(screen, page, way)
        await expect(form.get_by_label("Name", exact=True)).to_have_value("Kestrel Tools Ltd")
        assert screen.faults == []
