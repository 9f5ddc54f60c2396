"""Pieces of a file as physical lines of UTF-8; of a line beyond the limit the size is counted, not kept."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass

# Bytes of a line, and of a property of several lines, that are kept: notes are shorter, pictures often longer.
LONGEST_KEPT = 65_536
_WIDE = (
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"B\0", "utf-16-le"),
    (b"\0B", "utf-16-be"),
    (b"b\0", "utf-16-le"),
    (b"\0b", "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Physical:
    """A line without its end; `size` is how long it was, in bytes, before it was cut."""

    number: int
    data: bytes
    size: int


class PhysicalLines:
    """Turns pieces into lines, whose ends are CR, LF or both; `open_size` is the size of the line that has not ended.

    UTF-16, which some programs write for "Unicode", becomes UTF-8; other encodings stay as they are.
    """

    def __init__(self) -> None:
        self._head: bytes | None = b""
        self._decoder: codecs.IncrementalDecoder | None = None
        self._held = bytearray()
        self._after_return = False
        self._number = 0
        self.open_size = 0

    def feed(self, piece: bytes) -> Iterator[Physical]:
        """Yield the lines that end in this piece."""
        if self._head is not None:
            self._head += piece
            if len(self._head) < 4:
                return
            piece, self._head = self._begin(self._head), None
        yield from self._lines(self._utf8(piece))

    def end(self) -> Iterator[Physical]:
        """Yield what is left when the file ends."""
        if self._head is not None:
            yield from self._lines(self._utf8(self._begin(self._head)))
        if self._decoder is not None:
            yield from self._lines(self._decoder.decode(b"", final=True).encode())
        if self.open_size:
            yield self._take()

    def _begin(self, head: bytes) -> bytes:
        for mark, codec in _WIDE:
            if head.startswith(mark):
                self._decoder = codecs.getincrementaldecoder(codec)("replace")
                return head
        return head.removeprefix(codecs.BOM_UTF8)

    def _utf8(self, piece: bytes) -> bytes:
        return piece if self._decoder is None else self._decoder.decode(piece).encode()

    def _lines(self, piece: bytes) -> Iterator[Physical]:
        if self._after_return and piece:
            piece = piece.removeprefix(b"\n")
            self._after_return = False
        for part in piece.splitlines(keepends=True):
            line = part.rstrip(b"\r\n")
            self._held += line[: LONGEST_KEPT - len(self._held)]
            self.open_size += len(line)
            if len(line) < len(part):
                yield self._take()
        self._after_return = piece.endswith(b"\r")

    def _take(self) -> Physical:
        self._number += 1
        line = Physical(self._number, bytes(self._held), self.open_size)
        self._held.clear()
        self.open_size = 0
        return line
