"""Cursors: whatever was a key comes back, nothing else is taken for a cursor, and each is signed for its list."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from mainstay import clock
from mainstay.db.query import (
    Listing,
    decode_cursor,
    decode_moment_cursor,
    decode_position_cursor,
    encode_cursor,
    encode_moment_cursor,
    encode_position_cursor,
    listing,
    page_size,
)
from mainstay.errors import InvalidCursor
from mainstay.keyring import Accepted, Keyring

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
    with pytest.raises(InvalidCursor, match="not one that this list gave out"):
        decode_cursor(cursor, 1)


def test_a_moment_and_an_id_come_back() -> None:
    moment, key = datetime(2026, 11, 21, 10, 0, 0, 7, UTC), UUID(int=5)
    assert decode_moment_cursor(encode_moment_cursor(moment, key)) == (moment, key)
    assert decode_moment_cursor(None) is None


@pytest.mark.parametrize("keys", [("yesterday", str(UUID(int=1))), ("2026-11-21T10:00:00+00:00", "1")])
def test_a_moment_that_is_none_is_refused(keys: tuple[str, str]) -> None:
    with pytest.raises(InvalidCursor):
        decode_moment_cursor(encode_cursor(*keys))


def test_a_position_comes_back() -> None:
    assert decode_position_cursor(encode_position_cursor(2**63 - 1)) == 2**63 - 1
    assert decode_position_cursor(None) is None


@pytest.mark.parametrize("text", ["x", "-1", "1.5", "９", "", str(2**63)])
def test_a_position_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidCursor):
        decode_position_cursor(encode_cursor(text))


FORMER, PRESENT = b"former secret of 32 characters..", b"present secret of 32 characters."
KEYS_OF_A_ROW = ("Борщ", "7")


@contextmanager
def in_list(entered: Listing) -> Iterator[None]:
    token = listing.set(entered)
    try:
        yield
    finally:
        listing.reset(token)


def test_a_cursor_is_short_and_signed_for_the_list_in_hand() -> None:
    here, there = Listing(Keyring(PRESENT), "here"), Listing(Keyring(PRESENT), "there")

    with in_list(here):
        cursor = encode_cursor(*KEYS_OF_A_ROW)

    here.check(cursor)
    assert decode_cursor(cursor, 2) == KEYS_OF_A_ROW
    assert len(cursor) == len(encode_cursor(*KEYS_OF_A_ROW)) + 33
    with pytest.raises(InvalidCursor):
        there.check(cursor)
    with pytest.raises(InvalidCursor):
        here.check(encode_cursor(*KEYS_OF_A_ROW))


def test_a_cursor_of_before_the_secret_was_exchanged_is_good_while_the_former_one_is() -> None:
    with in_list(Listing(Keyring(FORMER), "here")):
        cursor = encode_cursor(*KEYS_OF_A_ROW)

    Listing(Keyring(PRESENT, (Accepted(FORMER, clock.now() + timedelta(hours=1)),)), "here").check(cursor)
    for keyring in (Keyring(PRESENT, (Accepted(FORMER, clock.now() - timedelta(hours=1)),)), Keyring(PRESENT)):
        with pytest.raises(InvalidCursor):
            Listing(keyring, "here").check(cursor)


def test_a_page_has_at_most_200_rows() -> None:
    assert (page_size(1), page_size(200), page_size(10**9)) == (1, 200, 200)
