"""Contacts on the screen: made, found in any script, changed by two at once, tagged, put away and taken back."""

import re

import pytest
from browsing import open_window
from playwright.async_api import Browser, FilePayload, Page, expect
from shopfloor import created
from shopfloor.busy import BusyShop

from mainstay import ids

CONTACTS = "/api/v1/crm/contacts"


def a_mark() -> str:
    """Return letters that no other test writes."""
    return "".join(chr(ord("a") + int(digit, 16)) for digit in ids.new_id().hex[-8:])


@pytest.mark.journey
async def test_a_contact_is_made_by_hand_and_found_in_another_script_and_with_a_typing_error(
    browser: Browser,
    busy_shop: BusyShop,
) -> None:
    async with open_window(browser, busy_shop.program.address) as screen:
        await screen.adopt(busy_shop.owner)
        page = await screen.context.new_page()
        await page.goto("/contacts")
        await page.get_by_role("button", name="New contact").click()
        await fill_in(page)
        await screen.check(page, "a new contact")
        await page.get_by_role("button", name="Add the contact").click()
        panel = page.get_by_role("complementary", name="Екатерина Белозёрова")
        await expect(panel.get_by_role("link", name="+7 912 345-67-89")).to_have_attribute("href", "tel:+79123456789")
        await expect(panel.get_by_role("link", name="kate@shop.example")).to_be_visible()
        await expect(panel.get_by_role("region", name="What happened")).to_contain_text("Added")
        await screen.check(page, "a contact")
        await panel.get_by_role("button", name="Close").click()
        for text in ("Ekaterina Belozerova", "Белозорова"):
            await page.get_by_role("searchbox").fill(text)
            await expect(page).to_have_url(re.compile("[?&]q="))
            await expect(page.get_by_role("button", name="Екатерина Белозёрова", exact=True)).to_be_visible()
        assert screen.faults == []


async def fill_in(page: Page) -> None:
    """Write a person with a phone, an e-mail and a tag."""
    form = page.get_by_role("dialog")
    await form.get_by_role("textbox", name="Name", exact=True).fill("Екатерина Белозёрова")
    await form.get_by_role("combobox", name="Company").fill("Ромашка")
    await form.get_by_role("button", name="Add a phone").click()
    await form.get_by_role("textbox", name="Phone 1").fill("+7 912 345-67-89")
    await form.get_by_role("button", name="Add an e-mail").click()
    await form.get_by_role("textbox", name="E-mail 1").fill("kate@shop.example")
    await form.get_by_role("combobox", name="Tags").fill("VIP")
    await form.get_by_role("combobox", name="Tags").press("Enter")
    await expect(form.get_by_role("button", name="Take VIP off")).to_be_visible()


@pytest.mark.journey
async def test_a_clash_over_a_contact_shows_before_mine_and_theirs_and_takes_over_the_rest(
    browser: Browser,
    busy_shop: BusyShop,
) -> None:
    """Rule 36: nobody overwrites what somebody else changed without seeing it."""
    key = str(ids.new_id())
    made = await created(busy_shop.owner, CONTACTS, {"id": key, "name": f"Clash {a_mark()}", "title": "Buyer"})
    async with open_window(browser, busy_shop.program.address) as screen:
        await screen.adopt(busy_shop.owner)
        first, second = await screen.context.new_page(), await screen.context.new_page()
        for page in (first, second):
            await page.goto(f"/contacts?contact={key}")
            await page.get_by_role("button", name="Edit").click()
        await first.get_by_role("textbox", name="Job title").fill("Head buyer")
        await first.get_by_role("textbox", name="Notes").fill("Calls on Mondays")
        await first.get_by_role("button", name="Save changes").click()
        await expect(first.get_by_role("dialog")).to_have_count(0)
        await second.get_by_role("textbox", name="Job title").fill("Chief")
        await second.get_by_role("button", name="Save changes").click()
        clash = second.get_by_role("region", name="Job title")
        await expect(clash).to_be_visible()
        assert await clash.locator("dd").all_inner_texts() == ["Buyer", "Chief", "Head buyer"]
        await expect(second.get_by_role("textbox", name="Notes")).to_have_value("Calls on Mondays")
        await expect(second.get_by_role("alert")).to_contain_text("Somebody else changed this first")
        await expect(second.get_by_role("alert").locator("p").nth(1)).to_contain_text(re.compile(r"^\S.*20\d\d"))
        await screen.check(second, "a clash over a contact")
        await clash.get_by_role("button", name="Keep yours").click()
        await second.get_by_role("button", name="Save changes").click()
        await expect(second.get_by_role("dialog")).to_have_count(0)
        timeline = second.get_by_role("region", name="What happened")
        await expect(timeline).to_contain_text("Job title: Head buyer → Chief")
        assert screen.faults == []
    now = (await busy_shop.owner.get(f"{CONTACTS}/{key}")).json()
    assert [now["title"], now["notes"], now["version"]] == ["Chief", "Calls on Mondays", made["version"] + 2]


@pytest.mark.journey
async def test_a_contact_is_tagged_put_away_and_taken_back_and_many_at_once_too(
    browser: Browser, busy_shop: BusyShop
) -> None:
    mark = a_mark()
    for number in ("one", "two"):
        await created(busy_shop.owner, CONTACTS, {"id": str(ids.new_id()), "name": f"{mark} {number}"})
    async with open_window(browser, busy_shop.program.address) as screen:
        await screen.adopt(busy_shop.owner)
        page = await screen.context.new_page()
        await page.goto(f"/contacts?q={mark}")
        await page.get_by_role("checkbox", name="Pick all that are shown").check()
        bar = page.get_by_role("region", name="Change what is picked")
        await bar.get_by_role("textbox", name="Name of the tag or group").fill(f"tag-{mark}")
        await bar.get_by_role("button", name="Put on").click()
        await expect(bar.get_by_text("2 changed", exact=True)).to_be_visible()
        await screen.check(page, "a report on many contacts")
        await page.get_by_role("button", name=f"{mark} one", exact=True).click()
        panel = page.get_by_role("complementary", name=f"{mark} one")
        await expect(panel.get_by_text(f"Tag tag-{mark} put on")).to_be_visible()
        await panel.get_by_role("button", name="Put away").click()
        await expect(page.get_by_text("1 contact", exact=True)).to_be_visible()
        await panel.get_by_role("button", name="Take back").click()
        await expect(page.get_by_text("2 contacts", exact=True)).to_be_visible()
        await expect(panel.get_by_text("Taken back", exact=True)).to_be_visible()
        await panel.get_by_role("button", name=f"tag-{mark}").click()
        await expect(page.get_by_role("button", name=f"Remove the filter: Tag tag-{mark}")).to_be_visible()
        # The address is the whole state: somebody else sees the same list.
        await page.reload()
        await expect(page.get_by_text("2 contacts", exact=True)).to_be_visible()
        assert screen.faults == []


CARDS = """BEGIN:VCARD
VERSION:3.0
FN:{mark} Ménard
N:Ménard;{mark};;;
TEL;TYPE=CELL:+33 6 12 34 56 78
END:VCARD
BEGIN:VCARD
VERSION:3.0
END:VCARD
"""


@pytest.mark.journey
async def test_a_contact_is_given_to_the_house_and_is_no_longer_among_ones_own(
    browser: Browser, busy_shop: BusyShop
) -> None:
    mark = a_mark()
    first, second = [
        await created(busy_shop.owner, CONTACTS, {"id": str(ids.new_id()), "name": f"{name} {mark}"})
        for name in ("Anna", "Boris")
    ]
    async with open_window(browser, busy_shop.program.address) as screen:
        await screen.adopt(busy_shop.owner)
        page = await screen.context.new_page()
        await page.goto(f"/contacts?q={mark}&contact={first['id']}")
        panel = page.get_by_role("complementary", name=first["name"])
        await panel.get_by_label("Whose contact").select_option("house")
        await expect(panel.get_by_role("region", name="What happened")).to_contain_text("Given to: The house’s")
        await panel.get_by_role("button", name="Close").click()
        rows = page.get_by_role("row").filter(has_text=mark)
        await page.get_by_label("Whose contact").select_option("me")
        await expect(rows).to_have_count(1)
        await expect(rows).to_contain_text(second["name"])
        await page.get_by_role("checkbox", name=f"Pick {second['name']}").check()
        await screen.check(page, "contacts of one's own, picked")
        await page.get_by_label("Give to …").select_option("house")
        await expect(rows).to_have_count(0)
        assert screen.faults == []
    for contact in (first, second):
        assert (await busy_shop.owner.get(f"{CONTACTS}/{contact['id']}")).json()["owner_id"] is None


@pytest.mark.journey
async def test_a_file_of_contacts_is_taken_in_told_entry_by_entry_and_given_out_again(
    browser: Browser, busy_shop: BusyShop
) -> None:
    """Rule 35: accepted, known and refused add up to what was read, and the same file again changes nothing."""
    mark = a_mark()
    content = CARDS.format(mark=mark).replace("\n", "\r\n").encode()
    file: FilePayload = {"name": f"{mark}.vcf", "mimeType": "text/vcard", "buffer": content}
    async with open_window(browser, busy_shop.program.address) as screen:
        await screen.adopt(busy_shop.owner)
        page = await screen.context.new_page()
        await page.goto(f"/contacts?q={mark}")
        await page.get_by_role("button", name="Import contacts").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Choose a file of contacts").set_input_files(file)
        await expect(dialog.get_by_role("list", name="The first 2 of 2 entries")).to_contain_text("+33612345678")
        await screen.check(page, "what would come of a file of contacts")
        await dialog.get_by_role("button", name="Take in 1 contact").click()
        await expect(dialog.get_by_role("status")).to_contain_text(f"{mark}.vcf: 2 entries read")
        for outcome in ("Taken1", "Known already0", "Refused1"):
            await expect(dialog.locator("dl > div").filter(has_text=outcome)).to_be_visible()
        await expect(dialog.get_by_role("list", name="Why entries were refused")).to_contain_text("Line 7:")
        await screen.check(page, "a file of contacts was read")
        await dialog.get_by_label("Choose a file of contacts").set_input_files(file)
        await expect(dialog.get_by_role("status")).to_contain_text("sending it again changes nothing")
        await dialog.get_by_role("button", name="Send the file").click()
        await expect(dialog.get_by_role("status")).to_contain_text("was read before")
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("button", name=f"{mark} Ménard", exact=True)).to_be_visible()
        await page.get_by_role("checkbox", name=f"Pick {mark} Ménard").check()
        bar = page.get_by_role("region", name="Change what is picked")
        await bar.get_by_text("Export", exact=True).click()
        await screen.check(page, "the forms in which contacts leave")
        async with page.expect_download() as download:
            await bar.get_by_role("link", name="vCard 4.0").click()
        cards = (await (await download.value).path()).read_text(encoding="utf-8")
        assert cards.count("BEGIN:VCARD") == 1
        assert f"FN:{mark} Ménard" in cards
        assert screen.faults == []


@pytest.mark.journey
async def test_a_table_of_ones_own_is_told_what_its_columns_hold_and_what_is_refused_comes_back(
    browser: Browser,
    busy_shop: BusyShop,
) -> None:
    """Rule 35: a table whose headings nobody knows is looked at first; each of its rows is accounted for."""
    mark = a_mark()
    table = f"Wer;Rufnummer\n{mark} Ahrens;030 901820\n;{mark}\n{mark} Boll;040 901820\n"
    file: FilePayload = {"name": f"{mark}.csv", "mimeType": "text/csv", "buffer": table.encode()}
    async with open_window(browser, busy_shop.program.address) as screen:
        await screen.adopt(busy_shop.owner)
        page = await screen.context.new_page()
        await page.goto(f"/contacts?q={mark}")
        await page.get_by_role("button", name="Import contacts").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Choose a file of contacts").set_input_files(file)
        await expect(dialog.get_by_role("status")).to_contain_text("Nothing here names a contact yet")
        await expect(dialog.get_by_role("button", name="Send the file")).to_be_disabled()
        await dialog.get_by_role("combobox", name="What “Wer” holds").select_option("Whole name")
        await dialog.get_by_role("combobox", name="Phones without a country code are from").select_option("Germany")
        await dialog.get_by_role("combobox", name="What “Rufnummer” holds").select_option("Phone (Mobile)")
        await expect(dialog.get_by_role("list", name="The first 3 of 3 entries")).to_contain_text("+4940901820")
        await screen.check(page, "the columns of a table")
        await dialog.get_by_role("combobox", name="What “Rufnummer” holds").select_option("Notes")
        await dialog.get_by_role("button", name="Take in 2 contacts").click()
        await expect(dialog.locator("dl > div").filter(has_text="Refused1")).to_be_visible()
        async with page.expect_download() as download:
            await dialog.get_by_role("link", name="What was refused, as a table").click()
        rows = (await (await download.value).path()).read_text(encoding="utf-8-sig").splitlines()
        assert rows[0] == "Reason,Line,Wer,Rufnummer"
        assert rows[1].endswith(f",3,,{mark}")
        assert screen.faults == []
