"""Lists: opaque cursors for keyset paging, and the cap of a page."""

import base64
import binascii
from datetime import datetime
from uuid import UUID

import orjson

from mainstay.errors import InvalidInput

MAX_PAGE = 200


def page_size(limit: int) -> int:
    """Return how many rows a page may have when `limit` are asked for: at most 200."""
    return min(limit, MAX_PAGE)


def encode_cursor(*keys: str) -> str:
    """Return the sort keys of a page's last row as opaque URL-safe text."""
    return base64.urlsafe_b64encode(orjson.dumps(keys)).rstrip(b"=").decode()


def decode_cursor(cursor: str, count: int) -> tuple[str, ...]:
    """Return the `count` sort keys in a cursor. Raises InvalidInput for text that no list gave out."""
    try:
        keys = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error) as failure:
        raise _foreign() from failure
    if not (isinstance(keys, list) and len(keys) == count and all(isinstance(key, str) for key in keys)):
        raise _foreign()
    return tuple(keys)


def encode_moment_cursor(moment: datetime, key: UUID) -> str:
    """Return the cursor of a list sorted by (moment, id)."""
    return encode_cursor(moment.isoformat(), str(key))


def decode_moment_cursor(cursor: str | None) -> tuple[datetime, UUID] | None:
    """Return the (moment, id) of a cursor, None for the first page. Raises InvalidInput for foreign text."""
    if cursor is None:
        return None
    moment, key = decode_cursor(cursor, 2)
    try:
        return datetime.fromisoformat(moment), UUID(key)
    except ValueError as failure:
        raise _foreign() from failure


def _foreign() -> InvalidInput:
    return InvalidInput("The cursor is not one that this list gave out.")
