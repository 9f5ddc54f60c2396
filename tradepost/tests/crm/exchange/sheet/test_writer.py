"""Contacts as rows."""

import csv
import io
from dataclasses import replace

from hypothesis import given
from rolodex import contacts, read_sheet

from mainstay.sheet.encoding import Encoding
from mainstay.sheet.formulas import harmless
from tradepost.crm.exchange.entry import Read
from tradepost.crm.exchange.record import ContactRecord, Email, Phone, PostalAddress
from tradepost.crm.exchange.sheet.layout import detect_sheet
from tradepost.crm.exchange.sheet.writer import SheetForm, sheet_head, sheet_rows

PLAIN = SheetForm(emails=3, phones=3, websites=3, addresses=3)


def again(record: ContactRecord, form: SheetForm) -> ContactRecord:
    """Return a contact that was written to a file as `csv_reply` does, and read."""
    text = io.StringIO()
    rows = [sheet_head(form), *sheet_rows([record], form)]
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    content = text.getvalue().encode()
    [found] = read_sheet([content], detect_sheet(content, Encoding("utf-8")))
    assert isinstance(found, Read)
    return found.record


@given(contacts())
def test_any_contact_survives_a_plain_sheet(record: ContactRecord) -> None:
    """Rule 32: but for what a sheet has no column for."""
    phones = tuple(dict.fromkeys(replace(phone, e164=None) for phone in record.phones))
    assert again(record, PLAIN) == replace(record, phones=phones, foreign=())


def test_the_columns_are_those_of_google() -> None:
    head = sheet_head(SheetForm("google", emails=1, phones=1, websites=1, addresses=1))
    assert head[:3] == ["First Name", "Middle Name", "Last Name"]
    assert head[10:14] == ["E-mail 1 - Label", "E-mail 1 - Value", "Phone 1 - Label", "Phone 1 - Value"]
    assert head[-2:] == ["Address 1 - Postal Code", "Address 1 - Country"]


def test_every_row_has_a_cell_for_each_column() -> None:
    for form in (SheetForm("google"), SheetForm("plain")):
        for row in sheet_rows([ContactRecord("A"), ContactRecord("B", "company")], form):
            assert len(row) == len(sheet_head(form))


def test_an_unsplit_name_stands_whole_among_googles_first_names() -> None:
    """Rule 33."""
    record = ContactRecord("山田太郎", company="ACME")
    assert next(sheet_rows([record], SheetForm("google")))[0] == "山田太郎"
    assert again(record, SheetForm("google")) == record


def test_values_beyond_the_columns_share_the_last_cell() -> None:
    record = ContactRecord(
        "A",
        emails=(Email("a@b"), Email("c@d"), Email("e@f")),
        phones=(Phone("1", kind="mobile"), Phone("2")),
        addresses=(PostalAddress("Ulm"), PostalAddress("Bonn")),
    )
    form = SheetForm("plain", emails=2, phones=2, websites=1, addresses=1)
    assert again(record, form) == record
    assert "c@d ::: e@f" in next(sheet_rows([record], form))
