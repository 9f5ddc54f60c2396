"""The way to Redis, with a real server that dies, hangs and comes back."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from valkey_server import Valkey, valkey_in

from mainstay import clock
from mainstay.net import redis as module
from mainstay.net.redis import AWAY, FAILURES, RedisLink, Script
from mainstay.observe.counters import Counters

TEN = Script("return {tonumber(ARGV[1]) * 2, KEYS[1]}")


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    """A server of this test's own."""
    with valkey_in(tmp_path) as server:
        yield server


@pytest.fixture
def counters() -> Counters:
    return Counters()


@pytest.fixture
async def link(valkey: Valkey, counters: Counters, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RedisLink]:
    """A way to it, that looks often whether it is back."""
    monkeypatch.setattr(module, "REST", 0.01)
    link = RedisLink(valkey.url, counters, patience=0.5)
    yield link
    await link.close()


async def until_back(link: RedisLink) -> None:
    deadline = clock.monotonic() + 15
    while link.is_away:
        assert clock.monotonic() < deadline
        await asyncio.sleep(0.005)


async def test_commands_and_scripts_are_answered(link: RedisLink, counters: Counters) -> None:
    assert await link.call("SET", "k", 5) == b"OK"
    assert await link.call("GET", "k") == b"5"
    assert await link.run(TEN, ("k",), (5,)) == [10, b"k"]
    assert (link.is_away, counters.value(AWAY), counters.value(FAILURES)) == (False, 0, 0)


async def test_a_script_is_given_anew_to_a_server_that_does_not_know_it(link: RedisLink) -> None:
    await link.run(TEN, ("k",), (5,))
    await link.call("SCRIPT", "FLUSH")

    assert await link.run(TEN, ("k",), (5,)) == [10, b"k"]


async def test_what_the_server_refuses_is_logged_and_answered_with_nothing(link: RedisLink) -> None:
    with structlog.testing.capture_logs() as lines:
        assert await link.call("EVALSHA", "0" * 40, 0) is None
        assert await link.run(Script("return redis.call('LPUSH', KEYS[1])"), ("k",), ()) is None
        assert await link.run(Script("return redis.call('LPUSH', KEYS[1])"), ("k",), ()) is None

    assert [line["event"] for line in lines] == [
        "redis refused a command",
        "redis refused a command",
        "redis refused a script",
    ]
    assert not link.is_away


async def test_a_dead_server_is_left_alone_and_found_again(valkey: Valkey, link: RedisLink, counters: Counters) -> None:
    await link.call("PING")
    valkey.kill()

    with structlog.testing.capture_logs() as lines:
        assert [await link.call("PING") for _ in range(5)] == [None] * 5
        assert (link.is_away, counters.value(AWAY), counters.value(FAILURES)) == (True, 1, 1)
        valkey.start()
        await until_back(link)

    assert await link.run(TEN, ("k",), (5,)) == [10, b"k"]
    assert counters.value(AWAY) == 0
    assert [line["event"] for line in lines] == [
        "redis is away; every process goes on by itself",
        "redis is back",
    ]


async def test_a_server_that_hangs_costs_a_moment_once(valkey: Valkey, counters: Counters) -> None:
    link = RedisLink(valkey.url, counters)
    await link.call("PING")
    valkey.freeze()

    started = clock.monotonic()
    found = await asyncio.gather(*(link.call("PING") for _ in range(100)))
    first = clock.monotonic() - started
    again = [await link.call("PING") for _ in range(1000)]
    others = clock.monotonic() - started - first

    assert found == [None] * 100
    assert again == [None] * 1000
    # A hundred at once wait the 25 ms side by side, those after them not at all; the rest is what a busy machine takes.
    assert first < 1
    assert others / 1000 < 0.001
    valkey.thaw()
    await until_back(link)
    await link.close()


async def test_nothing_is_left_running_when_it_is_closed_while_the_server_is_away(
    valkey: Valkey, link: RedisLink
) -> None:
    valkey.kill()
    await link.call("PING")

    await link.close()

    assert "reach redis again" not in {task.get_name() for task in asyncio.all_tasks()}


async def test_a_server_that_hangs_from_the_start_is_waited_for_once(valkey: Valkey, counters: Counters) -> None:
    link = RedisLink(valkey.url, counters)
    valkey.freeze()

    assert [await link.call("PING") for _ in range(20)] == [None] * 20
    assert (link.is_away, counters.value(AWAY)) == (True, 1)

    valkey.thaw()
    await until_back(link)
    assert await link.call("PING") == b"PONG"
    await link.close()


async def test_a_connection_that_ended_while_nobody_used_it_is_made_anew(valkey: Valkey, link: RedisLink) -> None:
    await link.call("PING")
    other = RedisLink(valkey.url, Counters(), patience=5)
    await other.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")

    deadline = clock.monotonic() + 15
    while link._line is not None and link._line.is_open:
        assert clock.monotonic() < deadline
        await asyncio.sleep(0.005)

    assert await link.call("PING") == b"PONG"
    assert not link.is_away
    await other.close()
