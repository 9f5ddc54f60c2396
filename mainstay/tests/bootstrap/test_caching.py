"""The cache of the running program: two processes on one database, with a real Valkey between them that is stopped."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack
from dataclasses import replace

import asyncpg
import psycopg
import pytest
from probe.main import make_program
from probe.sendings import FOR_ALL, FOR_ONE
from probe.served import Served, client_of, serving
from sqlalchemy.ext.asyncio import create_async_engine
from structlog.testing import capture_logs
from valkey_server import Valkey, valkey_in

from mainstay import clock, ids
from mainstay.bootstrap.caching import WARMED, warm
from mainstay.messages.job import Subscriptions
from mainstay.module import Module
from mainstay.net.redis import RedisLink
from mainstay.observe.counters import Counters
from mainstay.testing import database
from mainstay.testing.client import Client
from mainstay.work import UnitOfWork, WorkOpener

NOTES = "/api/v1/probe/notes"
FOR_EVERYBODY = "/api/v1/sendings/kept/for-all"
FOR_ME = "/api/v1/sendings/kept/for-one"
TOKEN = "the token of the scraper"  # pragma: allowlist secret
PATIENCE = 20.0


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    with valkey_in(tmp_path_factory.mktemp("valkey")) as server:
        yield server


@pytest.fixture(scope="module")
def programs(database_server: str, valkey: Valkey, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Served]]:
    """Two processes of one program."""
    # Longer than by default: on a busy machine a process may itself be late, and would go on alone.
    environment = {
        "PROBE_REDIS_URL": valkey.url,
        "PROBE_REDIS_PATIENCE_MS": "500",
        "PROBE_METRICS_TOKEN": TOKEN,
        "PROBE_LIMITS_API": "100000",
        # For the test that keeps many waiting for one.
        "PROBE_CACHE_WAIT_MS": "10000",
    }
    with ExitStack() as stack:
        source = database.template(database_server, make_program().migrations)
        url = stack.enter_context(database.clone(database_server, source))
        folders = [tmp_path_factory.mktemp("served") for _ in range(2)]
        yield [stack.enter_context(serving(url, folder, **environment)) for folder in folders]


@pytest.fixture
async def owners(programs: list[Served]) -> AsyncIterator[list[Client]]:
    """The owner's browsers, one on each process."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(client_of(each, "token-of-the-owner")) for each in programs]


@pytest.fixture
async def cashiers(programs: list[Served]) -> AsyncIterator[list[Client]]:
    """The cashier's browsers, one on each process."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(client_of(each, "token-of-the-cashier")) for each in programs]


async def metric(browser: Client, name: str) -> float:
    text = (await browser.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})).text
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0


async def until(browser: Client, name: str, value: float) -> None:
    deadline = clock.monotonic() + PATIENCE
    while await metric(browser, name) != value:
        assert clock.monotonic() < deadline, f"{name} is not {value}"
        await asyncio.sleep(0.01)


def outcome(kind: str, name: str) -> str:
    return f'mainstay_cache_total{{kind="{kind}",outcome="{name}"}}'


async def write(browser: Client, code: str) -> None:
    answer = await browser.post(NOTES, json={"id": str(ids.new_id()), "code": code, "amount": 1})
    assert answer.status_code == 201, answer.text


async def test_each_process_warms_its_cache_when_it_starts(owners: list[Client]) -> None:
    for owner in owners:
        await until(owner, 'mainstay_cache_warmed_total{module="probe"}', 1)
        before = await metric(owner, outcome("probe.for_all", "hit"))

        answer = (await owner.get(FOR_EVERYBODY)).json()

        assert answer["whose"] == "system"
        assert await metric(owner, outcome("probe.for_all", "hit")) == before + 1


async def test_a_module_that_cannot_be_warmed_is_told_of_and_keeps_no_other_from_it() -> None:
    async def fail(_uow: UnitOfWork) -> None:
        raise asyncpg.UndefinedTableError("the migrations are still to come")

    async def do(_uow: UnitOfWork) -> None:
        """Read nothing."""

    counters = Counters()
    modules = (Module(name="first", warm=fail), Module(name="second", warm=do))
    nowhere = create_async_engine("postgresql+asyncpg://nobody@127.0.0.1:1/nowhere")

    with capture_logs() as lines:
        await warm(replace(make_program(), modules=modules), WorkOpener(nowhere, Subscriptions({})), counters)

    assert [counters.value(WARMED, module=name) for name in ("first", "second")] == [0, 1]
    assert [(line["log_level"], line["module"]) for line in lines] == [("error", "first")]


@pytest.mark.practice(76)
async def test_what_one_process_writes_another_shows_at_once(owners: list[Client]) -> None:
    for number in range(20):
        writer, reader = owners[number % 2], owners[(number + 1) % 2]
        await reader.get(FOR_EVERYBODY)
        await write(writer, f"fresh-{number}")

        found = (await reader.get(FOR_EVERYBODY)).json()["codes"], (await writer.get(FOR_EVERYBODY)).json()["codes"]

        assert all(f"fresh-{number}" in codes for codes in found)


async def test_of_many_requests_at_once_one_reads_and_the_others_are_given_what_it_read(
    owners: list[Client], programs: list[Served]
) -> None:
    """The table is locked until one request waits for it: the others, of both processes, wait for that one."""
    program, kinds = programs[0], [outcome("probe.for_all", name) for name in ("hit", "miss", "late")]

    async def counted() -> list[float]:
        return [sum([await metric(owner, kind) for owner in owners]) for kind in kinds]

    await write(owners[0], "for-many")
    before = await counted()
    reading = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'probe_note'::regclass"
    async with await psycopg.AsyncConnection.connect(database.plain(program.database_url)) as holding:
        await holding.execute("LOCK TABLE probe_note IN ACCESS EXCLUSIVE MODE")
        asking = [asyncio.create_task(owner.get(FOR_EVERYBODY)) for owner in owners for _ in range(25)]
        deadline = clock.monotonic() + PATIENCE
        while not await asyncio.to_thread(program.ask, reading):
            assert clock.monotonic() < deadline, "nobody reads"
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)  # others would have come to the table by now
        waiting = await asyncio.to_thread(program.ask, reading)
    answers = await asyncio.gather(*asking)

    assert waiting == 1
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert "for-many" in answers[0].json()["codes"]
    assert [now - then for now, then in zip(await counted(), before, strict=True)] == [49, 1, 0]


@pytest.mark.practice(76)
async def test_nobody_is_shown_what_was_read_for_another(owners: list[Client], cashiers: list[Client]) -> None:
    for _ in range(3):
        for mine, theirs in zip(owners, cashiers, strict=True):
            assert (await mine.get(FOR_ME)).json()["whose"] == "Owner"
            assert (await theirs.get(FOR_ME)).json()["whose"] == "Cashier"
    assert await metric(owners[0], outcome("probe.for_one", "hit")) > 0


@pytest.mark.practice(75)
async def test_keys_and_their_time_lie_in_redis_as_their_kinds_say(
    owners: list[Client], cashiers: list[Client], valkey: Valkey
) -> None:
    await write(owners[0], "for-redis")
    for path in (FOR_EVERYBODY, FOR_ME):
        await owners[0].get(path)
    await cashiers[0].get(FOR_ME)
    link = RedisLink(valkey.url, Counters(), patience=5)

    names = await link.call("KEYS", "probe:cache:*")
    assert isinstance(names, list)
    keys = sorted(name.decode() for name in names)
    left = {key: await link.call("PTTL", key) for key in keys}
    kinds = {kind.name: kind for kind in (FOR_ALL, FOR_ONE)}
    values = {key: await link.call("GET", key) for key in keys}
    await link.close()

    assert f"probe:cache:probe.for_all:{FOR_ALL.form}:all:" in keys
    assert len([key for key in keys if "probe.for_one" in key]) >= 2
    for key, milliseconds in left.items():
        kind, value = kinds[key.split(":")[2]], values[key]
        assert isinstance(milliseconds, int)
        assert isinstance(value, bytes)
        assert 0 < milliseconds <= kind.seconds * 1000
        kind.unpack(value.partition(b"\n")[2])  # JSON of the kind's type
    assert max(time for time in left.values() if isinstance(time, int)) > FOR_ONE.seconds * 800


async def test_one_process_is_given_what_another_has_worked_out(owners: list[Client]) -> None:
    await write(owners[0], "worked-out-once")
    misses = [await metric(owner, outcome("probe.for_all", "miss")) for owner in owners]

    for owner in owners:
        await owner.get(FOR_EVERYBODY)

    assert await metric(owners[0], outcome("probe.for_all", "miss")) == misses[0] + 1
    assert await metric(owners[1], outcome("probe.for_all", "miss")) == misses[1]


@pytest.mark.practice(75)
@pytest.mark.parametrize("how", ["kill", "freeze"])
async def test_when_redis_stops_answers_are_right_and_it_is_used_again_afterwards(
    owners: list[Client], valkey: Valkey, how: str
) -> None:
    await owners[0].get(FOR_EVERYBODY)
    valkey.kill() if how == "kill" else valkey.freeze()

    for number in range(10):
        writer, reader = owners[number % 2], owners[(number + 1) % 2]
        await write(writer, f"{how}-{number}")
        answers = [await reader.get(FOR_EVERYBODY) for _ in range(3)]
        assert {answer.status_code for answer in answers} == {200}
        assert all(f"{how}-{number}" in answer.json()["codes"] for answer in answers)

    valkey.start() if how == "kill" else valkey.thaw()
    for owner in owners:
        await until(owner, "mainstay_redis_away", 0)
    deadline = clock.monotonic() + PATIENCE
    for number in range(1_000_000):
        await write(owners[0], f"after-{how}-{number}")
        misses = await metric(owners[1], outcome("probe.for_all", "miss"))
        found = [(await owner.get(FOR_EVERYBODY)).json()["codes"] for owner in owners]
        assert all(f"after-{how}-{number}" in codes for codes in found)
        if await metric(owners[1], outcome("probe.for_all", "miss")) == misses:
            break  # the second was given what the first had worked out
        assert clock.monotonic() < deadline, "Redis is not used again."
