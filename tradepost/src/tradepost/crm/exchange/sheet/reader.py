"""Reading sheets of contacts, piece by piece: each row is a contact or a reason (rule 35)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from mainstay.sheet.encoding import Encoding
from mainstay.sheet.lines import decode_head
from mainstay.sheet.problem import SheetProblem
from mainstay.sheet.records import Records
from tradepost.crm.exchange.entry import ExchangeProblem, Read, Rejected, Unreadable
from tradepost.crm.exchange.sheet.layout import SheetLayout
from tradepost.crm.exchange.sheet.row import read_row

MOST_ROWS = 250_000


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row as it stands in the file, and what comes of it."""

    cells: tuple[str, ...]
    entry: Read | Rejected


def read_sheet(pieces: Iterable[bytes], layout: SheetLayout) -> Iterator[Read | Rejected]:
    """Yield what comes of each row below the header. Raises ExchangeProblem."""
    reader = SheetReader(layout)
    for piece in pieces:
        yield from reader.feed(piece)
    yield from reader.end()


def preview_sheet(head: bytes, layout: SheetLayout, rows: int, *, is_whole: bool) -> tuple[PreviewRow, ...]:
    """Return the first rows as they are read under the layout's mapping; the last row of a part may be cut off.

    Raises ExchangeProblem.
    """
    text = decode_head(head, layout.encoding)
    reader = SheetReader(replace(layout, encoding=Encoding("utf-8")))
    found = [*reader.rows(text.encode("utf-8", "replace")), *reader.rows(None)]
    return tuple((found if is_whole else found[:-1])[:rows])


class SheetReader:
    """Reads a file that is fed piece by piece; what `feed` and `end` give must be taken before the next piece.

    Empty rows are passed over and do not count.
    """

    def __init__(self, layout: SheetLayout, most_rows: int = MOST_ROWS) -> None:
        self._layout = layout
        self._records = Records(layout.encoding, layout.separator)
        self._most = most_rows
        self.count = 0

    def feed(self, piece: bytes) -> Iterator[Read | Rejected]:
        """Yield what comes of the rows that are complete. Raises ExchangeProblem."""
        return (row.entry for row in self.rows(piece))

    def end(self) -> Iterator[Read | Rejected]:
        """Yield what comes of the last rows. Raises ExchangeProblem."""
        return (row.entry for row in self.rows(None))

    def rows(self, piece: bytes | None) -> Iterator[PreviewRow]:
        """Yield the rows that are complete with this piece, or at the end of the file. Raises ExchangeProblem."""
        try:
            if piece is None:
                self._records.end()
            else:
                self._records.feed(piece)
            for number, cells in self._records.ready():
                if number > self._layout.header_row and any(cell.strip() for cell in cells):
                    yield self._row(number, cells)
        except SheetProblem as problem:
            raise ExchangeProblem(str(problem)) from problem

    def _row(self, number: int, cells: list[str]) -> PreviewRow:
        self.count += 1
        if self.count > self._most:
            raise ExchangeProblem(f"The sheet has more than {self._most:,} rows; send it in parts.")
        return PreviewRow(tuple(cells), self._entry(number, cells))

    def _entry(self, line: int, cells: list[str]) -> Read | Rejected:
        try:
            return Read(self.count, line, read_row(cells, self._layout.mapping))
        except Unreadable as failure:
            return Rejected(self.count, line, failure.reason)
