"""What every place for bytes does alike; each test runs on a folder, on one with a second, and on a bucket."""

import asyncio
import hashlib
from collections.abc import AsyncIterator

import pytest

from mainstay import clock
from mainstay.storage.storage import NotStored, Storage, UnsafeKey, safe_key

UNSAFE = (
    "",
    "/",
    "a/",
    "/a",
    "a//b",
    "..",
    "a/../b",
    ".a",
    "a/.b",
    "a b",
    "A",
    "a\\b",
    "a\x00",
    "ä",
    "a" * 101,
    "a/%2e",
)


async def pieces(*given: bytes) -> AsyncIterator[bytes]:
    """Yield what is given."""
    for each in given:
        yield each


async def content(storage: Storage, key: str, start: int = 0, stop: int | None = None) -> bytes:
    """Return what is stored as a whole."""
    return b"".join([piece async for piece in storage.read(key, start, stop)])


async def keys(storage: Storage, prefix: str) -> list[str]:
    return sorted([each.key async for each in storage.listed(prefix)])


async def test_what_was_put_is_read_again(storage: Storage) -> None:
    assert await storage.put("content/one", pieces(b"ab", b"", b"cd")) == 4
    assert await content(storage, "content/one") == b"abcd"


async def test_nothing_at_all_can_be_stored(storage: Storage) -> None:
    assert await storage.put("content/none", pieces()) == 0
    assert await content(storage, "content/none") == b""


async def test_what_was_there_is_replaced(storage: Storage) -> None:
    await storage.put("content/one", pieces(b"former"))
    await storage.put("content/one", pieces(b"new"))
    assert await content(storage, "content/one") == b"new"


async def test_a_large_file_passes_through_in_pieces(storage: Storage) -> None:
    piece = bytes(range(256)) * 4096
    digest = hashlib.sha256()
    assert await storage.put("content/large", pieces(*[piece] * 13)) == 13 * len(piece)
    largest = 0
    async for each in storage.read("content/large"):
        digest.update(each)
        largest = max(largest, len(each))
    assert digest.digest() == hashlib.sha256(piece * 13).digest()
    assert largest <= 4 * 1024 * 1024


@pytest.mark.parametrize(
    ("start", "stop", "expected"),
    [(0, 3, b"012"), (2, None, b"23456789"), (3, 5, b"34"), (8, 99, b"89"), (0, 99, b"0123456789"), (4, 4, b"")],
)
async def test_a_part_can_be_read(storage: Storage, start: int, stop: int | None, expected: bytes) -> None:
    await storage.put("content/digits", pieces(b"0123456789"))
    assert await content(storage, "content/digits", start, stop) == expected


async def test_its_size_and_age_are_told(storage: Storage) -> None:
    await storage.put("content/one", pieces(b"abc"))
    found = await storage.head("content/one")
    assert (found.key, found.size) == ("content/one", 3)
    assert abs((clock.now() - found.changed_at).total_seconds()) < 60


async def test_what_is_not_there_is_not_found(storage: Storage) -> None:
    with pytest.raises(NotStored):
        await storage.head("content/absent")
    with pytest.raises(NotStored):
        await content(storage, "content/absent")
    with pytest.raises(NotStored):
        await content(storage, "content/absent", 1, 1)


async def test_what_is_deleted_is_gone_and_may_be_deleted_again(storage: Storage) -> None:
    await storage.put("content/one", pieces(b"abc"))
    await storage.delete("content/one")
    await storage.delete("content/one")
    with pytest.raises(NotStored):
        await storage.head("content/one")


async def test_a_folder_is_listed_with_what_is_below_it_and_nothing_else(storage: Storage) -> None:
    for key in ("content/a/1", "content/b", "incoming/c", "contents/d"):
        await storage.put(key, pieces(b"x"))
    assert await keys(storage, "content") == ["content/a/1", "content/b"]
    assert await keys(storage, "nothing") == []


async def test_a_sender_that_breaks_off_leaves_nothing_and_what_was_there_stays(storage: Storage) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"x" * 6 * 1024 * 1024
        raise ConnectionResetError("the sender has gone")

    await storage.put("content/one", pieces(b"former"))
    with pytest.raises(Exception, match=r"gone|does not answer"):
        await storage.put("content/one", broken())
    with pytest.raises(Exception, match=r"gone|does not answer"):
        await storage.put("content/two", broken())
    assert await content(storage, "content/one") == b"former"
    assert await keys(storage, "content") == ["content/one"]


async def test_two_who_write_the_same_at_once_leave_one_of_both_whole(storage: Storage) -> None:
    left, right = b"l" * 300_000, b"r" * 300_000
    await asyncio.gather(*(storage.put("content/one", pieces(each)) for each in (left, right)))
    assert await content(storage, "content/one") in {left, right}


@pytest.mark.parametrize("key", UNSAFE)
async def test_a_key_that_is_none_is_refused_everywhere(storage: Storage, key: str) -> None:
    with pytest.raises(UnsafeKey):
        await storage.put(key, pieces(b"x"))
    with pytest.raises(UnsafeKey):
        await content(storage, key)
    with pytest.raises(UnsafeKey):
        await storage.head(key)
    with pytest.raises(UnsafeKey):
        await storage.delete(key)
    with pytest.raises(UnsafeKey):
        await keys(storage, key)
    with pytest.raises(UnsafeKey):
        await storage.link(key, 60)


def test_a_key_is_given_back() -> None:
    assert safe_key("content/0190-a.b_c") == "content/0190-a.b_c"


async def test_a_place_that_can_be_used_says_so_and_keeps_nothing_of_it(storage: Storage) -> None:
    await storage.check()
    assert await keys(storage, "check") == []
