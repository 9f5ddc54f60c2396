"""Finding the line of a table that names its columns."""

import re
from dataclasses import dataclass

from mainstay.sheet.problem import SheetProblem

_SEPARATOR_LINE = re.compile(r"sep=(.)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Header:
    """The first line with content: its row, counted from one, and the separator that a line before it states."""

    row: int
    line: str
    separator: str | None


def find_header(head: str) -> Header:
    """Return the header of a table whose text begins with `head`. Raises SheetProblem when it has no rows."""
    stated = None
    for row, line in enumerate(head.splitlines(), start=1):
        if found := _SEPARATOR_LINE.fullmatch(line.strip(' "')):
            stated = found[1]
        elif line.strip(' ,;|\t"'):
            return Header(row, line, stated)
    raise SheetProblem("The file has no rows.")
