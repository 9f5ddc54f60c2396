"""The limits of the running program, as processes of their own, with a real Valkey between them that dies and hangs."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import httpx2
import pytest
from probe.main import make_program
from probe.served import Served, client_of, serving
from valkey_server import Valkey, valkey_in

from mainstay import clock
from mainstay.bootstrap.limiting import bounds_of, open_limiter, open_link
from mainstay.db.engine import DatabaseSettings
from mainstay.observe.counters import Counters
from mainstay.settings import Configuration
from mainstay.testing import database
from mainstay.testing.client import Client
from mainstay.testing.limits import allowances
from mainstay.web.limits.rates import API
from mainstay.web.limits.settings import LimitSettings
from mainstay.web.overload.settings import OverloadSettings

ME = "/api/v1/probe/me"
NOTES = "/api/v1/probe/notes"
TOKEN = "the token of the scraper"  # pragma: allowlist secret
PATIENCE = 20.0


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    with valkey_in(tmp_path_factory.mktemp("valkey")) as server:
        yield server


@pytest.fixture(scope="module")
def programs(database_server: str, valkey: Valkey, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Served]]:
    """Two processes of one program with the limits that hold where nothing is set."""
    sizes = LimitSettings.defaults()
    environment = allowances("probe", api=sizes.api, read=sizes.read)
    # Longer than by default: on a busy machine a process may itself be late, and would go on alone.
    environment |= {"PROBE_REDIS_URL": valkey.url, "PROBE_REDIS_PATIENCE_MS": "500", "PROBE_METRICS_TOKEN": TOKEN}
    with ExitStack() as stack:
        source = database.template(database_server, make_program().migrations)
        url = stack.enter_context(database.clone(database_server, source))
        folders = [tmp_path_factory.mktemp("served") for _ in range(2)]
        yield [stack.enter_context(serving(url, folder, **environment)) for folder in folders]


@pytest.fixture
async def clients() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


async def browsers(clients: AsyncExitStack, programs: list[Served], token: str) -> list[Client]:
    return [await clients.enter_async_context(client_of(served, token)) for served in programs]


async def statuses(browsers: list[Client], count: int) -> list[int]:
    """Send writes to all in turn, ten at a time, and return what they were answered with."""
    found: list[int] = []
    for _ in range(count // 10):
        replies = await asyncio.gather(*(browsers[each % len(browsers)].post(NOTES, json={}) for each in range(10)))
        found += [reply.status_code for reply in replies]
    return found


async def metric(browser: Client, name: str) -> float:
    text = (await browser.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})).text
    # How things stand is told for each process, and each of these programs is one.
    found = re.search(rf'^{name}(?:{{process="[^"]*"}})? (\S+)$', text, re.MULTILINE)
    return float(found[1]) if found else 0


async def until(browser: Client, name: str, value: float) -> None:
    deadline = clock.monotonic() + PATIENCE
    while await metric(browser, name) != value:
        assert clock.monotonic() < deadline, f"{name} is not {value}"


@pytest.mark.practice(12)
async def test_two_processes_let_exactly_the_allowance_of_a_person_pass(
    programs: list[Served], clients: AsyncExitStack
) -> None:
    owners = await browsers(clients, programs, "token-of-the-owner")

    found = await statuses(owners, 150)

    assert (found.count(422), found.count(429)) == (100, 50)
    assert await metric(owners[0], "mainstay_limits_counted_locally_total") == 0


@pytest.mark.practice(12)
async def test_when_redis_is_killed_each_goes_on_alone_nothing_fails_and_one_line_says_so(
    programs: list[Served], clients: AsyncExitStack, valkey: Valkey
) -> None:
    cashiers = await browsers(clients, programs, "token-of-the-cashier")
    before = await statuses(cashiers, 60)
    valkey.kill()

    after = await statuses(cashiers, 200)

    assert before == [403] * 60
    # Each process has let 30 pass by then, and lets 70 more pass.
    assert (after.count(403), after.count(429)) == (140, 60)
    for browser in cashiers:
        await until(browser, "mainstay_redis_away", 1)
    for served in programs:
        assert len(served.lines(event="redis is away; every process goes on by itself")) == 1
    valkey.start()
    for browser in cashiers:
        await until(browser, "mainstay_redis_away", 0)


def disguise(number: int) -> dict[str, str]:
    """Return what a stranger says of where they come from, another place each time."""
    place = f"203.0.113.{number % 250}"
    return {
        "X-Forwarded-For": f"{place}, 10.0.0.{number % 250}",
        "X-Real-IP": place,
        "Forwarded": f"for={place};proto=https",
        "CF-Connecting-IP": place,
        "True-Client-IP": place,
    }


@pytest.mark.practice(13)
async def test_a_stranger_in_a_hundred_disguises_has_one_allowance_at_both_processes(
    programs: list[Served], clients: AsyncExitStack
) -> None:
    strangers = [await clients.enter_async_context(client_of(served)) for served in programs]
    alone = await metric(strangers[0], "mainstay_limits_counted_locally_total")

    found = [
        (await strangers[number % 2].post(NOTES, json={}, headers=disguise(number))).status_code
        for number in range(150)
    ]

    assert (found.count(401), found.count(429)) == (100, 50)
    assert await metric(strangers[0], "mainstay_limits_counted_locally_total") == alone


async def test_when_redis_hangs_nobody_waits_for_it(
    programs: list[Served], clients: AsyncExitStack, valkey: Valkey
) -> None:
    owner = (await browsers(clients, programs, "token-of-the-owner"))[0]
    await owner.get(ME)
    valkey.freeze()

    replies: list[httpx2.Response] = [await owner.get(ME) for _ in range(50)]

    assert {reply.status_code for reply in replies} == {200}
    waits = sorted(reply.elapsed.total_seconds() for reply in replies)
    assert waits[25] < 0.5, "half of all requests waited for Redis"
    assert waits[-1] < PATIENCE
    valkey.thaw()
    await until(owner, "mainstay_redis_away", 0)


async def test_without_redis_a_process_counts_by_itself() -> None:
    counters = Counters()
    configuration = make_program().configuration()
    limiter = open_limiter("probe", configuration, counters, open_link(configuration, counters))

    assert (await limiter.charge(API, "person:1")).remaining == 99
    assert counters.text() == ""


async def test_health_is_never_limited(programs: list[Served], clients: AsyncExitStack) -> None:
    browser = (await browsers(clients, programs, "token-of-the-owner"))[0]

    replies = [await browser.get("/health/live") for _ in range(30)]

    assert {reply.status_code for reply in replies} == {200}
    assert not any("RateLimit" in reply.headers for reply in replies)


def test_where_redis_is_comes_from_the_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PROBE_REDIS_URL", f"unix://{tmp_path}/valkey.sock")
    counters = Counters()

    link = open_link(make_program().configuration(), counters)

    assert link is not None
    assert "mainstay_redis_away 0\n" in counters.text()


def test_what_is_taken_in_follows_the_connections_to_the_database() -> None:
    overload = OverloadSettings(wait_ms=100)

    by_pool = bounds_of(Configuration((DatabaseSettings(pool_size=4, pool_overflow=1), overload)))
    stated = bounds_of(Configuration((DatabaseSettings(), OverloadSettings(at_once=40))))

    assert (by_pool.at_once, by_pool.burst) == ((4, 3, 2), 0.1)
    assert stated.at_once == (40, 30, 20)
