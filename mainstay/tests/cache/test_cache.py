"""The cache of a process: kept by version, worked out once by many, and never in the way."""

import asyncio
from collections.abc import Callable

import pytest
from pydantic import BaseModel

from mainstay import clock
from mainstay.cache.cache import BYTES, TOTAL, Cache, Wanted
from mainstay.cache.kind import Kind
from mainstay.cache.memory import Memory
from mainstay.cache.settings import CacheSettings
from mainstay.cache.shared import Shared
from mainstay.observe.counters import Counters


class Number(BaseModel):
    number: int


KIND = Kind("test.number", Number, ("test_number",), seconds=100)
ONE = Wanted(KIND, "all:", "one")


class Source:
    """Works out numbers that count, when it is let."""

    def __init__(self) -> None:
        self.count = 0
        self.may = asyncio.Event()
        self.may.set()
        self.failure: Exception | None = None

    async def __call__(self) -> Number:
        self.count += 1
        number = self.count
        await self.may.wait()
        if self.failure is not None:
            raise self.failure
        return Number(number=number)


@pytest.fixture
def counters() -> Counters:
    return Counters()


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def make(counters: Counters) -> Callable[..., Cache]:
    def make(**settings: int) -> Cache:
        return Cache(
            CacheSettings.model_construct().model_copy(update={"megabytes": 1, "wait_ms": 5000} | settings), counters
        )

    return make


async def until(holds: Callable[[], bool]) -> None:
    deadline = clock.monotonic() + 5
    while not holds():
        assert clock.monotonic() < deadline
        await asyncio.sleep(0)


async def test_an_answer_is_worked_out_once_for_a_version(make: Callable[..., Cache], source: Source) -> None:
    cache = make()

    found = [(await cache.get(ONE, source)).number for _ in range(3)]
    found.append((await cache.get(Wanted(KIND, "all:", "two"), source)).number)
    found.append((await cache.get(Wanted(KIND, "bob:", "two"), source)).number)

    assert found == [1, 1, 1, 2, 3]


async def test_nobody_changes_the_kept_answer_through_their_own(make: Callable[..., Cache], source: Source) -> None:
    cache = make()
    first, second = await cache.get(ONE, source), await cache.get(ONE, source)
    first.number = second.number = 99

    assert (await cache.get(ONE, source)).number == 1


async def test_of_many_that_ask_at_once_one_works_it_out(
    make: Callable[..., Cache], source: Source, counters: Counters
) -> None:
    cache = make()
    source.may.clear()
    asking = [asyncio.create_task(cache.get(ONE, source)) for _ in range(50)]
    await until(lambda: source.count == 1)
    source.may.set()

    found = await asyncio.gather(*asking)

    assert {answer.number for answer in found} == {1}
    assert source.count == 1
    assert counters.value(TOTAL, kind=KIND.name, outcome="miss") == 1
    assert counters.value(TOTAL, kind=KIND.name, outcome="hit") == 49
    assert counters.value(BYTES) > 300


@pytest.mark.parametrize("is_cancelled", [True, False])
async def test_when_the_one_is_cancelled_or_fails_the_next_takes_its_turn_at_once(
    make: Callable[..., Cache], source: Source, is_cancelled: bool
) -> None:
    cache = make(wait_ms=10_000)
    source.may.clear()
    first = asyncio.create_task(cache.get(ONE, source))
    await until(lambda: source.count == 1)
    waiting = [asyncio.create_task(cache.get(ONE, source)) for _ in range(20)]
    await asyncio.sleep(0)
    started = clock.monotonic()
    if is_cancelled:
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
    else:
        source.failure = ValueError("it failed")
        source.may.set()
        with pytest.raises(ValueError, match="it failed"):
            await first
        source.failure = None
    source.may.set()

    found = await asyncio.gather(*waiting)

    assert {answer.number for answer in found} == {2}
    assert source.count == 2
    assert clock.monotonic() - started < 5


async def test_whoever_has_waited_long_enough_works_it_out_alone(
    make: Callable[..., Cache], source: Source, counters: Counters
) -> None:
    cache = make(wait_ms=1)
    source.may.clear()
    first = asyncio.create_task(cache.get(ONE, source))
    await until(lambda: source.count == 1)
    second = asyncio.create_task(cache.get(ONE, source))
    await until(lambda: source.count == 2)
    source.may.set()

    assert ((await first).number, (await second).number) == (1, 2)
    assert counters.value(TOTAL, kind=KIND.name, outcome="late") == 1


async def test_whoever_waited_is_given_what_is_too_large_to_keep(make: Callable[..., Cache], source: Source) -> None:
    cache = make()
    cache._memory = Memory(100)  # less than any answer takes
    source.may.clear()
    asking = [asyncio.create_task(cache.get(ONE, source)) for _ in range(5)]
    await until(lambda: source.count == 1)
    source.may.set()

    assert {answer.number for answer in await asyncio.gather(*asking)} == {1}
    assert source.count == 1


async def test_what_changed_while_it_was_read_is_given_and_not_kept(source: Source, counters: Counters) -> None:
    store, settings = Store(), CacheSettings.model_construct(megabytes=1, wait_ms=5000)
    cache = Cache(settings, counters, Shared(store, "p:"))

    async def changed() -> str:
        return "two"

    source.may.clear()
    wanted = Wanted(KIND, "all:", "one", look_again=changed)
    asking = [asyncio.create_task(cache.get(wanted, source)) for _ in range(3)]
    await until(lambda: source.count == 1)
    source.may.set()

    assert {answer.number for answer in await asyncio.gather(*asking)} == {1}
    assert store.kept == {}
    assert (await cache.get(ONE, source)).number == 2


async def test_without_memory_everything_is_worked_out(make: Callable[..., Cache], source: Source) -> None:
    cache = make(megabytes=0)

    assert [(await cache.get(ONE, source)).number for _ in range(3)] == [1, 2, 3]


def test_not_all_answers_end_at_once() -> None:
    times = {Wanted(KIND, str(number), "v").seconds for number in range(50)}

    assert len(times) > 30
    assert 90 < min(times) < max(times) <= 100


class Store:
    """Keeps what it is given, as `mainstay.cache.shared` does."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    async def call(self, *command: str | bytes | int) -> object | None:
        if command[0] == "EVAL":
            return None  # one that runs no scripts: nobody takes turns
        if command[0] == "GET":
            return self.kept.get(str(command[1]))
        assert isinstance(command[2], bytes)
        self.kept[str(command[1])] = command[2]
        return b"OK"


async def test_another_process_finds_what_one_has_worked_out_and_nothing_that_is_broken(
    source: Source, counters: Counters
) -> None:
    store, settings = Store(), CacheSettings.model_construct(megabytes=1, wait_ms=100)
    caches = [Cache(settings, counters, Shared(store, "p:")) for _ in range(3)]

    first = (await caches[0].get(ONE, source)).number
    second = (await caches[1].get(ONE, source)).number
    (name,) = store.kept
    store.kept[name] = b"one\n\x80\x04K\x01."
    third = (await caches[2].get(ONE, source)).number

    assert (first, second, third) == (1, 1, 2)
    assert name == f"p:test.number:{KIND.form}:all:"
    assert counters.value(TOTAL, kind=KIND.name, outcome="broken") == 1
    assert store.kept[name] == b'one\n{"number":2}'
