"""How sheets of contacts are laid out."""

import pytest

from mainstay.sheet.encoding import Encoding
from tradepost.crm.exchange.entry import ExchangeProblem
from tradepost.crm.exchange.sheet.layout import Format, SheetLayout, detect_sheet
from tradepost.crm.exchange.sheet.target import SheetMapping, Target

UTF8 = Encoding("utf-8")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_are_found_by_the_columns_they_make(separator: str) -> None:
    layout = detect_sheet(separator.join(["Name", '"Notes, and; more"', "Phone"]).encode(), UTF8)
    assert (layout.separator, len(layout.mapping.columns)) == (separator, 3)


@pytest.mark.parametrize(
    ("header", "form"),
    [
        ("First Name,Phone 1 - Label,Phone 1 - Value", "google"),
        ("Name,Group Membership", "google"),
        ("First Name,Business Street,Business Phone", "outlook"),
        ("Name,Phone", "plain"),
    ],
)
def test_it_is_known_who_wrote_a_sheet(header: str, form: Format) -> None:
    assert detect_sheet(header.encode(), UTF8).format == form


def test_a_stated_separator_and_empty_lines_are_passed_over() -> None:
    layout = detect_sheet("sep=;\n\nName;Телефон\n".encode("cp1251"), Encoding("cp1251"))
    assert (layout.separator, layout.header_row, layout.mapping.names_contacts) == (";", 3, True)


def test_unknown_headers_can_be_mapped_by_a_person() -> None:
    layout = detect_sheet(b"a;b\n1;2\n", UTF8)
    assert not layout.mapping.names_contacts
    mapping = layout.mapping.changed(0, Target("name"))
    assert layout.mapped(mapping) == SheetLayout(UTF8, ";", 1, "plain", mapping)
    assert mapping == SheetMapping(("a", "b"), (Target("name"), None))


def test_a_sheet_without_rows_or_with_too_many_columns_is_refused() -> None:
    with pytest.raises(ExchangeProblem, match="no rows"):
        detect_sheet(b"\n;;\n", UTF8)
    with pytest.raises(ExchangeProblem, match="columns"):
        detect_sheet(b"a,b;c\td|" * 600, UTF8)
    with pytest.raises(ExchangeProblem, match="columns"):
        detect_sheet(b"x" * 200_000, UTF8)
