"""A sheet to print holds what the list shows, in its order and language, in bounds."""

import io
from typing import Any

import pytest
from pypdf import PdfReader
from shopfloor import created

from mainstay import ids
from mainstay.testing.client import Client
from tradepost.crm.service import printing

CONTACTS = "/api/v1/crm/contacts"
SHEET = f"{CONTACTS}.pdf"


@pytest.fixture
async def people(owner: Client, in_france: None) -> Client:
    """An owner with contacts of several scripts."""
    bodies: list[dict[str, Any]] = [
        {"name": "Zoë Müller", "company_name": "Quay", "title": "Buyer", "emails": [{"address": "zoe@example.com"}]},
        {"name": "田中 さくら", "phones": [{"written": "+81 3-1234-5678"}], "company_name": "Quay"},
        {"name": "Борис", "company_name": "Anchor"},
    ]
    for body in bodies:
        await created(owner, CONTACTS, body | {"id": str(ids.new_id())})
    return owner


async def text_of(client: Client, **params: str) -> str:
    """Return the text of a sheet, its spaces single."""
    answer = await client.get(SHEET, params=params)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf"), answer.text
    assert answer.headers["Content-Disposition"] == 'attachment; filename="contacts.pdf"'
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages).split())


async def test_a_sheet_holds_the_list_under_first_letters_with_the_shop_and_the_day(people: Client) -> None:
    """Rule 33: each script is kept, also on paper."""
    text = await text_of(people)
    assert text.endswith(
        "B Борис Anchor Z Zoë Müller Buyer Quay zoe@example.com 田 田中 さくら Quay +81 3-1234-5678 1 / 1"
    )
    assert (await people.get("/api/v1/shop")).json()["business"]["name"] in text


async def test_a_sheet_sorted_by_company_is_grouped_by_company_and_speaks_the_language_of_its_reader(
    people: Client,
) -> None:
    text = await text_of(people, sort="company", language="ru")
    assert "Контакты" in text
    assert "Anchor Борис Anchor Quay Zoë Müller" in text


async def test_a_sheet_holds_what_was_picked_or_found(people: Client) -> None:
    [zoe] = (await people.get(CONTACTS, params={"q": "Zoë"})).json()["items"]
    for params in ({"id": zoe["id"]}, {"q": "Zoë"}):
        text = await text_of(people, **params)
        assert ("Zoë Müller" in text, "Борис" in text) == (True, False)


async def test_an_empty_list_is_an_empty_sheet_and_needs_no_shop(owner: Client) -> None:
    assert (await text_of(owner)).endswith("Contacts 1 / 1")


async def test_more_than_a_sheet_holds_is_refused(people: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "MOST_CONTACTS", 2)
    answer = await people.get(SHEET)
    assert (answer.status_code, answer.json()["code"]) == (422, "crm.too_many_for_sheet")
    assert (await people.get(SHEET, params={"q": "Zoë"})).status_code == 200


@pytest.mark.parametrize(("name", "value"), [("PRESS", "tradepost.crm.exchange.paper.nowhere"), ("TIME_LIMIT", 0.001)])
async def test_a_press_that_fails_or_hangs_is_told(
    people: Client, monkeypatch: pytest.MonkeyPatch, name: str, value: object
) -> None:
    monkeypatch.setattr(printing, name, value)
    answer = await people.get(SHEET)
    assert (answer.status_code, answer.json()["code"]) == (503, "crm.printing_failed")


async def test_a_cashier_takes_no_printed_address_book_home(cashier: Client, api: Client) -> None:
    assert (await cashier.get(SHEET)).status_code == 403
    assert (await api.get(SHEET)).status_code in {401, 403}
