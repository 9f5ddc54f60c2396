"""How sheets of contacts are laid out."""

import pytest

from mainstay.sheet.encoding import Encoding
from tradepost.crm.exchange.entry import ExchangeProblem
from tradepost.crm.exchange.sheet.layout import Format, detect_sheet
from tradepost.crm.exchange.sheet.target import Chosen, Target

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


@pytest.mark.parametrize("sheet", [b"a;b\n1;2\n", b"Notes,Language\nx,de\n"])
def test_a_sheet_without_a_column_that_names_contacts_is_refused_with_what_to_do(sheet: bytes) -> None:
    layout = detect_sheet(sheet, UTF8)
    with pytest.raises(ExchangeProblem, match="choose what its columns hold"):
        layout.check()


def test_what_was_chosen_counts_and_the_guess_is_told_beside_it() -> None:
    layout = detect_sheet(b"Name;Handy;Notes\n", UTF8, Chosen.of("-,name,phone", has_header=True))
    assert layout.mapping.targets == (None, Target("name"), Target("phone"))
    assert layout.guess == (Target("name"), Target("phone", "mobile"), Target("notes"))
    layout.check()


def test_without_a_header_the_first_row_is_an_entry_and_columns_are_numbered() -> None:
    layout = detect_sheet(b"Name;12\n", UTF8, Chosen.of("name,phone", has_header=False))
    assert (layout.header_row, layout.mapping.columns) == (0, ("Column 1", "Column 2"))
    assert layout.guess == (None, None)


def test_a_field_must_be_chosen_for_each_column() -> None:
    with pytest.raises(ExchangeProblem, match="3 columns, and 2 fields"):
        detect_sheet(b"a;b;c\n", UTF8, Chosen.of("name,-", has_header=True))


def test_a_sheet_without_rows_or_with_too_many_columns_is_refused() -> None:
    with pytest.raises(ExchangeProblem, match="no rows"):
        detect_sheet(b"\n;;\n", UTF8)
    with pytest.raises(ExchangeProblem, match="columns"):
        detect_sheet(b"a,b;c\td|" * 600, UTF8)
    with pytest.raises(ExchangeProblem, match="columns"):
        detect_sheet(b"x" * 200_000, UTF8)
