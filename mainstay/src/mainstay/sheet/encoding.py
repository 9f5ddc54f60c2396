"""Finding out what a file is and how its text is encoded, by looking at all of it once, piece by piece.

Only encodings that spreadsheets write are known. A byte order mark decides; valid UTF-8 is UTF-8, since other text
practically never is; what remains is Windows' Western or Cyrillic code page. In Cyrillic text letters beyond ASCII
stand side by side, in Western text they stand alone between letters of ASCII: that tells the two apart.
"""

import codecs
import re
from dataclasses import dataclass

from mainstay.sheet.problem import SheetProblem

# How files begin that people send by mistake, and what to tell them.
BEGINNINGS = (
    (b"PK\x03\x04", "This is an Excel or OpenDocument workbook; save it as CSV and send that."),
    (b"\xd0\xcf\x11\xe0", "This is an old Excel workbook; save it as CSV and send that."),
    (b"%PDF", "This is a PDF document; send the table as CSV."),
    (b"\x89PNG", "This is a picture; send the table as CSV."),
    (b"\xff\xd8\xff", "This is a picture; send the table as CSV."),
    (b"GIF8", "This is a picture; send the table as CSV."),
    (b"\x1f\x8b", "This is a packed file; unpack it and send the CSV."),
    (b"Rar!", "This is a packed file; unpack it and send the CSV."),
    (b"7z\xbc\xaf", "This is a packed file; unpack it and send the CSV."),
)
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Pages of the web are text and might be taken for tables.
PAGE = re.compile(rb"\s*<(?:!doctype|html|\?xml|svg)\b", re.IGNORECASE)
A_PAGE = "This is a page of the web or a picture, not a table; save the table as CSV and send that."
NO_TABLE = "This is not a table saved as text (CSV)."
# Bytes that stand for no character in the code page, so that a file which has them is in another one.
NOT_WESTERN = frozenset(b"\x81\x8d\x8f\x90\x9d")
NOT_CYRILLIC = frozenset(b"\x98")
# Text hardly ever holds other control characters than tab and line ends.
CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\x0b\x0c\x1b"))
MOST_CONTROLS = 0.01
HEAD = 4096
ASCII = bytes(range(128))
# 1 for bytes that are letters beyond ASCII in both code pages, 0 for all others.
LETTERS = bytes(1 if byte >= 0xC0 or byte in {0xA8, 0xB8} else 0 for byte in range(256))


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec of Python's, and how many bytes of a mark to pass over."""

    codec: str
    mark: int = 0


class Survey:
    """Looks at a file piece by piece: `feed` everything, then ask for its `encoding`."""

    def __init__(self) -> None:
        self._head = b""
        self._size = 0
        self._controls = 0
        self._high = 0
        self._paired = 0
        self._last_is_high = False
        self._seen: set[int] = set()
        self._utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()

    def feed(self, piece: bytes) -> None:
        """Take the next piece of the file."""
        if len(self._head) < HEAD:
            self._head += piece[: HEAD - len(self._head)]
        self._size += len(piece)
        self._controls += len(piece) - len(piece.translate(None, CONTROLS))
        if self._utf8 is not None:
            try:
                self._utf8.decode(piece)
            except UnicodeDecodeError:
                self._utf8 = None
        if piece.isascii():
            self._last_is_high = False
        else:
            self._count_high(piece)

    def encoding(self) -> Encoding:
        """Return how the file is encoded. Raises SheetProblem when it is empty or no text."""
        if not self._size:
            raise SheetProblem("The file is empty.")
        for beginning, sentence in BEGINNINGS:
            if self._head.startswith(beginning):
                raise SheetProblem(sentence)
        if PAGE.match(self._head.removeprefix(codecs.BOM_UTF8)):
            raise SheetProblem(A_PAGE)
        for mark, codec in MARKS:
            if self._head.startswith(mark):
                return Encoding(codec, len(mark))
        wide = self._wide()
        if wide is not None:
            return Encoding(wide)
        if self._controls > self._size * MOST_CONTROLS:
            raise SheetProblem(NO_TABLE)
        if self._is_utf8():
            return Encoding("utf-8")
        return Encoding(self._code_page())

    def _wide(self) -> str | None:
        """Return the UTF-16 that has no mark: in tables every other byte is zero, nearly always."""
        zeros = self._head[1::2].count(0), self._head[::2].count(0)
        half = len(self._head) // 2
        if half and zeros[0] > half * 0.4 and zeros[1] == 0:
            return "utf-16-le"
        if half and zeros[1] > half * 0.4 and zeros[0] == 0:
            return "utf-16-be"
        return None

    def _is_utf8(self) -> bool:
        if self._utf8 is None:
            return False
        try:
            self._utf8.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
        return True

    def _code_page(self) -> str:
        is_cyrillic = self._paired > self._high / 2
        if is_cyrillic and not self._seen & NOT_CYRILLIC:
            return "cp1251"
        if not self._seen & NOT_WESTERN:
            return "cp1252"
        if not self._seen & NOT_CYRILLIC:
            return "cp1251"
        raise SheetProblem("The text encoding of this file is unknown; save it as CSV in UTF-8 and send that.")

    def _count_high(self, piece: bytes) -> None:
        """Count the letters beyond ASCII, and those of them that follow another."""
        marks = piece.translate(LETTERS)
        self._high += marks.count(1)
        # Overlapping pairs: every high letter after the first of a run.
        runs = len([run for run in marks.split(b"\0") if run])
        self._paired += marks.count(1) - runs + (1 if self._last_is_high and marks[0] else 0)
        self._last_is_high = bool(marks[-1])
        self._seen.update(piece.translate(None, ASCII))
