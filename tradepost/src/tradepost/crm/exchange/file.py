"""A file of contacts, whole: vCards or a sheet, told apart by what is in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from mainstay.sheet.encoding import Survey
from mainstay.sheet.problem import SheetProblem
from mainstay.sheet.records import Records
from tradepost.crm.exchange.entry import ExchangeProblem, Read, Rejected
from tradepost.crm.exchange.sheet.layout import SheetLayout, detect_sheet
from tradepost.crm.exchange.sheet.reader import SheetReader
from tradepost.crm.exchange.sheet.rejects import CARD_COLUMNS
from tradepost.crm.exchange.sheet.target import GUESSED, Chosen
from tradepost.crm.exchange.vcard.reader import VCardReader

FileFormat = Literal["vcard", "csv"]
# What the layout of a sheet is found out from.
HEAD = 256 * 1024
# Rows that are looked at for samples of what a column holds.
SAMPLED = 200
_BEFORE_TEXT = b"\xef\xbb\xbf\xff\xfe \t\r\n"


@dataclass(frozen=True, slots=True)
class ContactFile:
    """What came of each entry of a file, in its order.

    `columns` are those of the cells of rejected entries; `chosen` is what decided beside the headings, so that the same
    content with the same choice gives the same entries.
    """

    format: FileFormat
    entries: list[Read | Rejected]
    columns: tuple[str, ...] = CARD_COLUMNS
    chosen: Chosen = GUESSED


def file_format(content: bytes) -> FileFormat:
    """Return what a file is: a vCard begins as one, everything else is read as a sheet."""
    # In UTF-16 every other byte of such text is zero.
    head = content[:HEAD].replace(b"\0", b"").lstrip(_BEFORE_TEXT)
    return "vcard" if head[:11].upper() == b"BEGIN:VCARD" else "csv"


def read_file(content: bytes, most: int, chosen: Chosen = GUESSED) -> ContactFile:
    """Return all entries of a file. Raises ExchangeProblem when it cannot be read, or has more than `most`."""
    if file_format(content) == "vcard":
        cards = VCardReader(most)
        return ContactFile("vcard", [*cards.feed(content), *cards.end()])
    layout = sheet_layout(content, chosen)
    layout.check()
    rows = SheetReader(layout, most)
    entries = [*rows.feed(content), *rows.end()]
    # What is chosen as it would be guessed is no choice.
    targets = None if layout.mapping.targets == layout.guess else chosen.targets
    return ContactFile("csv", entries, layout.mapping.columns, Chosen(targets, chosen.has_header))


def sheet_layout(content: bytes, chosen: Chosen) -> SheetLayout:
    """Return how a sheet is laid out. Raises ExchangeProblem when it is none."""
    survey = Survey()
    survey.feed(content)
    try:
        encoding = survey.encoding()
    except SheetProblem as problem:
        raise ExchangeProblem(str(problem)) from problem
    return detect_sheet(content[:HEAD], encoding, chosen)


def first_rows(content: bytes, layout: SheetLayout) -> list[list[str]]:
    """Return the cells of the first rows below the header. Raises ExchangeProblem."""
    try:
        return list(islice(_rows(content, layout), SAMPLED))
    except SheetProblem as problem:
        raise ExchangeProblem(str(problem)) from problem


def _rows(content: bytes, layout: SheetLayout) -> Iterator[list[str]]:
    records = Records(layout.encoding, layout.separator)
    records.feed(content)
    records.end()
    return (cells for number, cells in records.ready() if number > layout.header_row and any(map(str.strip, cells)))
