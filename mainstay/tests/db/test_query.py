"""Cursors: whatever was a key comes back, and nothing else is taken for a cursor."""

import base64
from datetime import UTC, datetime
from uuid import UUID

import pytest

from mainstay.db.query import (
    decode_cursor,
    decode_moment_cursor,
    encode_cursor,
    encode_moment_cursor,
    page_size,
)
from mainstay.errors import InvalidInput

KEYS = [("",), ("a", "b"), ('say "é"\\', "Борщ 🍿"), ("\x00\n\u2028", "0")]


@pytest.mark.parametrize("keys", KEYS)
def test_keys_come_back_from_a_cursor_that_is_safe_in_an_address(keys: tuple[str, ...]) -> None:
    cursor = encode_cursor(*keys)
    assert decode_cursor(cursor, len(keys)) == keys
    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert cursor.isascii()


@pytest.mark.parametrize(
    "cursor", ["", "x", "%%%", "é", "bm8", "MQ", "W10", "WzFd", "WyJhIiwiYiJd", base64.b64encode(b"[" * 5000).decode()]
)
def test_what_no_list_gave_out_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInput, match="not one that this list gave out"):
        decode_cursor(cursor, 1)


def test_a_moment_and_an_id_come_back() -> None:
    moment, key = datetime(2026, 11, 21, 10, 0, 0, 7, UTC), UUID(int=5)
    assert decode_moment_cursor(encode_moment_cursor(moment, key)) == (moment, key)
    assert decode_moment_cursor(None) is None


@pytest.mark.parametrize("keys", [("yesterday", str(UUID(int=1))), ("2026-11-21T10:00:00+00:00", "1")])
def test_a_moment_that_is_none_is_refused(keys: tuple[str, str]) -> None:
    with pytest.raises(InvalidInput):
        decode_moment_cursor(encode_cursor(*keys))


def test_a_page_has_at_most_200_rows() -> None:
    assert (page_size(1), page_size(200), page_size(10**9)) == (1, 200, 200)
