"""Health: alive as long as it answers, ready while the database does, and ready again by itself."""

import time
from pathlib import Path
from typing import Any

import httpx2
import pytest
from probe.main import SECRET_KEY, make_program
from probe.served import client_of, serving
from valkey_server import valkey_in

from mainstay.bootstrap.api import create_api
from mainstay.db import migrate, rights
from mainstay.db.address import of_login
from mainstay.db.embedded import EmbeddedPostgres
from mainstay.testing.client import Client

PATIENCE = 20.0


# What the probe program asks where there is no Redis.
NAMES = ["pool", "database", "migrations", "disk"]


async def readiness(client: Client) -> tuple[int, dict[str, Any]]:
    reply = await client.get("/health/ready", timeout=10)
    checks = {check["name"]: check for check in reply.json()["checks"]}
    return reply.status_code, checks


async def wait_for_status(client: Client, status: str) -> dict[str, Any]:
    """Ask until readiness says the word, and return its checks; the program must be alive and take requests."""
    deadline = time.perf_counter() + PATIENCE
    while (reply := await client.get("/health/ready", timeout=10)).json()["status"] != status:
        assert time.perf_counter() < deadline, reply.text
    assert reply.status_code == 200
    assert (await client.get("/health/live")).status_code == 200
    return {check["name"]: check for check in reply.json()["checks"]}


async def wait_for(client: Client, status: int) -> dict[str, Any]:
    """Ask until readiness has the status, and return its checks."""
    deadline = time.perf_counter() + PATIENCE
    while (found := await readiness(client))[0] != status:
        assert time.perf_counter() < deadline, found
    return found[1]


async def test_a_program_that_answers_is_alive(api: Client) -> None:
    reply = await api.get("/health/live")

    assert (reply.status_code, reply.json()) == (200, {"status": "live"})


async def test_readiness_names_each_check_with_its_time(api: Client) -> None:
    status, checks = await readiness(api)

    assert status == 200
    assert list(checks) == NAMES
    assert [name for name, check in checks.items() if check["is_needed"]] == ["database", "migrations", "disk"]
    assert all(check["is_ok"] and check["duration_ms"] > 0 and check["reason"] is None for check in checks.values())


@pytest.mark.practice(93)
async def test_while_database_or_cache_is_away_the_program_lives_says_so_and_recovers_by_itself(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "data", database="probe")
    server.start()
    try:
        migrate.upgrade(server.dsn, make_program().migrations)
        redis = {"PROBE_REDIS_URL": f"unix://{tmp_path}/valkey.sock", "PROBE_REDIS_PATIENCE_MS": "500"}
        with valkey_in(tmp_path) as valkey, serving(server.dsn, tmp_path, **redis) as served:
            async with client_of(served, "token-of-the-owner") as owner:
                await wait_for_status(owner, "ready")
                for name in ("live", "startup", "ready"):
                    answer = await owner.head(f"/health/{name}")
                    assert (answer.status_code, answer.content) == (200, b""), name

                valkey.kill()
                checks = await wait_for_status(owner, "degraded")
                assert [name for name, check in checks.items() if not check["is_ok"]] == ["cache"]
                assert checks["cache"]["reason"] == "Redis does not answer; every process goes on by itself."
                assert (await owner.get("/api/v1/probe/notes")).status_code == 200

                valkey.start()
                await wait_for_status(owner, "ready")
                assert (await owner.get("/api/v1/probe/notes")).status_code == 200

                server.stop()
                checks = await wait_for(owner, 503)
                assert not checks["database"]["is_ok"]
                assert checks["database"]["reason"] == "It cannot be reached or does not work."
                assert (await owner.get("/health/live")).status_code == 200
                refused = await owner.get("/api/v1/probe/notes")
                assert (refused.status_code, refused.json()["code"]) == (503, "service_unavailable")
                assert int(refused.headers["Retry-After"]) > 0

                server.start()
                await wait_for(owner, 200)
                assert (await owner.get("/api/v1/probe/notes")).status_code == 200
    finally:
        server.stop()


async def test_a_database_that_lags_behind_is_named(empty_database_url: str, tmp_path: Path) -> None:
    migrate.upgrade(empty_database_url, make_program().migrations, "m0001")
    rights.grant(of_login(empty_database_url), empty_database_url)
    with serving(empty_database_url, tmp_path) as served:
        async with client_of(served) as api:
            status, checks = await readiness(api)
            assert (status, checks["database"]["is_ok"]) == (503, True)
            assert checks["migrations"]["reason"] == "These migrations are still to come: m0032, p0001."
            waiting = await api.get("/health/startup")
            assert (waiting.status_code, waiting.json()["status"]) == (503, "unavailable")

            migrate.upgrade(empty_database_url, make_program().migrations)
            assert (await readiness(api))[0] == 200
            assert (await api.get("/health/startup")).status_code == 200


async def test_a_program_that_is_about_to_stop_is_not_ready(probe_database_url: str) -> None:
    program = make_program()
    app = create_api(program, program.configuration(), probe_database_url, SECRET_KEY)
    async with Client("http://localhost", transport=httpx2.ASGITransport(app)) as client:
        assert (await readiness(client))[0] == 200

        assert (await client.get("/health/startup")).status_code == 200

        app.state.closing.set()

        status, checks = await readiness(client)
        started = await client.get("/health/startup")
        assert (started.status_code, started.json()) == (200, {"status": "ready", "checks": []}), "it has been, once"
    await app.state.edge.open_work.engine.dispose()
    assert status == 503
    assert checks["program"]["reason"] == "It is about to stop."
    assert checks["database"]["is_ok"]
