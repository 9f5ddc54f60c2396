"""What both ways to count do alike: a process by itself, and processes that count together in a real Valkey.

By design not alike, and tested apart: the memory forgets the least used of too many keys (`test_windows.py`), Valkey a
key by its time; Valkey counts by its own clock, whose stamps are exact, and gives back the request of a stamp, where
the memory gives back the newest; and processes tell each other in Valkey whose a credential is (`test_shared.py`).
"""

import asyncio
from collections.abc import AsyncIterator

import pytest
from both_counts import Counting, InMemory, InValkey

from mainstay import ids
from mainstay.net.redis import RedisLink
from mainstay.observe.counters import Counters
from mainstay.web.limits.shared import SharedWindows


@pytest.fixture(params=["memory", "valkey"])
async def counting(request: pytest.FixtureRequest) -> AsyncIterator[Counting]:
    """Each way to count."""
    if request.param == "memory":
        yield InMemory()
        return
    link = RedisLink(request.getfixturevalue("valkey_url"), Counters(), patience=30)
    yield InValkey(SharedWindows(link, f"program-{ids.new_id()}"))
    await link.close()


async def passes(counting: Counting, size: int = 3, key: str = "k") -> bool:
    return (await counting.charge(key, size)).is_within


async def test_no_more_than_the_allowance_passes_however_they_hurry(counting: Counting) -> None:
    found = await asyncio.gather(*(passes(counting, 20) for _ in range(100)))

    assert found.count(True) == 20


async def test_what_is_left_and_how_long_to_wait_is_told(counting: Counting) -> None:
    first = await counting.charge("k", 2)
    await counting.age("k", 14.5)
    second, third = await counting.charge("k", 2), await counting.charge("k", 2)

    assert [(one.is_within, one.size, one.remaining) for one in (first, second, third)] == [
        (True, 2, 1),
        (True, 2, 0),
        (False, 2, 0),
    ]
    assert first.wait == 60
    assert second.wait <= 46, "the first is older"
    assert third.wait <= second.wait


async def test_an_allowance_is_there_again_one_by_one_as_its_requests_grow_old(counting: Counting) -> None:
    assert await passes(counting)
    await counting.age("k", 30)
    assert [await passes(counting), await passes(counting), await passes(counting)] == [True, True, False]

    await counting.age("k", 31)

    assert [await passes(counting), await passes(counting)] == [True, False]


async def test_refused_requests_do_not_make_the_wait_longer(counting: Counting) -> None:
    for _ in range(3):
        await passes(counting)
    for _ in range(20):
        assert not await passes(counting)

    await counting.age("k", 60)

    assert [await passes(counting) for _ in range(4)] == [True, True, True, False]


async def test_keys_are_counted_apart(counting: Counting) -> None:
    found = [await passes(counting, 1, key) for key in ("a", "b", "a", "c")]

    assert found == [True, True, False, True]


async def test_what_is_given_back_can_be_used_again(counting: Counting) -> None:
    verdict = await counting.charge("k", 1)

    await counting.give_back("k", verdict.stamp)
    await counting.give_back("unknown", verdict.stamp)

    assert [await passes(counting, 1), await passes(counting, 1)] == [True, False]


async def test_what_has_passed_elsewhere_counts_and_never_for_more_than_the_allowance(counting: Counting) -> None:
    for _ in range(10):
        await counting.note("k", 3)

    assert not await passes(counting)
    await counting.age("k", 60)
    assert [await passes(counting) for _ in range(4)] == [True, True, True, False]
