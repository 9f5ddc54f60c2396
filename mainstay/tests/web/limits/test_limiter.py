"""The limiter with Redis, without it, and while it comes and goes."""

import pytest
from valkey_server import Valkey

from mainstay.net.redis import AWAY, RedisLink
from mainstay.observe.counters import Counters
from mainstay.web.limits import limiter as module
from mainstay.web.limits.limiter import LOCAL, REFUSED, Limiter
from mainstay.web.limits.rates import API
from mainstay.web.limits.settings import LimitSettings
from mainstay.web.limits.shared import SharedWindows

SIZES = LimitSettings.defaults().model_copy(update={"api": 4})


async def passed(limiter: Limiter, count: int, caller: str = "person:1") -> list[bool]:
    return [(await limiter.charge(API, caller)).is_within for _ in range(count)]


async def test_alone_it_counts_by_itself_and_says_what_it_refused() -> None:
    counters = Counters()
    limiter = Limiter(SIZES, counters)

    assert await passed(limiter, 6) == [True] * 4 + [False] * 2
    assert (counters.value(REFUSED, rate="api"), counters.value(LOCAL)) == (2, 0)


async def test_a_credential_has_an_owner_until_it_is_refused() -> None:
    limiter = Limiter(SIZES, Counters())
    await limiter.learn("c", "person:1", API)
    assert await limiter.owner_of("c") == "person:1"

    await limiter.forget("c")

    assert await limiter.owner_of("c") is None


async def test_only_so_many_credentials_are_remembered_and_the_least_used_goes_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST_CREDENTIALS", 2)
    limiter = Limiter(SIZES, Counters())
    for credential in ("a", "b"):
        await limiter.learn(credential, "person:1", API)
    await limiter.owner_of("a")

    await limiter.learn("c", "person:1", API)

    assert [await limiter.owner_of(credential) for credential in "abc"] == ["person:1", None, "person:1"]


async def test_when_redis_dies_each_goes_on_by_itself_from_what_it_has_let_pass(valkey: Valkey) -> None:
    """Nobody begins with a fresh allowance, nobody is let pass without counting, and the numbers tell."""
    counters = Counters()
    link = RedisLink(valkey.url, counters, patience=5)
    limiter = Limiter(SIZES, counters, SharedWindows(link, "test"))
    assert await passed(limiter, 3) == [True] * 3
    assert counters.value(LOCAL) == 0

    valkey.kill()

    assert await passed(limiter, 3) == [True, False, False]
    assert (counters.value(LOCAL), counters.value(AWAY)) == (3, 1)
    await link.close()


async def test_all_that_is_known_goes_through_redis_and_nothing_fails_without_it(valkey: Valkey) -> None:
    links = [RedisLink(valkey.url, Counters(), patience=5) for _ in range(2)]
    one, other = (Limiter(SIZES, Counters(), SharedWindows(link, "test")) for link in links)
    await one.learn("c", "person:1", API)
    verdict = await one.charge(API, "person:1")
    await one.give_back(API, "person:1", verdict)
    assert await other.owner_of("c") == "person:1"
    assert await passed(other, 4) == [True, True, True, False]

    valkey.kill()

    await one.learn("d", "person:2", API)
    await one.give_back(API, "person:1", verdict)
    await one.forget("c")
    assert [await one.owner_of(credential) for credential in "cd"] == [None, "person:2"]
    for link in links:
        await link.close()
