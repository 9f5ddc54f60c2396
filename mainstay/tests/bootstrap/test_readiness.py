"""Readiness tells what is in trouble: what is needed makes it 503, the rest is named and requests are served."""

import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from probe.main import SECRET_KEY, make_program
from structlog.testing import capture_logs

from mainstay.bootstrap import readiness as bootstrap_readiness
from mainstay.bootstrap.api import create_api
from mainstay.bootstrap.readiness import MEGABYTE, Disk
from mainstay.module import Module
from mainstay.observe.health import Check, HealthSettings, Unhealthy, examine
from mainstay.testing import database
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, UnitOfWork

Asking = Callable[[UnitOfWork, HealthSettings], Awaitable[None]]
SLOW = "The bell does not ring."


@pytest.fixture(scope="module")
def probe_database_url(database_server: str) -> Iterator[str]:
    """A database of the probe program for the tests of this file."""
    source = database.template(database_server, make_program().migrations)
    with database.clone(database_server, source) as url:
        yield url


@asynccontextmanager
async def probing(database_url: str, *modules: Module) -> AsyncIterator[tuple[FastAPI, Client]]:
    """Have the API of the probe program, with further modules, inside the block."""
    program = make_program()
    program = replace(program, modules=(*program.modules, *modules))
    app = create_api(program, program.configuration(), database_url, SECRET_KEY)
    try:
        async with Client("http://localhost", transport=httpx2.ASGITransport(app)) as client:
            yield app, client
    finally:
        await app.state.edge.open_work.engine.dispose()


async def readiness(client: Client) -> tuple[int, str, dict[str, Any]]:
    """Return the status code, the word, and the reasons of what is in trouble."""
    reply = await client.get("/health/ready", timeout=10)
    found = reply.json()
    reasons = {check["name"]: check["reason"] for check in found["checks"] if not check["is_ok"]}
    return reply.status_code, found["status"], reasons


async def test_a_disk_that_is_nearly_full_is_named_and_takes_the_program_out(
    probe_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROBE_HEALTH_DISK_FREE_MB", str(10**9))
    monkeypatch.setenv("PROBE_DATA_DIR", str(tmp_path / "not" / "there" / "yet"))

    async with probing(probe_database_url) as (_, client):
        found = await readiness(client)
        alive = await client.get("/health/live")

    reason = "The disk of the data folder is nearly full: writes will fail soon."
    assert found == (503, "unavailable", {"disk": reason})
    assert alive.status_code == 200
    assert not (tmp_path / "not").exists()


async def test_a_disk_is_well_again_only_with_a_quarter_more_room(tmp_path: Path) -> None:
    room = [100, 99, 100, 124, 125, 100, 99]

    def free(_folder: Path) -> int:
        return room.pop(0) * MEGABYTE

    disk, told = Disk(tmp_path, 100 * MEGABYTE, free), []
    with capture_logs() as lines:
        while room:
            (found,) = await examine([Check("disk", disk)])
            told.append(found.reason is None)

    assert told == [True, False, False, False, True, True, False]
    assert [(line["is_low"], line["free_mb"]) for line in lines] == [(True, 99), (False, 125), (True, 99)]


async def test_a_zero_has_the_disk_never_spoken_of(tmp_path: Path) -> None:
    assert (await examine([Check("disk", Disk(tmp_path, 0, lambda _folder: 0))]))[0].reason is None


async def test_a_disk_that_does_not_answer_holds_one_thread_however_often_it_is_asked(tmp_path: Path) -> None:
    released, asked = threading.Event(), []

    def free(_folder: Path) -> int:
        asked.append(1)
        released.wait(20)
        return 1

    disk = Disk(tmp_path, 1, free)
    try:
        reasons = [(await examine([Check("disk", disk, limit=0.05)]))[0].reason for _ in range(3)]
    finally:
        released.set()

    assert reasons == ["There was no answer within 0.05 seconds."] * 3
    assert asked == [1]


async def test_a_pool_that_is_used_up_is_named(probe_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROBE_DATABASE_POOL_SIZE", "2")
    monkeypatch.setenv("PROBE_DATABASE_POOL_OVERFLOW", "1")

    async with probing(probe_database_url) as (app, client):
        well = await readiness(client)
        async with AsyncExitStack() as held:
            for _ in range(3):
                uow = await held.enter_async_context(app.state.edge.open_work(SYSTEM))
                await uow.read_value("SELECT 1")
            code, _, reasons = await readiness(client)
        again = await readiness(client)

    assert well == again == (200, "ready", {})
    # Readiness itself finds no connection: as long as that lasts, no request does.
    assert (code, reasons["database"]) == (503, "There was no answer within 2 seconds.")
    assert reasons["pool"] == "All connections to the database are in use: requests wait for one."


async def test_what_a_module_says_is_told_under_its_name_and_holds_for_a_moment(
    probe_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap_readiness, "HOLD", 60.0)
    asked: list[int] = []

    async def check(uow: UnitOfWork, settings: HealthSettings) -> None:
        asked.append(await uow.read_value("SELECT 1"))
        assert settings.queue_seconds == 300
        raise Unhealthy(SLOW)

    async with probing(probe_database_url, Module("bell", check=check)) as (_, client):
        found = [await readiness(client) for _ in range(2)]

    assert found == [(200, "degraded", {"bell": SLOW})] * 2
    assert asked == [1]


async def test_a_module_that_breaks_is_named_without_the_inside_and_asked_again(probe_database_url: str) -> None:
    asked: list[int] = []

    async def check(_uow: UnitOfWork, _settings: HealthSettings) -> None:
        asked.append(1)
        raise RuntimeError("the password is sesame")

    async with probing(probe_database_url, Module("bell", check=check)) as (_, client):
        found = [await readiness(client) for _ in range(2)]

    assert found == [(200, "degraded", {"bell": "It cannot be reached or does not work."})] * 2
    assert asked == [1, 1]
