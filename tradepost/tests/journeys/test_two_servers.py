"""A shop grows to two servers and is deployed, by the commands of the runbooks, and no request fails meanwhile."""

import asyncio
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from fleet import Fleet, Passed, open_fleet, until_served
from fleet.callers import assert_nothing_lost_or_doubled, calling, open_floor
from fleet.runbooks import RUNBOOKS, commands, run
from shopfloor import created, product_in
from valkey_server import valkey_in

from mainstay import clock
from mainstay.db.settings import DatabaseSettings
from mainstay.testing.client import Client
from mainstay.testing.process import make_folder
from mainstay.worker.engine import POOL_SIZE

TRADEPOST = Path(sys.executable).parent / "tradepost"
# Seconds between two requests of one caller: five callers make some hundreds.
PAUSE = 0.4
LEAST = 200
ATTEMPTS = 5
# Who has connections to the database, by the runbook.
KINDS = {"tradepost-api": "API", "tradepost-jobs": "worker", "mainstay-worker": "worker"}


@pytest.fixture
def fleet(fresh_database_url: str, tmp_path: Path) -> Iterator[Fleet]:
    """A machine with the shipped proxy, one API and one worker."""
    with valkey_in(tmp_path) as valkey:
        settings = {
            "TRADEPOST_REDIS_URL": valkey.url,
            "TRADEPOST_REDIS_PATIENCE_MS": "5000",
            "TRADEPOST_LIMITS_SIGN_IN": str(ATTEMPTS),
        }
        with open_fleet(make_folder(), fresh_database_url, TRADEPOST, settings) as fleet:
            fleet.service(f"tradepost-api@{fleet.ports[0]}").start()
            fleet.service("tradepost-worker@1").start()
            yield fleet


async def follow(fleet: Fleet, script: str, **more: str) -> str:
    """Run a block of a runbook beside whatever goes on."""
    return await asyncio.to_thread(run, script, {**fleet.operator, **more})


@pytest.mark.journey
@pytest.mark.long
@pytest.mark.practice(109)
async def test_a_shop_grows_to_two_servers_and_a_version_is_deployed_without_a_failed_request(fleet: Fleet) -> None:
    """The load goes on all the while, and half of it asks on a new connection each time."""
    await until_served(fleet)
    async with fleet.owner() as owner:
        floor = await open_floor(owner, 2)
        async with calling(fleet, floor, readers=3, pause=PAUSE) as calls:
            await grow(fleet, owner)
            before = len(fleet.passed())
            await deploy(fleet)
            while calls.answered < LEAST:
                await owner.get("/api/v1/shop")

        assert calls.failed == []
        assert_nothing_lost_or_doubled(fleet, floor, calls.sold)
        assert_each_said_that_it_stops(fleet, fleet.passed()[before:])
        await assert_limits_are_shared(fleet)
        await assert_levels_are_shared(fleet, owner)


async def assert_levels_are_shared(fleet: Fleet, owner: Client) -> None:
    """Whichever server is told, all processes write more, though none knows the other's folder."""
    logs = [fleet.service(f"tradepost-api@{port}").log for port in fleet.ports] + workers(fleet)
    changed = await owner.put("/api/v1/operations/log-levels/access", json={"level": "debug", "minutes": 5})
    assert changed.status_code == 200, changed.text
    deadline = clock.monotonic() + 60
    while not all(map(follows_levels, logs)):
        assert clock.monotonic() < deadline, "one of them was not told"
        await asyncio.sleep(0.1)


def follows_levels(log: Path) -> bool:
    """Return whether a process has said that it logs more."""
    lines = [orjson.loads(line) for line in log.read_bytes().splitlines() if line.startswith(b"{")]
    return any((line["event"], line["level"]) == ("log level", "debug") for line in lines)


async def grow(fleet: Fleet, owner: Client) -> None:
    """Follow the runbook to a second API and a second worker; both must be given work."""
    (one_more_api,) = commands("scaling.md", "One more API")
    (one_more_worker,) = commands("scaling.md", "One more worker")
    (connections,) = commands("scaling.md", "Connections")
    await follow(fleet, one_more_worker, NUMBER="2")
    await follow(fleet, one_more_api, PORT=str(fleet.ports[1]))
    deadline = clock.monotonic() + 120
    while {each.server for each in fleet.passed()} < {"one", "two"} or not all(map(jobs_done, workers(fleet))):
        assert clock.monotonic() < deadline, "One of them does nothing."
        await created(owner, "/api/v1/catalog/products", product_in())
    assert_connections_are_as_said(await follow(fleet, connections, DATABASE=fleet.database))


def workers(fleet: Fleet) -> list[Path]:
    return [fleet.service(f"tradepost-worker@{number}").log for number in (1, 2)]


def jobs_done(log: Path) -> int:
    """Return how many jobs a worker has said that it has done."""
    lines = [orjson.loads(line) for line in log.read_bytes().splitlines() if line.startswith(b"{")]
    return sum(line["event"] == "job" and line.get("outcome") == "done" for line in lines)


async def deploy(fleet: Fleet) -> None:
    """Follow the runbook for both servers."""
    restart, _ = commands("deploy.md", "One server after the other")
    verify, _, _ = commands("deploy.md", "Verify")[0].partition("\n")
    services = [fleet.service(f"tradepost-api@{port}") for port in fleet.ports]
    former = {service.pid for service in services}
    for port in fleet.ports:
        await follow(fleet, restart, PORT=str(port), NEXT="two")
    await follow(fleet, verify)
    assert fleet.version == "two"
    assert former.isdisjoint({service.pid for service in services} | {None})


def assert_each_said_that_it_stops(fleet: Fleet, passed: list[Passed]) -> None:
    """Fail unless each server could still be asked, and said so, after it was told to stop."""
    for name in ("one", "two"):
        said = f"server program/{name} failed, reason: Layer7 wrong status, code: 503"
        assert said in fleet.proxy_log(), name
    assert {each.server for each in passed} == {"one", "two"}


async def assert_limits_are_shared(fleet: Fleet) -> None:
    """Both servers count the same wrong passwords."""
    before, statuses = len(fleet.passed()), Counter[int]()
    async with fleet.browser(keeps_connections=False) as stranger:
        for _ in range(2 * ATTEMPTS):
            guess = {"email": "olga@shop.example", "password": "a guess at a password"}
            statuses[(await stranger.post("/api/v1/identity/session", json=guess)).status_code] += 1

    assert statuses == {401: ATTEMPTS, 429: ATTEMPTS}
    asked = Counter(each.server for each in fleet.passed()[before:])
    assert min(asked["one"], asked["two"]) > 1, "one of them alone refused"


def assert_connections_are_as_said(said: str) -> None:
    """Fail unless the runbook's sum is that of the settings, and nobody takes more than it says."""
    table = dict(re.findall(r"^\| an? (API|worker) \| (\d+) \|", (RUNBOOKS / "scaling.md").read_text(), re.MULTILINE))
    each = DatabaseSettings().pool_size + DatabaseSettings().pool_overflow + 1
    assert table == {"API": str(each), "worker": str(each + POOL_SIZE)}
    *rows, most = said.split("\n")[:-1]
    assert int(most) >= 1
    found = Counter[str]()
    for name, _, count in (row.partition("|") for row in rows):
        found[KINDS.get(name, name)] += int(count)
    listeners = "listens to mainstay_flags, mainstay_log_levels"
    assert set(found) == {"API", "worker", listeners}
    assert found["API"] <= 2 * each
    assert found["worker"] <= 2 * (each + POOL_SIZE)
    assert found[listeners] <= 4
