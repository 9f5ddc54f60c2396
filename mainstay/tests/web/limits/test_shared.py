"""Counting in a real Valkey: by its clock, as one step, for all processes alike."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from mainstay import ids
from mainstay.net.redis import RedisLink
from mainstay.observe.counters import Counters
from mainstay.web.limits.shared import SharedWindows

# An answer is waited for: these tests are about what it says.
PATIENT = 30.0
MINUTE = 60_000_000


@pytest.fixture
async def links(valkey_url: str) -> AsyncIterator[list[RedisLink]]:
    """The ways of two processes."""
    links = [RedisLink(valkey_url, Counters(), patience=PATIENT) for _ in range(2)]
    yield links
    for link in links:
        await link.close()


@pytest.fixture
def both(links: list[RedisLink]) -> tuple[SharedWindows, SharedWindows]:
    """Two processes of one program."""
    name = f"program-{ids.new_id()}"
    return SharedWindows(links[0], name), SharedWindows(links[1], name)


async def passes(windows: SharedWindows, size: int = 3) -> bool:
    verdict = await windows.charge("k", size)
    assert verdict is not None
    return verdict.is_within


async def times(windows: SharedWindows) -> list[int]:
    found = await windows.link.call("LRANGE", f"{windows.prefix}:limit:k", 0, -1)
    assert isinstance(found, list)
    return [int(one) for one in found]


async def age(windows: SharedWindows, seconds: float) -> None:
    """Make all times under the key older."""
    older = [one - int(seconds * 1_000_000) for one in await times(windows)]
    await windows.link.call("DEL", f"{windows.prefix}:limit:k")
    await windows.link.call("RPUSH", f"{windows.prefix}:limit:k", *older)


async def number(windows: SharedWindows, command: str, key: str) -> int:
    found = await windows.link.call(command, f"{windows.prefix}:limit:{key}")
    assert isinstance(found, int)
    return found


@pytest.mark.practice(12)
async def test_two_processes_let_exactly_the_allowance_pass_however_they_hurry(
    both: tuple[SharedWindows, SharedWindows],
) -> None:
    found = await asyncio.gather(*(passes(both[number % 2], 50) for number in range(400)))

    assert found.count(True) == 50


async def test_what_is_left_and_how_long_to_wait_is_told(both: tuple[SharedWindows, SharedWindows]) -> None:
    found = [await windows.charge("k", 2) for windows in (*both, *both)]

    assert [(one.is_within, one.size, one.remaining) for one in found if one] == [
        (True, 2, 1),
        (True, 2, 0),
        (False, 2, 0),
        (False, 2, 0),
    ]
    assert {one.wait for one in found if one} <= {59, 60}


async def test_an_allowance_is_there_again_one_by_one(both: tuple[SharedWindows, SharedWindows]) -> None:
    one = both[0]
    await passes(one)
    await age(one, 30)
    assert [await passes(one), await passes(one), await passes(one)] == [True, True, False]

    await age(one, 31)

    assert [await passes(one), await passes(one)] == [True, False]


async def test_times_are_those_of_the_server_and_exact(both: tuple[SharedWindows, SharedWindows]) -> None:
    """Sixteen digits: Lua's own way to write a number would round them to hundreds of microseconds."""
    verdict = await both[0].charge("k", 3)
    clock = await both[0].link.call("TIME")

    assert verdict is not None
    assert isinstance(clock, list)
    assert 0 <= int(clock[0]) * 1_000_000 + int(clock[1]) - verdict.stamp < MINUTE
    assert await times(both[0]) == [int(verdict.stamp)]


async def test_a_key_is_gone_a_minute_after_its_last_request(both: tuple[SharedWindows, SharedWindows]) -> None:
    await passes(both[0])

    assert 59_000 < await number(both[0], "PTTL", "k") <= 60_000


async def test_what_is_given_back_can_be_used_again(both: tuple[SharedWindows, SharedWindows]) -> None:
    first = await both[0].charge("k", 1)
    assert first is not None

    await both[1].give_back("k", first.stamp)

    assert [await passes(both[0], 1), await passes(both[1], 1)] == [True, False]


async def test_what_has_passed_already_counts_and_the_oldest_makes_room(
    both: tuple[SharedWindows, SharedWindows],
) -> None:
    for _ in range(10):
        await both[0].note("k", 3)

    assert await number(both[0], "LLEN", "k") == 3
    assert not await passes(both[1])


async def test_processes_tell_each_other_whose_a_credential_is(both: tuple[SharedWindows, SharedWindows]) -> None:
    assert await both[1].owner_of("c") is None

    await both[0].remember("c", "person:1")
    assert await both[1].owner_of("c") == "person:1"
    assert 3590 < await number(both[0], "TTL", "who:c") <= 3600

    await both[0].forget("c")
    assert await both[1].owner_of("c") is None


async def test_programs_on_one_server_do_not_meet(links: list[RedisLink]) -> None:
    name = f"program-{ids.new_id()}"
    one, other = SharedWindows(links[0], f"{name}-a"), SharedWindows(links[1], f"{name}-b")

    assert [await passes(one, 1), await passes(other, 1), await passes(one, 1)] == [True, True, False]
