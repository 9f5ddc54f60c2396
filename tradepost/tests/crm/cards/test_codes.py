"""QR codes: what they hold, and the contact that they speak of."""

import pytest
from drawn_cards import bgr, draw_card

from tradepost.crm.cards.codes import contact_of, read_codes
from tradepost.crm.exchange.record import ContactRecord, Website

MECARD = (
    "MECARD:N:Fennimore,Odalys;ORG:Kestrel\\; Tools;TITLE:Manager;TEL:+442079460958;EMAIL:o@k.de;URL:k.de;"
    "ADR:14 Lane,Leeds;NOTE:hi;;"
)
VCARD = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Fennimore;Odalys;;;\r\nFN:Odalys Fennimore\r\nTEL:+442079460958\r\nEND:VCARD\r\n"
)


def test_the_code_on_a_card_is_read() -> None:
    assert read_codes(bgr(draw_card(code="https://kestrel.de/odalys"))) == ["https://kestrel.de/odalys"]


def test_a_card_without_a_code_has_none() -> None:
    assert read_codes(bgr(draw_card())) == []


def test_a_mecard_is_a_contact() -> None:
    """Rule 33: the name is split because it came split."""
    found = contact_of(MECARD)
    assert found is not None
    assert (found.name, found.given, found.family) == ("Odalys Fennimore", "Odalys", "Fennimore")
    assert (found.company, found.title, found.notes) == ("Kestrel; Tools", "Manager", "hi")
    assert [(phone.written, phone.e164) for phone in found.phones] == [("+442079460958", "+442079460958")]
    assert [email.address for email in found.emails] == ["o@k.de"]
    assert [website.url for website in found.websites] == ["k.de"]
    assert [address.text for address in found.addresses] == ["14 Lane\nLeeds"]


def test_a_mecard_with_one_name_is_not_split() -> None:
    found = contact_of("mecard:N:Odalys Fennimore;;")
    assert found is not None
    assert (found.name, found.given, found.family) == ("Odalys Fennimore", "", "")


def test_a_vcard_is_a_contact() -> None:
    found = contact_of(VCARD)
    assert found is not None
    assert (found.name, found.family, found.phones[0].written) == ("Odalys Fennimore", "Fennimore", "+442079460958")


def test_a_page_is_a_website() -> None:
    assert contact_of(" https://kestrel.de/odalys ") == ContactRecord(
        name="", websites=(Website("https://kestrel.de/odalys"),)
    )


@pytest.mark.parametrize("text", ["WIFI:S:shop;;", "hello", "BEGIN:VCARD", "BEGIN:VCARD\r\nFN:half"])
def test_anything_else_speaks_of_nobody(text: str) -> None:
    assert contact_of(text) is None
