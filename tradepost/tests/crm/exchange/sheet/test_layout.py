"""How sheets of contacts are laid out."""

import pytest

from mainstay.sheet.encoding import Encoding
from tradepost.crm.exchange.entry import ExchangeProblem
from tradepost.crm.exchange.sheet.layout import Format, detect_sheet

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
    assert (layout.separator, layout.header_row) == (";", 3)


@pytest.mark.parametrize("sheet", [b"a;b\n1;2\n", b"<html>\n<p>Name</p>\n", b"Notes,Language\nx,de\n"])
def test_a_sheet_without_a_column_that_names_contacts_is_refused_with_what_to_do(sheet: bytes) -> None:
    with pytest.raises(ExchangeProblem, match="the first row must say what the columns hold"):
        detect_sheet(sheet, UTF8)


def test_a_sheet_without_rows_or_with_too_many_columns_is_refused() -> None:
    with pytest.raises(ExchangeProblem, match="no rows"):
        detect_sheet(b"\n;;\n", UTF8)
    with pytest.raises(ExchangeProblem, match="columns"):
        detect_sheet(b"a,b;c\td|" * 600, UTF8)
    with pytest.raises(ExchangeProblem, match="columns"):
        detect_sheet(b"x" * 200_000, UTF8)
