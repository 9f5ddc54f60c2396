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
from tradepost.crm.exchange.sheet.target import GUESSED, Chosen, SheetMapping, Target

Format = Literal["google", "outlook", "plain"]
MOST_COLUMNS = 500
NO_NAMES = (
    "No column of this table is a name, a company, an e-mail address or a phone: choose what its columns hold, or have "
    "the first row say it, such as Name, Phone, E-mail."
)
LONGEST_HEADER = 50_000
_GOOGLE = {"e mail 1 value", "phone 1 value", "address 1 street", "group membership"}
_OUTLOOK = {"business street", "business phone", "e mail 2 address", "home street", "strasse geschaftlich"}


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """How a sheet is laid out; `header_row` counts from one, entries begin below it.

    `guess` is what the headings say, `mapping` what is read: that, or what was chosen.
    """

    encoding: Encoding
    separator: str
    header_row: int
    format: Format
    mapping: SheetMapping
    guess: tuple[Target | None, ...]

    def check(self) -> None:
        """Raise ExchangeProblem when no column names a contact: every row would be rejected."""
        if not self.mapping.names_contacts:
            raise ExchangeProblem(NO_NAMES)


def detect_sheet(head: bytes, encoding: Encoding, chosen: Chosen = GUESSED) -> SheetLayout:
    """Return the layout of a sheet that begins with `head`; `encoding` is told by a Survey of the whole file.

    Raises ExchangeProblem when it has no rows or too many columns, or when what was chosen is not for so many columns.
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
    names = {fold(column) for column in mapping.columns}
    form: Format = "google" if names & _GOOGLE else "outlook" if names & _OUTLOOK else "plain"
    if not chosen.has_header:
        columns = tuple(f"Column {place}" for place in range(1, len(mapping.columns) + 1))
        mapping = SheetMapping(columns, (None,) * len(columns))
    first = header.row if chosen.has_header else header.row - 1
    return SheetLayout(encoding, separator, first, form, _as_chosen(mapping, chosen), mapping.targets)


def _as_chosen(mapping: SheetMapping, chosen: Chosen) -> SheetMapping:
    if chosen.targets is None:
        return mapping
    if len(chosen.targets) != len(mapping.columns):
        raise ExchangeProblem(
            f"The table has {len(mapping.columns)} columns, and {len(chosen.targets)} fields were chosen: choose one "
            "for each column, or leave it out."
        )
    return SheetMapping(mapping.columns, chosen.targets)


def _fitness(mapping: SheetMapping) -> tuple[int, int]:
    return sum(target is not None for target in mapping.targets), len(mapping.columns)
