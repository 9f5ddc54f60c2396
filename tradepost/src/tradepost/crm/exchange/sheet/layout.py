"""Finding out how a sheet of contacts is laid out: who wrote it, its separator, its header, and a first mapping."""

from dataclasses import dataclass
from typing import Literal

from mainstay.sheet.encoding import Encoding
from mainstay.sheet.header import find_header
from mainstay.sheet.lines import decode_head
from mainstay.sheet.problem import SheetProblem
from mainstay.sheet.records import SEPARATORS, split_line
from tradepost.crm.exchange.entry import ExchangeProblem
from tradepost.crm.exchange.folding import fold
from tradepost.crm.exchange.sheet.headers import guess_targets
from tradepost.crm.exchange.sheet.target import SheetMapping

Format = Literal["google", "outlook", "plain"]
MOST_COLUMNS = 500
LONGEST_HEADER = 50_000
_GOOGLE = {"e mail 1 value", "phone 1 value", "address 1 street", "group membership"}
_OUTLOOK = {"business street", "business phone", "e mail 2 address", "home street", "strasse geschaftlich"}


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """How a sheet is laid out; `header_row` counts from one."""

    encoding: Encoding
    separator: str
    header_row: int
    format: Format
    mapping: SheetMapping


def detect_sheet(head: bytes, encoding: Encoding) -> SheetLayout:
    """Return the layout of a sheet that begins with `head`; `encoding` is told by a Survey of the whole file.

    Raises ExchangeProblem when it has no rows or too many columns, or when no column names a contact.
    """
    try:
        header = find_header(decode_head(head, encoding))
        separators = (header.separator,) if header.separator else SEPARATORS
        tables = [(separator, tuple(split_line(header.line, separator))) for separator in separators]
    except SheetProblem as problem:
        raise ExchangeProblem(str(problem)) from problem
    if max(len(columns) for _, columns in tables) > MOST_COLUMNS or len(header.line) > LONGEST_HEADER:
        raise ExchangeProblem(f"The header has more than {MOST_COLUMNS} columns or {LONGEST_HEADER:,} characters.")
    mappings = [(separator, SheetMapping(columns, guess_targets(columns))) for separator, columns in tables]
    separator, mapping = max(mappings, key=lambda pair: _fitness(pair[1]))
    if not mapping.names_contacts:
        raise ExchangeProblem(
            "No column of this table is a name, a company, an e-mail address or a phone: the first row must say what "
            "the columns hold, such as Name, Phone, E-mail."
        )
    names = {fold(column) for column in mapping.columns}
    form: Format = "google" if names & _GOOGLE else "outlook" if names & _OUTLOOK else "plain"
    return SheetLayout(encoding, separator, header.row, form, mapping)


def _fitness(mapping: SheetMapping) -> tuple[int, int]:
    return sum(target is not None for target in mapping.targets), len(mapping.columns)
