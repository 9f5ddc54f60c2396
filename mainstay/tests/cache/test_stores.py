"""What both stores of answers do alike: what a process keeps in its memory, and what processes keep in Valkey."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from mainstay import clock


class Store(Protocol):
    """See conftest."""

    async def get(self, key: str, version: str) -> bytes | None: ...

    async def put(self, key: str, version: str, packed: bytes, seconds: float) -> None: ...


async def test_an_answer_is_found_under_its_key_and_its_version(store: Store) -> None:
    await store.put("key", "one", b"an\nswer\x00", 60)

    assert await store.get("key", "one") == b"an\nswer\x00"
    assert await store.get("other", "one") is None
    assert await store.get("key", "two") is None


async def test_an_empty_answer_is_an_answer(store: Store) -> None:
    await store.put("key", "one", b"", 60)

    assert await store.get("key", "one") == b""


async def test_a_later_answer_takes_the_place_of_the_earlier(store: Store) -> None:
    await store.put("key", "one", b"before", 60)
    await store.put("key", "two", b"after", 60)

    assert await store.get("key", "one") is None
    await store.put("key", "two", b"again", 60)
    assert await store.get("key", "two") == b"again"


async def test_an_answer_is_gone_when_its_time_is_over_and_others_stay(store: Store) -> None:
    await store.put("brief", "one", b"answer", 0.05)
    await store.put("long", "one", b"answer", 60)
    deadline = clock.monotonic() + 10
    while await store.get("brief", "one") is not None:
        assert clock.monotonic() < deadline
        await asyncio.sleep(0.01)

    assert await store.get("long", "one") == b"answer"


async def test_programs_do_not_read_each_other(make_store: Callable[[], Store]) -> None:
    one, other = make_store(), make_store()
    await one.put("key", "one", b"answer", 60)

    assert await other.get("key", "one") is None
