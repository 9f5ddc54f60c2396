"""The draft of a contact: what a form is filled with, and the boxes that each value came from."""

from dataclasses import replace

import pytest
from cards_read import reading, spot, with_address

from tradepost.crm.cards.answers import CardContact
from tradepost.crm.cards.drafting import draft_of, empty_draft
from tradepost.crm.cards.reading import CardReading, FieldReading
from tradepost.crm.exchange.record import ContactRecord, Email, Phone, PostalAddress


def fields_of(card: CardReading) -> dict[tuple[str, int], tuple[str, float, list[int]]]:
    """Return value, confidence and boxes of each field."""
    return {(one.kind, one.index): (one.value, one.confidence, one.box_ids) for one in draft_of(card).fields}


def test_each_value_has_its_confidence_and_the_box_it_came_from() -> None:
    assert fields_of(reading(phone_confidence=0.5)) == {
        ("name", 0): ("Odalys Fennimore", 0.95, [0]),
        ("title", 0): ("Sales Manager", 0.95, [1]),
        ("company", 0): ("Kestrel Tools Ltd", 0.95, [2]),
        ("phone", 0): ("+44 20 7946 0958", 0.5, [3]),
        ("email", 0): ("odalys@kestrel.example", 0.95, [4]),
    }


def test_the_contact_is_what_the_card_says() -> None:
    contact = draft_of(with_address(reading(), "14 Foundry Lane")).contact
    assert (contact.kind, contact.name, contact.company_name) == ("person", "Odalys Fennimore", "Kestrel Tools Ltd")
    assert (contact.phones[0].written, contact.emails[0].address) == ("+44 20 7946 0958", "odalys@kestrel.example")
    assert (contact.addresses[0].text, contact.language) == ("14 Foundry Lane", "en")


def test_boxes_are_the_printed_lines_in_the_picture() -> None:
    boxes = draft_of(reading()).boxes
    assert [box.text for box in boxes][:2] == ["Odalys Fennimore", "Sales Manager"]
    assert boxes[1].quad == [[10.0, 20.0], [114.0, 20.0], [114.0, 36.0], [10.0, 36.0]]
    assert {box.engine for box in boxes} == {"rapidocr"}


def test_a_part_of_a_line_belongs_to_the_box_of_the_line() -> None:
    card = reading()
    part = replace(spot(1, "Sales Manager"), photo=spot(1, "Sales").photo, text="Sales")
    card = replace(card, title=FieldReading("title", "Sales", 0.9, (part, spot(2, "Kestrel"))))
    assert fields_of(card)["title", 0] == ("Sales", 0.9, [1, 2])


def test_the_card_of_a_company_has_its_name_as_the_name() -> None:
    card = reading(("", "", "Kestrel Tools Ltd", "", ""))
    assert draft_of(card).contact.kind == "company"
    assert fields_of(card) == {("name", 0): ("Kestrel Tools Ltd", 0.95, [0])}


def test_what_only_a_code_says_is_certain_and_has_no_box() -> None:
    coded = ContactRecord(
        name="Odalys Fennimore",
        phones=(Phone("+44 7700 900123"),),
        emails=(Email("odalys@kestrel.example"),),
        addresses=(PostalAddress("14 Foundry Lane"),),
    )
    fields = fields_of(replace(with_address(reading(), "Elsewhere"), coded=coded, code="BEGIN:VCARD"))
    assert fields["phone", 0] == ("+44 7700 900123", 1.0, [])
    assert fields["phone", 1] == ("+44 20 7946 0958", 0.95, [3])
    assert fields["email", 0] == ("odalys@kestrel.example", 0.95, [4])
    assert fields["address", 0] == ("14 Foundry Lane", 1.0, [])


def test_what_no_contact_can_have_is_cut_or_left_out() -> None:
    card = reading(("N" * 400, "\x07", "Kestrel\x00 Tools", "1" * 200, "x" * 500))
    contact = draft_of(replace(card, language="not a language")).contact
    assert (len(contact.name), contact.title, contact.company_name) == (300, None, "Kestrel Tools")
    assert (len(contact.phones[0].written), len(contact.emails[0].address)) == (100, 320)
    assert contact.language is None


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "\u202eelpoeP", "\u200fאבג\u200f", "Zoe\u0308"])
def test_letters_of_every_script_and_direction_are_kept(name: str) -> None:
    """Rule 33: only the composed form is made."""
    assert draft_of(reading((name, "", "", "", ""))).contact.name == name.replace("e\u0308", "ë")


def test_a_picture_that_could_not_be_read_is_a_draft_without_anything() -> None:
    draft = empty_draft(300, 200)
    assert (draft.boxes, draft.fields, draft.contact, draft.code) == ([], [], CardContact(), "")
    assert draft.place == [[0.0, 0.0], [300.0, 0.0], [300.0, 200.0], [0.0, 200.0]]
