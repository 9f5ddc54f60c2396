"""Records of a file: quoted cells with line ends, separators and quotes in them, read as pieces arrive."""

import csv
from collections.abc import Iterator

from mainstay.sheet.encoding import NO_TABLE, Encoding
from mainstay.sheet.lines import Lines, OutOfLines
from mainstay.sheet.problem import SheetProblem

# No record may be longer (characters): so much must be at hand before one is read, and no more is held.
LONGEST_RECORD = 1_000_000
SEPARATORS = (",", ";", "\t", "|")


class Records:
    """Reads records of a file that is fed piece by piece; `separator` is known before the first."""

    def __init__(self, encoding: Encoding, separator: str) -> None:
        # The limit of one cell is the module's own for the whole process; ours is that of the record.
        csv.field_size_limit(LONGEST_RECORD)
        self._lines = Lines(encoding)
        self._reader = csv.reader(self._lines, delimiter=separator)
        self.count = 0

    def feed(self, piece: bytes) -> None:
        """Add a piece of the file. Raises SheetProblem."""
        self._lines.feed(piece)

    def end(self) -> None:
        """Say that the file ends here. Raises SheetProblem."""
        self._lines.end()

    def ready(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the records that are complete for certain, each with its number, counted as a spreadsheet does.

        Raises SheetProblem when a quotation mark is opened and never closed.
        """
        while self._lines.is_ended or self._lines.size > LONGEST_RECORD:
            try:
                cells = next(self._reader, None)
            except (OutOfLines, csv.Error) as failure:
                raise SheetProblem(
                    f"Row {self.count + 1} does not end: a quotation mark is opened there and not closed."
                ) from failure
            if cells is None:
                return
            self.count += 1
            yield self.count, cells


def split_line(line: str, separator: str) -> list[str]:
    """Return the cells of one line. Raises SheetProblem when it is too long for one."""
    if len(line) > LONGEST_RECORD:
        raise SheetProblem(f"{NO_TABLE} It has a line of more than {LONGEST_RECORD:,} characters.")
    csv.field_size_limit(LONGEST_RECORD)
    return next(csv.reader([line], delimiter=separator), [])
