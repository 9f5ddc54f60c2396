"""Rows as contacts."""

import pytest

from tradepost.crm.exchange.entry import Unreadable
from tradepost.crm.exchange.record import ContactRecord, Email, Phone, PostalAddress, Website
from tradepost.crm.exchange.sheet.headers import guess_targets
from tradepost.crm.exchange.sheet.row import LONGEST_CELL, read_row
from tradepost.crm.exchange.sheet.target import SheetMapping, Target


def read(**cells: str) -> ContactRecord:
    """Return the contact of a row whose cells are named by their headers, underscores for spaces."""
    columns = tuple(cells)
    return read_row(list(cells.values()), SheetMapping(columns, guess_targets(columns)))


def test_a_whole_name_is_not_split() -> None:
    """Rule 33."""
    assert read(Name="山田  太郎") == ContactRecord("山田 太郎")
    assert read(First_Name="山田太郎", Last_Name="") == ContactRecord("山田太郎")


def test_a_name_in_parts_is_put_together() -> None:
    found = read(First_Name="Anna", Last_Name="Grün", Name_Prefix="Dr.")
    assert found == ContactRecord("Dr. Anna Grün", given="Anna", family="Grün", prefix="Dr.")


def test_a_row_without_a_person_is_its_company() -> None:
    assert read(Name="", Company="ACME", Phone="1") == ContactRecord("ACME", "company", phones=(Phone("1"),))


def test_a_row_without_a_name_is_called_by_its_address() -> None:
    assert read(Name="", Phone="112", Email="a@b.c").name == "a@b.c"


def test_several_values_of_a_cell_are_parted_as_google_does() -> None:
    record = read(
        Name="A",
        E_mail_1_Label="* Home",
        E_mail_1_Value="a@b ::: c@d",
        Phone_1_Label="",
        Phone_1_Value="1",
        Phone_2_Label="Mobile",
        Phone_2_Value="2 ::: 3",
        Labels="Messe ::: * myContacts ::: a, b",
    )
    assert record.emails == (Email("a@b", "home"), Email("c@d", "home"))
    assert record.phones == (Phone("1", kind="other"), Phone("2", kind="mobile"), Phone("3", kind="mobile"))
    assert record.tags == ("Messe", "a, b")


def test_tags_of_plain_sheets_are_parted_by_commas_and_semicolons() -> None:
    assert read(Name="A", Tags="x, y;z;") == ContactRecord("A", tags=("x", "y", "z"))


def test_addresses_are_gathered_by_their_kind() -> None:
    record = read(
        Name="A",
        Business_Street="Weg 1",
        Business_Street_2="Hof",
        Business_City="Ulm",
        Business_Postal_Code="89073",
        Home_City="Bonn",
        Address="Paris",
        Web="x.example",
    )
    assert record.addresses == (
        PostalAddress("Weg 1\nHof\n89073 Ulm", street="Weg 1\nHof", city="Ulm", postcode="89073"),
        PostalAddress("Bonn", city="Bonn", kind="home"),
        PostalAddress("Paris"),
    )
    assert record.websites == (Website("x.example"),)


def test_several_columns_may_go_to_one_field() -> None:
    mapping = SheetMapping(("a", "b", "c"), (Target("name"), Target("notes"), Target("notes")))
    assert read_row(["A", "one", "two"], mapping) == ContactRecord("A", notes="one\ntwo")


def test_what_keeps_a_spreadsheet_from_running_a_cell_is_taken_off() -> None:
    assert read(Name="'=A", Phone="'+49 30 1") == ContactRecord("=A", phones=(Phone("+49 30 1"),))


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (["", "x"], "no_name"),
        (["\0", ""], "no_name"),
        (["A", "x" * (LONGEST_CELL + 1)], "cell_too_long"),
        (["A", "", "more"], "too_many_cells"),
    ],
)
def test_a_row_that_is_no_contact_has_a_reason(cells: list[str], code: str) -> None:
    """Rule 35."""
    with pytest.raises(Unreadable) as failure:
        read_row(cells, SheetMapping(("Name", "Notes"), (Target("name"), Target("notes"))))
    assert failure.value.reason.code == code


def test_short_rows_and_columns_left_out_are_fine() -> None:
    mapping = SheetMapping(("Name", "x", "Notes"), (Target("name"), None, Target("notes")))
    assert read_row(["A", "left out"], mapping) == ContactRecord("A")
