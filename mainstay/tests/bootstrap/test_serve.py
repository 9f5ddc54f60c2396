"""The whole life of `serve`: killed and started again, stopped under load, started before its database."""

import asyncio
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from callers import KINDS, call, listen
from served import ServedProgram

from mainstay.db.embedded import EmbeddedPostgres
from mainstay.testing.client import Client

MakeServed = Callable[..., ServedProgram]
Until = Callable[..., Awaitable[Any]]
NOTES = "/api/v1/sample/notes"
EFFECTS = "/api/v1/sample/effects"
PATHS = {"busy": NOTES, "slow": f"{NOTES}?seconds=0.3"}


def note(text: str) -> dict[str, object]:
    return {"id": str(uuid4()), "text": text, "seconds": 0}


async def keep_writing(client: Client, answered: set[str]) -> None:
    """Write notes until the program is gone; remember those that it said it has."""
    while True:
        wanted = note("written before the kill")
        try:
            answer = await client.post(NOTES, json=wanted)
        except httpx2.TransportError:
            return
        if answer.status_code != 201:
            # The database may be gone a moment before the API is.
            assert answer.status_code == 503
            return
        answered.add(str(wanted["id"]))


@pytest.mark.practice(44)
async def test_what_was_answered_survives_a_kill_and_each_of_its_jobs_runs_once(
    make_served: MakeServed, until: Until, tmp_path: Path
) -> None:
    """The worker stands still, so that all jobs are killed between their commit and their start."""
    first = await make_served(tmp_path / "data").start()
    first.child("worker").suspend()
    answered: set[str] = set()
    async with Client(first.address) as client:
        writers = [asyncio.create_task(keep_writing(client, answered)) for _ in range(8)]
        await until(lambda: _has(len(answered), 100))
        await first.kill()
        await asyncio.gather(*writers)

    second = await make_served(tmp_path / "data").start()

    async with Client(second.address) as client:
        kept = {one["id"] for one in (await client.get(NOTES)).json()}
        assert answered <= kept
        await until(lambda: _effects(client, len(kept)))
        assert Counter(effect["about"] for effect in (await client.get(EFFECTS)).json()) == {
            "written before the kill": len(kept)
        }
    assert await second.stop() == 0
    second.assert_nobody_is_left()


@pytest.mark.practice(86)
async def test_a_stop_under_load_answers_every_request_and_ends_with_zero(
    make_served: MakeServed, until: Until
) -> None:
    served = await make_served().start()
    outcomes: Counter[str] = Counter()
    clients = [asyncio.create_task(call(served.port, PATHS, kind, outcomes)) for kind in KINDS for _ in range(20)]
    streams = [asyncio.create_task(listen(served.port, "/api/v1/sample/stream")) for _ in range(3)]
    await until(lambda: _has(outcomes["200"], 500))

    code = await served.stop()
    await asyncio.gather(*clients)

    assert code == 0
    assert set(outcomes) == {"200", "refused"}, f"a request was lost: {outcomes}"
    assert await asyncio.gather(*streams) == ["ended"] * 3
    served.assert_nobody_is_left()
    statuses = Counter(line["status"] for line in served.log if line["event"] == "request" and "notes" in line["path"])
    assert statuses == {200: outcomes["200"]}


@pytest.mark.practice(50)
async def test_a_program_that_starts_before_its_database_waits_and_then_serves(
    make_served: MakeServed, until: Until, tmp_path: Path
) -> None:
    server = EmbeddedPostgres(tmp_path / "elsewhere", database="later")
    served = await make_served(
        tmp_path / "data",
        SAMPLE_DATABASE_URL=server.dsn,
        SAMPLE_SECRET_KEY="0123456789abcdefghijklmnopqrstuvwxyz",
    ).begin()

    async def waits() -> list[float]:
        lines = [line for line in served.log if line["event"] == "the database is not there yet"]
        return [line["next_try_s"] for line in lines] if len(lines) >= 3 else []

    assert await until(waits) == [0.1, 0.2, 0.4]
    await asyncio.to_thread(server.start)
    try:
        await until(lambda: _is_ready(served))
        async with Client(served.address) as client:
            assert (await client.post(NOTES, json=note("at last"))).status_code == 201
            await until(lambda: _effects(client, 1))
        assert await served.stop(signal.SIGINT) == 0
    finally:
        await asyncio.to_thread(server.stop)


async def _has(number: int, count: int) -> bool:
    return number >= count


async def _effects(client: Client, count: int) -> bool:
    return len((await client.get(EFFECTS)).json()) >= count


async def _is_ready(served: ServedProgram) -> bool:
    return "is ready" in served.errors
