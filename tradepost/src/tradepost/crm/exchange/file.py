"""A file of contacts, whole: vCards or a sheet, told apart by what is in it."""

from dataclasses import dataclass
from typing import Literal

from mainstay.sheet.encoding import Survey
from mainstay.sheet.problem import SheetProblem
from tradepost.crm.exchange.entry import ExchangeProblem, Read, Rejected
from tradepost.crm.exchange.sheet.layout import detect_sheet
from tradepost.crm.exchange.sheet.reader import SheetReader
from tradepost.crm.exchange.vcard.reader import VCardReader

FileFormat = Literal["vcard", "csv"]
# What the layout of a sheet is found out from.
HEAD = 256 * 1024
_BEFORE_TEXT = b"\xef\xbb\xbf\xff\xfe \t\r\n"


@dataclass(frozen=True, slots=True)
class ContactFile:
    """What came of each entry of a file, in its order."""

    format: FileFormat
    entries: list[Read | Rejected]


def file_format(content: bytes) -> FileFormat:
    """Return what a file is: a vCard begins as one, everything else is read as a sheet."""
    # In UTF-16 every other byte of such text is zero.
    head = content[:HEAD].replace(b"\0", b"").lstrip(_BEFORE_TEXT)
    return "vcard" if head[:11].upper() == b"BEGIN:VCARD" else "csv"


def read_file(content: bytes, most: int) -> ContactFile:
    """Return all entries of a file. Raises ExchangeProblem when it cannot be read, or has more than `most`."""
    if file_format(content) == "vcard":
        cards = VCardReader(most)
        return ContactFile("vcard", [*cards.feed(content), *cards.end()])
    survey = Survey()
    survey.feed(content)
    try:
        encoding = survey.encoding()
    except SheetProblem as problem:
        raise ExchangeProblem(str(problem)) from problem
    rows = SheetReader(detect_sheet(content[:HEAD], encoding), most)
    return ContactFile("csv", [*rows.feed(content), *rows.end()])
