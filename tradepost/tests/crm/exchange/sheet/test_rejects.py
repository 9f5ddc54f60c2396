"""Rejected cards as rows that a person can mend."""

from tradepost.crm.exchange.record import ContactRecord, Email
from tradepost.crm.exchange.sheet.rejects import CARD_COLUMNS, LONGEST_CARD, REASONS, record_cells, text_cells


def test_a_contact_stands_under_columns_that_are_read_again() -> None:
    cells = dict(zip(CARD_COLUMNS, record_cells(ContactRecord("Zoë", emails=(Email("no address"),))), strict=True))
    assert (cells["Name"], cells["E-mail 1 - Value"], cells["Card"]) == ("Zoë", "no address", "")


def test_of_a_card_that_is_no_contact_its_text_is_kept_in_bounds() -> None:
    cells = dict(zip(CARD_COLUMNS, text_cells("x" * 2 * LONGEST_CARD), strict=True))
    assert len(cells.pop("Card")) == LONGEST_CARD
    assert set(cells.values()) == {""}


def test_reasons_are_no_columns_of_a_contact() -> None:
    assert not set(REASONS) & set(CARD_COLUMNS)
