"""Business cards from a photo to a contact: one, one in Russian, forty in one go, and pictures that are no cards."""

import re
from pathlib import Path

import pytest
from browsing import PHONE, Screen, hold_up, open_window
from card_desk import batch_of, begin_to_check, picture, put_in, small_card
from drawn_cards import TILTED, as_bytes, draw_card, photograph
from playwright.async_api import Browser, Page, expect
from shopfloor.busy import BusyShop

CONTACTS = "/api/v1/crm/contacts"
CARDS = "/api/v1/crm/cards"
RUSSIAN_CARD = Path(__file__).parents[1] / "crm" / "cards" / "photos" / "prichal.jpg"
GIVEN = ("Martin", "Sandra", "Robert", "Monica", "Daniel", "Olivia", "Victor", "Teresa")
FAMILY = ("Baker", "Foster", "Holland", "Palmer", "Sanders")


async def look_everywhere(screen: Screen, page: Page, what: str) -> None:
    """Have axe look at a page in light and dark, and on a phone."""
    await screen.check(page, what)
    await page.set_viewport_size(PHONE)
    await screen.check(page, f"{what} on a phone", "light")
    await page.set_viewport_size({"width": 1280, "height": 800})


@pytest.mark.journey
@pytest.mark.practice(103)
async def test_a_photographed_card_is_corrected_beside_its_picture_and_becomes_a_contact(
    browser: Browser, busy_shop: BusyShop
) -> None:
    photo = as_bytes(photograph([(draw_card(), TILTED)]))
    async with open_window(browser, busy_shop.program.address) as screen:
        await screen.adopt(busy_shop.owner)
        page = await screen.context.new_page()
        await page.goto("/contacts")
        await page.get_by_role("link", name="Scan cards").click()
        await put_in(page, [picture("fair.jpg", photo)])
        form = await begin_to_check(page, "Check 1 card")
        await expect(form.get_by_label("Name", exact=True)).to_have_value("Odalys Fennimore")
        await expect(form.get_by_label("Company")).to_have_value("Kestrel Tools Ltd")
        await expect(form.get_by_label("E-mail 1", exact=True)).to_have_value("odalys@kestrel-tools.co.uk")
        await look_everywhere(screen, page, "a card under review")
        title = form.get_by_label("Job title")
        await title.fill("Head of sales")
        await expect(form.get_by_text("Kept", exact=True)).to_be_visible()
        # What the reviewer did is there after the page was left.
        await page.reload()
        await expect(title).to_have_value("Head of sales")
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_role("heading", name="All cards are checked")).to_be_visible()
        await look_everywhere(screen, page, "all cards are checked")
        await page.get_by_role("link", name="Odalys Fennimore").click()
        panel = page.get_by_role("complementary", name="Odalys Fennimore")
        await expect(panel.get_by_role("link", name="+44 7700 900 123")).to_be_visible()
        await expect(panel.get_by_role("region", name="What happened")).to_contain_text("from a business card")
        await screen.check(page, "a contact with its card")
        cards = panel.get_by_role("region", name="Business cards")
        await cards.get_by_role("link").click()
        await expect(page.get_by_text("This card became a contact.")).to_be_visible()
        await screen.check(page, "a card that was accepted")
        assert screen.faults == []
    [found] = (await busy_shop.owner.get(CONTACTS, params={"q": "Odalys Fennimore"})).json()["items"]
    assert (found["source"], found["title"]) == ("card", "Head of sales")


@pytest.mark.journey
async def test_a_russian_card_is_checked_in_russian(browser: Browser, busy_shop: BusyShop) -> None:
    async with open_window(browser, busy_shop.program.address, locale="ru-RU") as screen:
        await screen.adopt(busy_shop.owner)
        page = await screen.context.new_page()
        await page.goto("/contacts/cards")
        await expect(page.get_by_role("heading", name="Визитки")).to_be_visible()
        await screen.check(page, "no card yet, in Russian")
        await put_in(page, [picture("причал.jpg", RUSSIAN_CARD.read_bytes())], "Выбрать снимки")
        form = await begin_to_check(page, "Проверить 1 визитку")
        await expect(form.get_by_label("Имя", exact=True)).to_have_value("Вострикова Милана")
        await expect(form.get_by_label("Должность")).to_have_value("Главный инженер")
        await look_everywhere(screen, page, "a card under review, in Russian")
        await form.get_by_label("Отдел").fill("Конструкторское бюро")
        await form.get_by_role("button", name="Принять и дальше").click()
        await expect(page.get_by_role("heading", name="Все визитки проверены")).to_be_visible()
        await page.get_by_role("link", name="Вострикова Милана").click()
        panel = page.get_by_role("complementary", name="Вострикова Милана")
        await expect(panel.get_by_text("Главный инженер · Конструкторское бюро")).to_be_visible()
        await expect(panel.get_by_role("region", name="Визитки")).to_be_visible()
        assert screen.faults == []


@pytest.mark.journey
async def test_forty_cards_in_one_go_are_forty_contacts_by_the_keyboard_alone(
    browser: Browser, busy_shop: BusyShop
) -> None:
    people = [f"{given} {family}" for given in GIVEN for family in FAMILY]
    files = [
        picture(f"{number:02}.jpg", small_card(name, "Harbour Fair Trading Ltd")) for number, name in enumerate(people)
    ]
    async with open_window(browser, busy_shop.program.address) as screen:
        await screen.adopt(busy_shop.owner)
        page = await screen.context.new_page()
        await page.goto("/contacts/cards")
        await put_in(page, files)
        await expect(page.get_by_role("status").get_by_text("40 pictures")).to_be_visible(timeout=60_000)
        # Nobody waits for the last picture: what is read can be checked.
        await page.get_by_role("link", name=re.compile("^Check ")).click(timeout=60_000)
        name = page.get_by_label("Name", exact=True)
        for decided in range(len(people)):
            await expect(page.get_by_text(f"{decided} of ")).to_be_visible(timeout=60_000)
            await expect(name).to_be_focused(timeout=60_000)
            await page.keyboard.press("Control+Enter")
        await expect(page.get_by_role("heading", name="All cards are checked")).to_be_visible()
        await expect(page.get_by_text("40 contacts made, none left out.")).to_be_visible()
        names = await page.locator("main li a").all_inner_texts()
        assert sorted(names) == sorted(people)
        assert screen.faults == []
    vcards = (await busy_shop.owner.get(f"{CONTACTS}.vcf", params={"q": "Harbour Fair Trading"})).text
    assert vcards.count("BEGIN:VCARD") == len(people)


@pytest.mark.journey
async def test_what_is_no_picture_is_told_in_a_sentence_and_what_cannot_be_read_is_typed_by_hand(
    browser: Browser,
    busy_shop: BusyShop,
) -> None:
    whole = small_card("Cut Short", "Damaged Ltd")
    async with open_window(browser, busy_shop.program.address) as screen:
        await screen.adopt(busy_shop.owner)
        page = await screen.context.new_page()
        await page.goto("/contacts/cards")
        empty = as_bytes(draw_card([], size=(600, 320), ground="#fdfdfb"))
        await put_in(page, [picture("page.jpg", b"<html><script>alert(1)</script>"), picture("empty.jpg", empty)])
        sending = page.get_by_role("region", name="On the way")
        await expect(sending.get_by_text("page.jpg")).to_be_visible()
        await expect(sending.locator("p")).to_contain_text("JPEG, PNG or WebP")
        await expect(sending.get_by_role("button", name="Try again")).to_have_count(0)
        await sending.get_by_role("button", name="Put page.jpg away").click()
        await put_in(page, [picture("again.jpg", empty)])
        await expect(page.get_by_text("This picture was sent before")).to_be_visible()
        await screen.check(page, "a picture that was sent before")
        form = await begin_to_check(page, "Check 1 card")
        await form.get_by_label("Name", exact=True).fill("Typed By Hand")
        await form.get_by_role("button", name="Accept and next").click()
        await expect(page.get_by_role("link", name="Typed By Hand")).to_be_visible()
        await page.goto(f"/contacts/cards?batch={batch_of(page)}")
        await put_in(page, [picture("cut.jpg", whole[: len(whole) // 2])])
        await expect(page.get_by_text("cut.jpg").first).to_be_visible()
        assert screen.faults == []


@pytest.mark.journey
async def test_pictures_that_were_not_sent_yet_are_sent_when_the_page_is_loaded_anew(
    browser: Browser, busy_shop: BusyShop
) -> None:
    async with open_window(browser, busy_shop.program.address) as screen:
        await screen.adopt(busy_shop.owner)
        page = await screen.context.new_page()
        await page.goto("/contacts/cards")
        await hold_up(page, "**/card-photos?**")
        await put_in(page, [picture("lost.jpg", small_card("Nothing Lost", "Safe Harbour Ltd"))])
        sending = page.get_by_role("region", name="On the way")
        await expect(sending.get_by_role("button", name="Try again")).to_be_visible()
        await screen.check(page, "a picture that did not arrive")
        await page.unroute("**/card-photos?**")
        await page.reload()
        await expect(page.get_by_role("img", name="Picture lost.jpg")).to_be_visible()
        await page.get_by_role("button", name="Delete lost.jpg").click()
        await screen.check(page, "asked before a picture is deleted")
        await page.get_by_role("dialog").get_by_role("button", name="Delete the picture").click()
        await expect(page.get_by_role("img", name="Picture lost.jpg")).to_have_count(0)
        assert screen.faults == []
