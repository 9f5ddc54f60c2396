"""Turning pieces of a file into lines of text that keep their ends, whatever those are."""

import codecs
import re
from collections import deque
from collections.abc import Iterator

from mainstay.sheet.encoding import NO_TABLE, Encoding
from mainstay.sheet.problem import SheetProblem

# Characters; a longer one is no line of a table.
LONGEST_LINE = 1_000_000
# Not str.splitlines, which also splits at form feeds and other signs that stand within cells.
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


class OutOfLines(Exception):
    """A record goes on where the lines at hand end."""


class Lines(Iterator[str]):
    """The lines of a file that is fed piece by piece; a line is taken when it is complete.

    `size` is the number of characters at hand, `is_ended` says that no more will come.
    """

    def __init__(self, encoding: Encoding) -> None:
        self._decoder = codecs.getincrementaldecoder(encoding.codec)()
        self._mark = encoding.mark
        self._lines: deque[str] = deque()
        self._rest = ""
        self.size = 0
        self.is_ended = False

    def feed(self, piece: bytes) -> None:
        """Add a piece. Raises SheetProblem when it is not in the encoding."""
        if self._mark:
            piece, self._mark = piece[self._mark :], max(0, self._mark - len(piece))
        self._split(self._decode(piece))

    def end(self) -> None:
        """Say that the file ends here. Raises SheetProblem when a character is cut in half."""
        self._split(self._decode(b"", is_last=True), is_last=True)
        self.is_ended = True

    def __next__(self) -> str:
        """Return the next line with its end. Raises OutOfLines when it has not come yet."""
        if not self._lines:
            if self.is_ended:
                raise StopIteration
            raise OutOfLines
        line = self._lines.popleft()
        self.size -= len(line)
        return line

    def _decode(self, piece: bytes, *, is_last: bool = False) -> str:
        try:
            return self._decoder.decode(piece, is_last)
        except UnicodeDecodeError as failure:
            raise SheetProblem("The text of this file is damaged; save it as CSV in UTF-8 and send that.") from failure

    def _split(self, text: str, *, is_last: bool = False) -> None:
        found = LINE.findall(self._rest + text)
        # The last line may go on, and a carriage return may be followed by its line feed.
        is_open = found and not is_last and not found[-1].endswith("\n")
        self._rest = found.pop() if is_open else ""
        if len(self._rest) > LONGEST_LINE:
            raise SheetProblem(f"{NO_TABLE} It has a line of more than {LONGEST_LINE:,} characters.")
        self._lines.extend(found)
        self.size += sum(map(len, found))


def decode_head(head: bytes, encoding: Encoding) -> str:
    """Return the text of the first piece of a file; a character that its end cuts in half is left out."""
    decoder = codecs.getincrementaldecoder(encoding.codec)("replace")
    return decoder.decode(head[encoding.mark :])
