"""The fields of a card from its lines."""

import pytest

from tradepost.crm.cards.engines.port import TextLine
from tradepost.crm.cards.fields.assemble import Fields, fields_of, prefix_of
from tradepost.crm.cards.fields.segments import segments_of
from tradepost.crm.cards.quad import Quad

LINES = (
    ("Kestrel Tools Ltd", 40, 50),
    ("Dr.Odalys Fennimore", 150, 58),
    ("Sales Manager", 225, 32),
    ("Phone: +44 20 7946 0958", 350, 28),
    ("odalys@kestrel-tools.co.uk", 390, 28),
    ("www.kestrel-tools.co.uk", 430, 28),
    ("14 Foundry Lane", 470, 28),
    ("Leeds LS1 4AP", 508, 28),
)


def read(lines: tuple[tuple[str, int, int], ...]) -> Fields:
    boxes = [
        TextLine(Quad.box(60, top, 60 + 0.5 * height * len(text), top + height), text, 0.9, "engine")
        for text, top, height in lines
    ]
    return fields_of(segments_of(boxes), 1000, 580)


def test_a_card_has_its_fields() -> None:
    fields = read(LINES)
    values = (fields.name, fields.title, fields.company, fields.department)
    assert [value.text if value else None for value in values] == [
        "Dr. Odalys Fennimore", "Sales Manager", "Kestrel Tools Ltd", None,
    ]  # fmt: skip
    assert [(value.text, item.e164) for value, item in fields.phones] == [("+44 20 7946 0958", "+442079460958")]
    assert [value.text for value in (*fields.emails, *fields.websites)] == [
        "odalys@kestrel-tools.co.uk",
        "www.kestrel-tools.co.uk",
    ]
    assert (fields.prefix, fields.language) == ("Dr.", "en")


def test_an_address_is_one_field_of_several_lines() -> None:
    found = read(LINES).address
    assert found is not None
    value, address = found
    assert (value.text, len(value.segments)) == ("14 Foundry Lane, Leeds LS1 4AP", 2)
    assert (address.street, address.postcode, address.city) == ("14 Foundry Lane", "LS1 4AP", "Leeds")


def test_no_field_is_surer_than_its_print_was_read() -> None:
    fields = read(LINES)
    values = [fields.name, fields.title, fields.company, *fields.emails, *(value for value, _ in fields.phones)]
    assert all(value is not None and 0 < value.confidence <= 0.9 for value in values)


def test_a_blank_card_has_no_fields() -> None:
    fields = read(())
    assert (fields.name, fields.company, fields.address, fields.phones, fields.language) == (None, None, None, (), "")


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("Prof. Dr. Ute Kranz", "Prof. Dr."),
        ("Dr.Ute Kranz", "Dr."),
        ("Me Olivier Dias", "Me"),
        ("Meike Kranz", ""),
        ("Dr.", ""),
    ],
)
def test_titles_before_a_name_are_its_prefix(name: str, prefix: str) -> None:
    """Rule 33: the name is not split; only honorifics are told apart."""
    assert prefix_of(name) == prefix


def test_a_legal_form_over_two_lines_is_whole() -> None:
    fields = read((("Granit UG", 40, 50), ("(haftungsbeschränkt)", 100, 36), *LINES[1:]))
    assert fields.company is not None
    assert (fields.company.text, len(fields.company.segments)) == ("Granit UG (haftungsbeschränkt)", 2)
