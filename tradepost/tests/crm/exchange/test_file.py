"""Telling files apart by what is in them."""

import pytest

from tradepost.crm.exchange.entry import ExchangeProblem, Read, Rejected
from tradepost.crm.exchange.file import file_format, read_file

CARD = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:{}\r\nEND:VCARD\r\n"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (CARD.encode(), "vcard"),
        (b"\xef\xbb\xbf\r\n" + CARD.lower().encode(), "vcard"),
        (CARD.encode("utf-16"), "vcard"),
        (b"Name,Phone\nBEGIN:VCARD,1\n", "csv"),
        (b"", "csv"),
    ],
)
def test_a_file_is_what_it_begins_as(content: bytes, expected: str) -> None:
    assert file_format(content) == expected


def test_entries_come_in_their_order_whatever_the_form() -> None:
    """Rule 35."""
    cards = read_file((CARD.format("Zoë") + CARD.replace("FN:{}\r\n", "")).encode(), 2)
    sheet = read_file("Name;Notes\nZoë;\n;x\n".encode(), 2)
    for file, expected in ((cards, "vcard"), (sheet, "csv")):
        first, second = file.entries
        assert file.format == expected
        assert isinstance(first, Read)
        assert first.record.name == "Zoë"
        assert isinstance(second, Rejected)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ((CARD.format("A") * 3).encode(), "more than 2"),
        (b"Name\nA\nB\nC\n", "more than 2 rows"),
        (b"%PDF-1.7", "PDF"),
        (b"", "empty"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, sentence: str) -> None:
    with pytest.raises(ExchangeProblem, match=sentence):
        read_file(content, 2)
