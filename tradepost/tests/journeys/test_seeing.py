"""What an operator sees of the running program with two API processes: numbers that are right whoever is asked."""

import asyncio
import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final

import psutil
import psycopg
import pytest
from shopfloor import till_factory
from watching import DEPLOY, Watch, free_port, standing_still, watched

from mainstay import ids
from mainstay.bootstrap.program import Program
from mainstay.testing.client import Client
from mainstay.testing.collector import Collector
from mainstay.testing.collector import until as until_told
from mainstay.testing.process import ProgramProcess, make_folder

TOKEN: Final = "the token of the scraper"  # pragma: allowlist secret
BEARER: Final = {"Authorization": f"Bearer {TOKEN}"}
COUNTED: Final = 'mainstay_requests_total{method="GET",route="/health/live",status="200"}'
PATIENCE: Final = 90.0
LEVELS: Final = "/api/v1/operations/log-levels"
PROFILES: Final = "/api/v1/operations/profiles"
ROUTE: Final = "/api/v1/jobs/standing"
LAG: Final = "mainstay_loop_lag_seconds_count"


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    """Takes the program's traces."""
    with Collector().aside() as collector:
        yield collector


@pytest.fixture(scope="module")
async def seen(program: Program, collector: Collector) -> AsyncIterator[ProgramProcess]:
    """The program with two API processes, whose numbers may be read, and which sends its traces."""
    folder = make_folder()
    traces = {"TRACES_URL": collector.url, "TRACES_SECONDS": "0.2"}
    settings = {
        **traces,
        "METRICS_TOKEN": TOKEN,
        "METRICS_WORKER_PORT": str(free_port()),
        "DATABASE_LOCK_TIMEOUT": "1.5",
        # More than there are connections, so that the pool can get full at all.
        "OVERLOAD_AT_ONCE": "40",
    }
    variables = {f"TRADEPOST_{name}": value for name, value in settings.items()}
    process = ProgramProcess(program.name, folder, "--workers", "2", **variables)
    try:
        process.start()
        yield process
    finally:
        process.stop()
        shutil.rmtree(folder, ignore_errors=True)


def api_processes(seen: ProgramProcess) -> list[psutil.Process]:
    """Return the API processes as the system knows them."""
    return [each for each in psutil.Process(seen.pid).children() if each.cmdline()[-1:] == ["api"]]


async def numbers(client: Client) -> dict[str, float]:
    """Return what a scrape by a new connection tells."""
    page = await client.get("/metrics", headers={**BEARER, "Connection": "close"})
    assert page.status_code == 200, page.text
    pairs = (line.rpartition(" ") for line in page.text.splitlines() if not line.startswith("#"))
    return {series: float(value) for series, _, value in pairs}


async def live(client: Client, times: int) -> None:
    for _ in range(times):
        assert (await client.get("/health/live", headers={"Connection": "close"})).status_code == 200


async def until(client: Client, holds: Callable[[dict[str, float]], bool]) -> dict[str, float]:
    """Scrape until the numbers are so."""
    deadline = time.monotonic() + PATIENCE
    while not holds(found := await numbers(client)):
        assert time.monotonic() < deadline, found
    return found


async def test_one_scrape_tells_the_sum_of_all_processes_and_it_never_falls(seen: ProgramProcess) -> None:
    """Each process answers while the other is stopped, and one of them is killed."""
    async with seen.client() as client:
        before = (await numbers(client)).get(COUNTED, 0)
        first, second = api_processes(seen)
        for answering, stopped, times in ((first, second, 7), (second, first, 5)):
            with standing_still(stopped):
                await live(client, times)
            assert answering.is_running()

        readings = [(await numbers(client))[COUNTED] - before for _ in range(8)]
        assert readings == [12] * 8

        first.kill()
        readings = [(await numbers(client))[COUNTED] - before for _ in range(4)]
        assert readings == [12] * 4
        await until(client, lambda found: len(api_processes(seen)) == 2 and len(memory(found)) == 2)
        assert (await numbers(client))[COUNTED] - before == 12


@pytest.mark.practice(80)
async def test_cpu_and_memory_are_told_for_each_process(seen: ProgramProcess) -> None:
    async with seen.client() as client:
        # The lag of the loop is first known a second after the start.
        found = await until(client, lambda found: len(memory(found)) == 2 and found.get(LAG, 0) > 0)
        truly = sorted(process.memory_info().rss for process in api_processes(seen))

        assert sorted(memory(found)) == ["api-1", "api-2"]
        for told, real in zip(sorted(memory(found).values()), truly, strict=True):
            assert abs(told - real) < 32 * 2**20
        for name in ("api-1", "api-2"):
            assert found[f'process_cpu_seconds_total{{process="{name}"}}'] > 0.5
            assert found[f'process_open_fds{{process="{name}"}}'] > 5
    async with seen.owner() as owner:
        items = (await owner.get("/api/v1/operations/processes")).json()["items"]
    assert [each["name"] for each in items] == ["api-1", "api-2", "worker-1"]
    assert all(each["memory_bytes"] > 32 * 2**20 and each["cpu_seconds"] > 0.5 for each in items)


async def test_the_worker_tells_its_own_pool(seen: ProgramProcess) -> None:
    async with Client(f"http://127.0.0.1:{seen._variables()['TRADEPOST_METRICS_WORKER_PORT']}") as scraper:
        found = await numbers(scraper)
    assert found['mainstay_pool_limit{process="worker-1"}'] == 15
    assert found['mainstay_pool_connections{process="worker-1",state="idle"}'] >= 1


async def test_the_status_is_that_of_all_processes(seen: ProgramProcess) -> None:
    """Each answers a request while the other is stopped; whoever is asked knows those of both."""
    routes = ("/api/v1/schedules", ROUTE)
    async with seen.owner() as owner, seen.client() as passing:
        before = await status_of(owner)
        for route, stopped in zip(routes, api_processes(seen), strict=True):
            with standing_still(stopped):
                assert (await passing.get(route, headers={"Connection": "close"})).status_code == 401
        told = [await status_of(owner) for _ in range(6)]

    for status in told:
        assert status["since"] == before["since"]
        assert [each["name"] for each in status["processes"]] == ["api-1", "api-2", "worker-1"]
        assert [requests(status, route) - requests(before, route) for route in routes] == [1, 1]
        samples = {each["place"].removeprefix("GET "): each for each in status["slow_requests"]}
        assert {samples[route]["process"] for route in routes} == {"api-1", "api-2"}


async def status_of(owner: Client) -> dict[str, Any]:
    answer = await owner.get("/api/v1/operations/status", headers={"Connection": "close"})
    assert answer.status_code == 200, answer.text
    status: dict[str, Any] = answer.json()
    return status


def requests(status: dict[str, Any], path: str) -> int:
    """Return how many have asked for a route."""
    return next((int(each["requests"]) for each in status["routes"] if each["route"] == path), 0)


def memory(found: dict[str, float]) -> dict[str, float]:
    """Return the memory of each process, by its name."""
    pattern = re.compile(r'process_resident_memory_bytes\{process="(.+)"\}')
    return {told[1]: value for series, value in found.items() if (told := pattern.fullmatch(series))}


@pytest.mark.practice(58)
async def test_a_level_is_changed_and_taken_back_while_all_processes_run(seen: ProgramProcess) -> None:
    """Health checks are logged at the level "debug" alone."""
    # The owner keeps a connection to one of them, which may be the one that is stopped.
    async with seen.owner() as owner, seen.client() as passing:
        await live(passing, 1)
        changed = await owner.put(f"{LEVELS}/access", json={"level": "debug", "minutes": 1})
        assert changed.status_code == 200, changed.text
        assert changed.json()["processes"] == ["api-1", "api-2", "worker-1"]
        quiet = logged(seen)
        for answering, stopped in (api_processes(seen), reversed(api_processes(seen))):
            with standing_still(stopped):
                await live(passing, 1)
            assert answering.is_running()
        await until(passing, lambda _: logged(seen) >= quiet + 2)  # an answer is there before its line
        first, _ = api_processes(seen)
        first.kill()
        await until(passing, lambda found: len(api_processes(seen)) == 2 and len(memory(found)) == 2)
        told = (await owner.get(LEVELS)).json()
        restored = await owner.delete(f"{LEVELS}/access")
        before = logged(seen)
        await live(passing, 4)

    assert (before - quiet, logged(seen) - before) == (2, 0)
    assert [each["logger"] for each in told["items"]] == ["access"]
    assert restored.json()["items"] == []


def logged(seen: ProgramProcess) -> int:
    """Return how many health checks of this test stand in the log."""
    return sum(line.get("path") == "/health/live" for line in seen.log())


@pytest.mark.practice(80)
async def test_a_profile_of_a_live_route_names_it_and_its_functions(seen: ProgramProcess) -> None:
    """Over HTTP for the owner, one at a time; and by the command on the machine."""
    async with seen.owner() as owner, asyncio.TaskGroup() as group:
        await until(owner, lambda found: len(memory(found)) == 2)
        stopping = asyncio.Event()

        async def ask_on() -> None:
            while not stopping.is_set():
                assert (await owner.get(ROUTE, headers={"Connection": "close"})).status_code == 200

        load = [group.create_task(ask_on()) for _ in range(4)]
        # Long enough for the second to come while the first is being taken, however busy the machine is.
        wanted = {"process": "api-2", "seconds": 5}
        both = await asyncio.gather(*(owner.post(PROFILES, json=wanted) for _ in range(2)))
        other = await owner.post(PROFILES, json={"process": "api-1", "seconds": 2})
        stopping.set()
        await asyncio.gather(*load)
        said = await asyncio.to_thread(command, seen, "profile", "--seconds", "1", "--process", "api-1")
        entries = (await owner.get("/api/v1/audit/entries")).json()["items"]

    assert sorted(answer.status_code for answer in both) == [200, 409]
    (refused,) = (answer for answer in both if answer.status_code == 409)
    assert refused.json()["code"] == "operations.profile_under_way"
    made = [answer.json() for answer in (*both, other) if answer.status_code == 200]
    assert len(made) == 2
    # Who asks is answered by whichever process takes the connection.
    assert f"GET {ROUTE}" in {place["place"] for each in made for place in each["places"]}
    assert "mainstay/web/access_log.py" in {function["file"] for each in made for function in each["functions"]}
    assert f"GET {ROUTE};" in "".join(each["stacks"] for each in made)
    assert said.startswith("api-1: at work in "), said
    assert [each["act"] for each in entries].count("operations.profile_taken") == 4


def command(seen: ProgramProcess, *arguments: str) -> str:
    """Return what a command of the program prints, run beside it."""
    done = subprocess.run(
        [sys.executable, "-m", seen.package, *arguments],
        env=seen._variables(),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


BACKUPS: Final = "/api/v1/backup/archives"
MAILS: Final = "/api/v1/mail/messages"
ALARMS: Final = {"TradepostErrors", "TradepostSlow", "TradepostPoolNearlyFull", "TradepostBackupFailed"}


@pytest.fixture(scope="module")
async def watch(seen: ProgramProcess) -> AsyncIterator[Watch]:
    """A real Prometheus and Alertmanager that watch the program."""
    worker = int(seen._variables()["TRADEPOST_METRICS_WORKER_PORT"])
    async with watched(seen.folder, seen.address.removeprefix("http://"), worker, TOKEN) as watch:
        yield watch


DASHBOARD: Final = DEPLOY / "grafana" / "tradepost.json"


def panels() -> dict[str, list[str]]:
    """Return what each panel of the dashboard asks, by its title."""
    board = json.loads(DASHBOARD.read_text())
    return {
        panel["title"]: [target["expr"].replace("$__rate_interval", "2m") for target in panel["targets"]]
        for panel in board["panels"]
    }


@pytest.mark.practice(96)
async def test_of_a_hundred_requests_one_fails_and_the_panel_shows_it(seen: ProgramProcess, watch: Watch) -> None:
    """The requests that fail wait for a table that somebody holds locked; each panel has something to show."""
    async with seen.owner() as owner:
        await till_factory(owner)()
        assert (await owner.post(BACKUPS, json={"id": str(ids.new_id())})).status_code == 202
        await fail_once(seen, owner)
        assert (await owner.get(MAILS)).status_code == 200
        # What Prometheus has not seen at 1 it does not see grow.
        for status in (200, 503):
            counted = f'sum(mainstay_requests_total{{status="{status}", route="{MAILS}"}})'
            await watch.until_asked(counted, lambda found: found >= 1)
        for _ in range(2):
            for _ in range(99):
                assert (await owner.get(MAILS)).status_code == 200
            await fail_once(seen, owner)
        shown = panels()
        (by_route,) = shown.pop("Share of requests that fail, by route")
        await watch.until_asked(
            f'({by_route}) and on (route) label_replace(vector(1), "route", "{MAILS}", "", "")', near
        )
        for title, asked in shown.items():
            for expression in asked:
                await watch.until_asked(f"count({expression})", lambda found: found >= 1, title)


def near(share: float) -> bool:
    """Whether a share is a hundredth, as nearly as numbers that are read each second can say."""
    return 0.008 <= share <= 0.012


async def fail_once(seen: ProgramProcess, owner: Client) -> None:
    with psycopg.connect(seen.database_url) as connection:
        connection.execute("LOCK TABLE mail_message IN ACCESS EXCLUSIVE MODE")
        assert (await owner.get(MAILS)).status_code == 503
        connection.rollback()


async def test_a_bucket_of_slow_requests_leads_to_the_trace_of_one(
    seen: ProgramProcess, watch: Watch, collector: Collector
) -> None:
    """Each route is asked of another process; the trace is the request's, and requests that are not traced are none."""
    routes = ("/api/v1/schedules", ROUTE)
    async with seen.client() as passing:
        for route, stopped in zip(routes, api_processes(seen), strict=True):
            with standing_still(stopped):
                assert (await passing.get(route, headers={"Connection": "close"})).status_code == 401
    deadline = time.monotonic() + PATIENCE
    while not set(routes) <= (found := await watch.exemplars("mainstay_request_seconds_bucket")).keys():
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.2)

    for route in routes:
        for trace_id in found[route]:
            assert route in await routes_of(collector, trace_id)
    assert not [route for route in found if route.startswith(("/health", "/metrics"))]


async def routes_of(collector: Collector, trace_id: str) -> set[str]:
    """Return the routes of a trace, once it has come in."""
    await until_told(lambda: bool(collector.of(trace_id)))
    return {str(span.attributes.get("http.route")) for span in collector.of(trace_id)}


@pytest.mark.practice(99)
async def test_alarms_arrive_by_mail_and_in_the_chat_and_are_taken_back(seen: ProgramProcess, watch: Watch) -> None:
    """A table that somebody holds locked makes requests slow, fail, and fill the pool; the backup's folder is away."""
    async with seen.owner() as owner:
        with folder_away(seen.data_dir / "backups"):
            assert (await owner.post(BACKUPS, json={"id": str(ids.new_id())})).status_code == 202
            async with held_up(seen, owner):
                await watch.until(lambda: watch.told("firing") >= ALARMS and watch.mailed("firing") >= ALARMS)
        assert (await owner.post(BACKUPS, json={"id": str(ids.new_id())})).status_code == 202
        await watch.until(lambda: watch.told("resolved") >= ALARMS and watch.mailed("resolved") >= ALARMS, 90)

    assert {mail.recipients for mail in watch.mail.received} == {("operator@shop.example",)}
    assert "docs/runbooks/incident.md#requests-fail" in {
        alarm["annotations"]["runbook"] for got in watch.chat.got for alarm in json.loads(got.body)["alerts"]
    }


@contextmanager
def folder_away(folder: Path) -> Iterator[None]:
    """Have a file stand where a folder is to be."""
    away = folder.with_name("away")
    if folder.exists():
        folder.rename(away)
    folder.write_text("no folder")
    yield
    folder.unlink()
    if away.exists():
        away.rename(folder)


@asynccontextmanager
async def held_up(seen: ProgramProcess, owner: Client) -> AsyncIterator[None]:
    """Hold a table locked inside the block, and have many ask for what is in it."""
    stopping = asyncio.Event()

    async def ask_on() -> None:
        while not stopping.is_set():
            answer = await owner.get(MAILS, headers={"Connection": "close"})
            assert answer.status_code in {200, 503}, answer.text

    with psycopg.connect(seen.database_url) as connection:
        connection.execute("LOCK TABLE mail_message IN ACCESS EXCLUSIVE MODE")
        async with asyncio.TaskGroup() as group:
            for _ in range(34):
                group.create_task(ask_on())
            try:
                yield
            finally:
                stopping.set()
                connection.rollback()
