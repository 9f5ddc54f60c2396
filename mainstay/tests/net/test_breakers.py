"""Breakers by destination: of one process, and shared through a real Redis."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from valkey_server import valkey_in

from mainstay import clock
from mainstay.net.breakers import MOST, OPENED, STATE, Breakers
from mainstay.net.redis import RedisLink
from mainstay.observe.counters import Counters


@dataclass
class Seconds:
    present: float = 5.0

    def __call__(self) -> float:
        return self.present


async def fail(breakers: Breakers, name: str, times: int) -> None:
    for _ in range(times):
        assert await breakers.admit(name, 1)
        await breakers.record(name, is_well=False)


async def test_each_destination_has_its_own_and_its_state_is_told() -> None:
    counters, seconds = Counters(), Seconds()
    breakers = Breakers(counters, failures=3, rest=60, now=seconds)
    await fail(breakers, "a:443", 3)
    assert not await breakers.admit("a:443", 1)
    assert await breakers.admit("b:443", 1)
    assert [counters.value(STATE, destination=each) for each in ("a:443", "b:443")] == [2, 0]

    seconds.present += 60
    assert [await breakers.admit("a:443", 1) for _ in range(2)] == [True, False]
    assert counters.value(STATE, destination="a:443") == 1
    await breakers.record("a:443", is_well=True)
    assert counters.value(STATE, destination="a:443") == 0
    assert counters.value(OPENED, destination="a:443") == 1


async def test_so_many_destinations_are_remembered_and_no_more() -> None:
    counters = Counters()
    breakers = Breakers(counters)
    for number in range(MOST + 10):
        await breakers.admit(f"{number}.example:443", 1)
    assert counters.text().count(f"{STATE}{{") == MOST


@pytest.fixture
async def links(tmp_path: Path) -> AsyncIterator[tuple[RedisLink, RedisLink]]:
    """Two processes' ways to one server."""
    with valkey_in(tmp_path) as valkey:
        pair = RedisLink(valkey.url, Counters(), patience=0.5), RedisLink(valkey.url, Counters(), patience=0.5)
        yield pair
        for link in pair:
            await link.close()


async def test_what_one_process_has_seen_another_one_knows(links: tuple[RedisLink, RedisLink]) -> None:
    one, other = (Breakers(Counters(), link, failures=3, rest=0.2) for link in links)
    await fail(one, "a:443", 3)
    assert not await other.admit("a:443", 1)

    deadline = clock.monotonic() + 10
    while not await other.admit("a:443", 30):
        assert clock.monotonic() < deadline
        await asyncio.sleep(0.02)
    assert not await one.admit("a:443", 30), "one of them all is the trial"
    await other.record("a:443", is_well=None)
    assert await one.admit("a:443", 30), "a trial that says nothing leaves room for the next"
    await one.record("a:443", is_well=True)
    assert await one.admit("a:443", 1)


async def test_a_clock_of_redis_that_was_ahead_keeps_nobody_away_until_it_is_there_again(
    links: tuple[RedisLink, RedisLink],
) -> None:
    """Red when the rest ends by a moment to come: the mail server was left alone for 40 days."""
    breakers = Breakers(Counters(), links[0], failures=3, rest=0.2)
    await fail(breakers, "a:443", 3)
    forty_days = 40 * 86_400_000
    key = "mainstay:breaker:a:443"
    opened_at = await links[1].call("HGET", key, "o")
    assert isinstance(opened_at, bytes)
    await links[1].call("HSET", key, "o", int(opened_at) + forty_days, "t", int(opened_at) + forty_days)

    deadline = clock.monotonic() + 10
    while not await breakers.admit("a:443", 30):
        assert clock.monotonic() < deadline
        await asyncio.sleep(0.02)


async def test_without_redis_a_process_goes_on_with_what_it_knows() -> None:
    link = RedisLink("redis://127.0.0.1:1", Counters(), patience=0.05)
    breakers = Breakers(Counters(), link, failures=2, rest=60)
    await fail(breakers, "a:443", 2)
    assert not await breakers.admit("a:443", 1)
    await link.close()
