"""Reading sheets of contacts, piece by piece: each row is a contact or a reason (rule 35)."""

from collections.abc import Iterator

from mainstay.sheet.problem import SheetProblem
from mainstay.sheet.records import Records
from tradepost.crm.exchange.entry import ExchangeProblem, Read, Rejected, Unreadable
from tradepost.crm.exchange.sheet.layout import SheetLayout
from tradepost.crm.exchange.sheet.row import read_row


class SheetReader:
    """Reads a file that is fed piece by piece; what `feed` and `end` give must be taken before the next piece.

    Empty rows are passed over and do not count.
    """

    def __init__(self, layout: SheetLayout, most_rows: int) -> None:
        self._layout = layout
        self._records = Records(layout.encoding, layout.separator)
        self._most = most_rows
        self.count = 0

    def feed(self, piece: bytes) -> Iterator[Read | Rejected]:
        """Yield what comes of the rows that are complete. Raises ExchangeProblem."""
        return self._entries(piece)

    def end(self) -> Iterator[Read | Rejected]:
        """Yield what comes of the last rows. Raises ExchangeProblem."""
        return self._entries(None)

    def _entries(self, piece: bytes | None) -> Iterator[Read | Rejected]:
        try:
            if piece is None:
                self._records.end()
            else:
                self._records.feed(piece)
            for number, cells in self._records.ready():
                if number > self._layout.header_row and any(cell.strip() for cell in cells):
                    yield self._entry(number, cells)
        except SheetProblem as problem:
            raise ExchangeProblem(str(problem)) from problem

    def _entry(self, line: int, cells: list[str]) -> Read | Rejected:
        self.count += 1
        if self.count > self._most:
            raise ExchangeProblem(f"The sheet has more than {self._most:,} rows; send it in parts.")
        try:
            return Read(self.count, line, read_row(cells, self._layout.mapping), cells=tuple(cells))
        except Unreadable as failure:
            return Rejected(self.count, line, failure.reason, tuple(cells))
