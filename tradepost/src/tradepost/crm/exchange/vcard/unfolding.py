"""Physical lines as properties: folded lines joined, byte by byte, because folds may cut characters in half."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tradepost.crm.exchange.vcard.physical import LONGEST_KEPT, Physical

_BASE64 = re.compile(rb"[A-Za-z0-9+/=]+")
_FRAME = re.compile(rb"(?:BEGIN|END):VCARD\s*", re.IGNORECASE)


@dataclass(slots=True)
class RawProperty:
    """A property as bytes, beginning at the line `number`; of one that is longer than what is kept, the beginning."""

    number: int
    data: bytearray = field(default_factory=bytearray)
    size: int = 0
    is_quoted: bool = False
    is_base64: bool = False

    @property
    def is_cut(self) -> bool:
        """Whether it was too long to be kept whole."""
        return self.size > len(self.data)

    @property
    def name(self) -> str:
        """The name in upper case, without its group."""
        head = re.split(rb"[:;]", self.data, maxsplit=1)[0]
        return head.rpartition(b".")[2].decode("ascii", "replace").strip().upper()

    def add(self, data: bytes, size: int) -> None:
        """Append what a further line holds."""
        self.data += data[: LONGEST_KEPT - len(self.data)]
        self.size += size


class Unfolder:
    """Joins lines; a property is complete when the line after it has come.

    `is_old` is set inside of a card of version 2.1. That folds between words, so the space that begins a line belongs
    to the text; it folds quoted-printable by `=` at the end of a line, and base64 by lines without a space before
    them, up to an empty one.
    """

    def __init__(self) -> None:
        self.is_old = False
        self._open: RawProperty | None = None

    def take(self, line: Physical) -> Iterator[RawProperty]:
        """Yield the properties that end before this line or with it, as the frame of a card does."""
        if self._open is not None and self._goes_on(self._open, line):
            return
        if (done := self.end()) is not None:
            yield done
        if _FRAME.fullmatch(line.data):
            yield _begin(line)
        elif line.data.strip():
            self._open = _begin(line)

    def end(self) -> RawProperty | None:
        """Return the property that has not ended yet."""
        done, self._open = self._open, None
        return done

    def _goes_on(self, held: RawProperty, line: Physical) -> bool:
        """Add `line` to the property if it is a part of it."""
        data = line.data
        if held.is_quoted and held.data.endswith(b"=") and not _FRAME.fullmatch(data):
            del held.data[-1]
            held.size -= 1
            held.add(data, line.size)
        elif data[:1] in {b" ", b"\t"}:
            kept = data if self.is_old and not held.is_base64 else data[1:]
            held.add(kept, line.size - len(data) + len(kept))
        elif held.is_base64 and _BASE64.fullmatch(data):
            held.add(data, line.size)
        else:
            return False
        return True


def _begin(line: Physical) -> RawProperty:
    head = line.data.partition(b":")[0].upper()
    is_base64 = b"BASE64" in head or b"ENCODING=B" in head
    return RawProperty(line.number, bytearray(line.data), line.size, b"QUOTED-PRINTABLE" in head, is_base64)
