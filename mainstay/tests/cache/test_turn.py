"""Of all that ask for the same at once one works it out: in one process, and in several with a real Valkey."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from pydantic import BaseModel
from valkey_server import Valkey, valkey_in

from mainstay import clock, ids
from mainstay.cache.cache import TOTAL, Cache, Wanted
from mainstay.cache.kind import Kind
from mainstay.cache.settings import CacheSettings
from mainstay.cache.shared import LARGEST, Shared
from mainstay.net.redis import RedisLink
from mainstay.observe.counters import Counters

PROCESSES = 4
# Longer than a busy machine takes, unless a test says otherwise.
WAIT_MS = 20_000


class Number(BaseModel):
    number: int


KIND = Kind("test.number", Number, ("test_number",), seconds=100)
Caches = Callable[..., list[Cache]]


class Source:
    """Works out numbers that count, when it is let."""

    def __init__(self) -> None:
        self.count = 0
        self.first: asyncio.Task[Any] | None = None
        self.may = asyncio.Event()
        self.failure: Exception | None = None

    async def __call__(self) -> Number:
        self.count += 1
        number = self.count
        self.first = self.first or asyncio.current_task()
        await self.may.wait()
        if (failure := self.failure) is not None:
            self.failure = None
            raise failure
        return Number(number=number)


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def counters() -> Counters:
    return Counters()


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401  a fixture that yields a Valkey
    with valkey_in(tmp_path_factory.mktemp("valkey")) as server:
        yield server


@pytest.fixture
async def across(valkey: Valkey, counters: Counters) -> AsyncIterator[Caches]:
    """Makes the caches of several processes over one Valkey."""
    prefix = f"{ids.new_id()}:"
    async with AsyncExitStack() as stack:

        def make(count: int = PROCESSES, url: str = valkey.url, wait_ms: int = WAIT_MS) -> list[Cache]:
            links = [RedisLink(url, Counters(), patience=5) for _ in range(count)]
            for link in links:
                stack.push_async_callback(link.close)
            settings = CacheSettings.model_construct(megabytes=1, wait_ms=wait_ms)
            return [Cache(settings, counters, Shared(link, prefix)) for link in links]

        yield make


@pytest.fixture(params=["memory", "valkey"])
def make(request: pytest.FixtureRequest, counters: Counters) -> Caches:
    """Makes as many callers' caches: one process's, or one for each of several processes over one Valkey."""
    if request.param == "valkey":
        found: Caches = request.getfixturevalue("across")
        return found
    settings = CacheSettings.model_construct(megabytes=1, wait_ms=WAIT_MS)
    return lambda count=PROCESSES: [Cache(settings, counters)] * count


def wanted(version: str = "one", **more: Any) -> Wanted[Number]:  # noqa: ANN401  fields of Wanted
    return Wanted(KIND, "all:", version, **more)


async def until(holds: Callable[[], bool]) -> None:
    deadline = clock.monotonic() + 20
    while not holds():
        assert clock.monotonic() < deadline, "it did not come"
        await asyncio.sleep(0.001)


async def begun(caches: list[Cache], source: Source, times: int = 5) -> list[asyncio.Task[Number]]:
    """Have each ask some times at once, and return when one of all works it out and the others have come to wait."""
    asking = [asyncio.create_task(cache.get(wanted(), source)) for cache in caches for _ in range(times)]
    await until(lambda: source.count > 0)
    await asyncio.sleep(0.1)  # who does not wait would have begun by now
    return asking


async def test_one_of_all_works_it_out(make: Caches, source: Source, counters: Counters) -> None:
    asking = await begun(make(), source)
    counted = source.count
    source.may.set()

    assert {answer.number for answer in await asyncio.gather(*asking)} == {1}
    assert (counted, source.count) == (1, 1)
    outcomes = [counters.value(TOTAL, kind=KIND.name, outcome=name) for name in ("miss", "hit", "late")]
    assert outcomes == [1, 5 * PROCESSES - 1, 0]


@pytest.mark.parametrize("is_cancelled", [True, False])
async def test_when_the_one_fails_or_goes_away_the_next_takes_its_turn(
    make: Caches, source: Source, is_cancelled: bool
) -> None:
    asking = await begun(make(), source)
    first = source.first
    assert first is not None
    if is_cancelled:
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        await until(lambda: source.count == 2)
        source.may.set()
    else:
        source.failure = ValueError("it failed")
        source.may.set()
        with pytest.raises(ValueError, match="it failed"):
            await first

    others = [task for task in asking if task is not first]
    assert {answer.number for answer in await asyncio.gather(*others)} == {2}
    assert source.count == 2


async def test_who_asks_for_what_has_changed_since_waits_for_nobody(make: Caches, source: Source) -> None:
    one, other = make(2)
    first = asyncio.create_task(one.get(wanted("one"), source))
    await until(lambda: source.count == 1)
    second = asyncio.create_task(other.get(wanted("two"), source))
    await until(lambda: source.count == 2)
    source.may.set()

    assert [(await each).number for each in (first, second)] == [1, 2]


async def test_what_changed_while_it_was_worked_out_is_kept_nowhere(make: Caches, source: Source) -> None:
    one, other = make(2)
    source.may.set()

    async def changed() -> str:
        return "two"

    first = await one.get(wanted("one", look_again=changed), source)
    second = await other.get(wanted("one"), source)

    assert (first.number, second.number) == (1, 2)


async def test_another_process_that_never_comes_back_is_waited_for_half_the_time(
    across: Caches, source: Source, counters: Counters
) -> None:
    """As one that was killed while it had the turn: the other half is for working it out once."""
    (cache,) = across(1, wait_ms=2000)
    dead = cache._shared
    assert dead is not None
    assert await dead.ask(wanted().name, "one", "of somebody who died", 3600) is True
    asking = [asyncio.create_task(cache.get(wanted(), source)) for _ in range(5)]
    await until(lambda: source.count == 1)
    source.may.set()

    assert {answer.number for answer in await asyncio.gather(*asking)} == {1}
    assert counters.value(TOTAL, kind=KIND.name, outcome="late") == 1


async def test_a_turn_that_took_too_long_ends_nobody_elses(across: Caches) -> None:
    (cache,) = across(1)
    shared = cache._shared
    assert shared is not None
    assert await shared.ask("key", "one", "slow", 0.001) is True
    deadline = clock.monotonic() + 20
    while await shared.ask("key", "one", "next", 60) is not True:
        assert clock.monotonic() < deadline
    await shared.end("key", "one", "slow")
    assert await shared.ask("key", "one", "third", 60) is False
    await shared.end("key", "one", "next")
    assert await shared.ask("key", "one", "third", 60) is True


async def test_when_valkey_goes_away_each_works_it_out_and_none_fails(
    across: Caches, source: Source, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with valkey_in(tmp_path_factory.mktemp("lost")) as lost:
        asking = await begun(across(3, lost.url), source)
        assert source.count == 1
        lost.kill()
        await until(lambda: source.count == 3)
        source.may.set()
        numbers = {answer.number for answer in await asyncio.gather(*asking)}

    assert numbers == {1, 2, 3}
    assert source.count == 3, "one for each process"


async def test_what_is_too_large_to_be_shared_is_waited_for_in_vain_once(across: Caches) -> None:
    one, other = (cache._shared for cache in across(2))
    assert one is not None
    assert other is not None
    await one.put("key", "one", bytes(LARGEST + 1), 60)
    assert await other.ask("key", "one", "other", 60) is True

    assert await one.ask("key", "one", "one", 60) is None
    await one.put("key", "one", b"small again", 60)
    assert await one.ask("key", "one", "one", 60) == b"small again"
