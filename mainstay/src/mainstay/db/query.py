"""Lists: cursors for keyset paging, signed for one list and one caller, and the cap of a page.

Why so: docs/decisions/0056-lists-and-calls-made-twice.md.
"""

import base64
import binascii
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import orjson

from mainstay.errors import InvalidCursor
from mainstay.keyring import Keyring

MAX_PAGE = 200
# The largest number that PostgreSQL has.
MAX_POSITION = 2**63 - 1
_PURPOSE = "mainstay.cursor"
# Of no letter that a place is written with.
_MARK = "."


@dataclass(frozen=True, slots=True)
class Listing:
    """The list in hand: what is `asked` of which address, and by whom. Its cursors hold for it alone."""

    keyring: Keyring = field(repr=False)
    asked: str

    def sign(self, place: str) -> str:
        """Return the cursor of a place in this list."""
        return f"{place}{_MARK}{self.keyring.tag(_PURPOSE, self._text(place))}"

    def check(self, cursor: str) -> None:
        """Raise InvalidCursor unless this very list gave the cursor out."""
        place, _, mark = cursor.rpartition(_MARK)
        if not self.keyring.is_tagged(_PURPOSE, self._text(place), mark):
            raise foreign_cursor()

    def _text(self, place: str) -> str:
        return f"{self.asked}\x00{place}"


# Set where a request comes in. Outside of requests, as in a command, cursors are unsigned and no request takes them.
listing: ContextVar[Listing | None] = ContextVar("mainstay_listing", default=None)


def page_size(limit: int) -> int:
    """Return how many rows a page may have when `limit` are asked for: at most 200."""
    return min(limit, MAX_PAGE)


def encode_cursor(*keys: str) -> str:
    """Return the sort keys of a page's last row as URL-safe text, signed for the list in hand."""
    place = base64.urlsafe_b64encode(orjson.dumps(keys)).rstrip(b"=").decode()
    present = listing.get()
    return place if present is None else present.sign(place)


def decode_cursor(cursor: str, count: int) -> tuple[str, ...]:
    """Return the `count` sort keys in a cursor. Raises InvalidCursor for text that no list gave out.

    That it is genuine was found out where the request came in (`mainstay.web.paging`).
    """
    place = cursor.partition(_MARK)[0]
    try:
        keys = orjson.loads(base64.urlsafe_b64decode(place + "=" * (-len(place) % 4)))
    except (ValueError, binascii.Error) as failure:
        raise foreign_cursor() from failure
    if not (isinstance(keys, list) and len(keys) == count and all(isinstance(key, str) for key in keys)):
        raise foreign_cursor()
    return tuple(keys)


def encode_moment_cursor(moment: datetime, key: UUID) -> str:
    """Return the cursor of a list sorted by (moment, id)."""
    return encode_cursor(moment.isoformat(), str(key))


def decode_moment_cursor(cursor: str | None) -> tuple[datetime, UUID] | None:
    """Return the (moment, id) of a cursor, None for the first page. Raises InvalidCursor for foreign text."""
    if cursor is None:
        return None
    moment, key = decode_cursor(cursor, 2)
    try:
        return datetime.fromisoformat(moment), UUID(key)
    except ValueError as failure:
        raise foreign_cursor() from failure


def encode_position_cursor(position: int) -> str:
    """Return the cursor of a list sorted by a whole number that is not negative, such as a position or a row's."""
    return encode_cursor(str(position))


def decode_position_cursor(cursor: str | None) -> int | None:
    """Return the number of a cursor, None for the first page. Raises InvalidCursor for foreign text."""
    if cursor is None:
        return None
    (text,) = decode_cursor(cursor, 1)
    if not (text.isascii() and text.isdecimal()) or int(text) > MAX_POSITION:
        raise foreign_cursor()
    return int(text)


def foreign_cursor() -> InvalidCursor:
    """Return what a cursor is answered with that this list did not give out."""
    return InvalidCursor(
        "The cursor is not one that this list gave out: it goes on in the same list, with the same filters and order, "
        "for whoever asked for it. Leave it out to begin anew."
    )
