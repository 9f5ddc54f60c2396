"""What breakers do alike: of a process by itself, and of processes that share what they see in a real Valkey.

By design not alike, and tested apart (`test_breakers.py`): one process admits one trial until it is recorded, where
Valkey gives the trial another one when the first is overdue; in memory so many destinations are remembered, in Valkey
each for a time; and without Valkey a process goes on with what it has seen itself.
"""

import asyncio
from collections.abc import AsyncIterator

import pytest
from valkey_server import valkey_in

from mainstay import clock, ids
from mainstay.net.breakers import OPENED, STATE, Breakers
from mainstay.net.redis import RedisLink
from mainstay.observe.counters import Counters

REST = 0.2


@pytest.fixture(scope="module")
async def link(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RedisLink]:
    """The way to a Valkey of this file's."""
    with valkey_in(tmp_path_factory.mktemp("valkey")) as valkey:
        link = RedisLink(valkey.url, Counters(), patience=30)
        yield link
        await link.close()


@pytest.fixture
def counters() -> Counters:
    return Counters()


@pytest.fixture(params=["memory", "valkey"])
def breakers(request: pytest.FixtureRequest, counters: Counters) -> Breakers:
    """Each kind; one opens after three failures."""
    link = request.getfixturevalue("link") if request.param == "valkey" else None
    return Breakers(counters, link, failures=3, rest=REST)


@pytest.fixture
def name() -> str:
    """A destination that no other test calls."""
    return f"{ids.new_id()}.example:443"


async def fail(breakers: Breakers, name: str, times: int) -> None:
    for _ in range(times):
        assert await breakers.admit(name, 30)
        await breakers.record(name, is_well=False)


async def rested(breakers: Breakers, name: str) -> None:
    """Wait until a call is admitted again: it is the trial."""
    deadline = clock.monotonic() + 10
    while not await breakers.admit(name, 30):
        assert clock.monotonic() < deadline
        await asyncio.sleep(0.01)


async def test_it_opens_after_failures_in_a_row_and_no_other_does(
    breakers: Breakers, name: str, counters: Counters
) -> None:
    await fail(breakers, name, 2)
    assert counters.value(STATE, destination=name) == 0
    await fail(breakers, name, 1)

    assert (counters.value(STATE, destination=name), counters.value(OPENED, destination=name)) == (2, 1)
    assert await breakers.admit(f"other.{name}", 30)


async def test_a_call_that_went_well_forgets_the_failures_before_it(breakers: Breakers, name: str) -> None:
    await fail(breakers, name, 2)
    await breakers.record(name, is_well=True)
    await fail(breakers, name, 2)

    assert await breakers.admit(name, 30)


async def test_after_its_rest_one_call_is_the_trial_and_others_wait_for_it(
    breakers: Breakers, name: str, counters: Counters
) -> None:
    await fail(breakers, name, 3)
    await rested(breakers, name)

    assert counters.value(STATE, destination=name) == 1
    assert [await breakers.admit(name, 30) for _ in range(5)] == [False] * 5


async def test_a_trial_that_goes_well_closes_it(breakers: Breakers, name: str, counters: Counters) -> None:
    await fail(breakers, name, 3)
    await rested(breakers, name)
    await breakers.record(name, is_well=True)

    assert counters.value(STATE, destination=name) == 0
    assert [await breakers.admit(name, 30) for _ in range(3)] == [True] * 3
    await fail(breakers, name, 2)
    assert await breakers.admit(name, 30), "its failures are forgotten"


async def test_a_trial_that_fails_opens_it_for_another_rest(breakers: Breakers, name: str, counters: Counters) -> None:
    await fail(breakers, name, 3)
    await rested(breakers, name)
    await breakers.record(name, is_well=False)

    assert counters.value(STATE, destination=name) == 2
    await rested(breakers, name)
    assert counters.value(STATE, destination=name) == 1
