"""The whole life of `serve` on the sample program: it runs, crashes, is killed, stopped, and started again."""

import asyncio
import signal
import socket
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from callers import KINDS, call, listen
from families import family_of
from served import ServedProgram

from mainstay.db.embedded import EmbeddedPostgres
from mainstay.testing.client import Client

MakeServed = Callable[..., ServedProgram]
Until = Callable[..., Awaitable[Any]]
NOTES = "/api/v1/sample/notes"
EFFECTS = "/api/v1/sample/effects"
WAITING = "/api/v1/sample/waiting"
KEY = "0123456789abcdefghijklmnopqrstuvwxyz"
PATHS = {"busy": NOTES, "slow": f"{NOTES}?seconds=0.3"}


@pytest.fixture(scope="module")
async def served(make_served: MakeServed) -> ServedProgram:
    """A program that runs for all tests of this file that leave it running."""
    return await make_served(None, "--sample").start()


@pytest.fixture
async def client(served: ServedProgram) -> AsyncIterator[Client]:
    async with Client(served.address, timeout=30) as client:
        yield client


def note(text: str, seconds: float = 0) -> dict[str, object]:
    return {"id": str(uuid4()), "text": text, "seconds": seconds}


async def effects(client: Client, text: str) -> list[str]:
    return [effect["request_id"] for effect in (await client.get(EFFECTS)).json() if effect["about"] == text]


async def is_idle(client: Client) -> bool:
    """Whether no job is in the queue: whatever is to be done was done, as often as it ever will be."""
    return bool((await client.get(WAITING)).json() == 0)


async def notes(client: Client) -> set[str]:
    return {one["id"] for one in (await client.get(NOTES)).json()}


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

        await until(lambda: is_idle(client))
        done = await effects(client, "written before the kill")
        # Each note was a request of its own, whose id its job carries on.
        assert len(done) == len(set(done)) == len(kept)
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
    """At a terminal, where people read a few lines and the logs go to files."""
    server = EmbeddedPostgres(tmp_path / "elsewhere", database="later")
    # A server that is there without its account or its database says no for good, so this one has them from before.
    await asyncio.to_thread(server.start)
    await asyncio.to_thread(server.stop)
    served = await make_served(tmp_path / "data", SAMPLE_DATABASE_URL=server.dsn, SAMPLE_SECRET_KEY=KEY).begin(
        at_terminal=True
    )

    async def waits() -> list[float]:
        lines = [line for line in served.log if line["event"] == "the database is not there yet"]
        return [line["next_try_s"] for line in lines[:3]] if len(lines) >= 3 else []

    assert await until(waits) == [0.1, 0.2, 0.4]
    await asyncio.to_thread(server.start)
    try:
        await served.ready()
        assert f"  Logs  {served.folder}/log\n" in served.errors
        async with Client(served.address) as client:
            assert (await client.post(NOTES, json=note("at last"))).status_code == 201
            await until(lambda: effects(client, "at last"))
        assert await served.stop(signal.SIGINT) == 0
    finally:
        await asyncio.to_thread(server.stop)


# -- it runs -----------------------------------------------------------------------------------------------------------


async def test_it_tells_the_operator_where_it_is_what_to_do_and_where_the_data_are(served: ServedProgram) -> None:
    said = served.errors.splitlines()

    assert said[0] == "Sample 1.2.3 is ready."
    assert said[1] == f"  Open  http://localhost:{served.port}"
    assert said[2] == f"  There are no notes yet: http://localhost:{served.port}/sample#first"
    assert said[3].startswith("  Data  /")


async def test_the_sample_is_loaded_and_its_job_has_run(client: Client, until: Until) -> None:
    assert await until(lambda: effects(client, "sample")) == ["sample"]


async def test_a_request_and_its_job_share_the_request_id_in_the_log(
    served: ServedProgram, client: Client, until: Until
) -> None:
    answer = await client.post(NOTES, json=note("shared"), headers={"X-Request-ID": "shared-request-17"})

    assert answer.status_code == 201
    assert await until(lambda: effects(client, "shared")) == ["shared-request-17"]

    async def job_line() -> list[dict[str, Any]]:
        return [line for line in served.log if line["event"] == "job" and line["request_id"] == "shared-request-17"]

    (line,) = await until(job_line)
    assert (line["job"], line["event_name"], line["outcome"]) == ("sample.trace", "sample.note_written", "done")
    assert [line["event"] for line in served.log if line["request_id"] == "shared-request-17"] == ["request", "job"]


async def test_a_request_that_is_refused_leaves_no_row_and_no_job(client: Client, until: Until) -> None:
    refused = note("refuse")

    assert (await client.post(NOTES, json=refused)).status_code == 409

    await client.post(NOTES, json=note("after the refused one"))
    await until(lambda: effects(client, "after the refused one"))
    assert refused["id"] not in await notes(client)
    assert await effects(client, "refuse") == []


async def test_secrets_are_on_no_command_line(served: ServedProgram) -> None:
    lines = " ".join(part for line in family_of(served.pid).values() for part in line)

    assert "child api" in lines
    assert "postgresql" not in lines
    key = (served.folder / "secret.key").read_text()
    assert key not in lines
    assert (served.folder / "secret.key").stat().st_mode & 0o777 == 0o600


# -- refusals ----------------------------------------------------------------------------------------------------------


async def test_a_second_program_on_the_same_data_folder_is_refused_and_harms_nothing(
    served: ServedProgram, client: Client, make_served: MakeServed
) -> None:
    second = await make_served(served.folder).begin()

    assert await second.wait() == 2

    assert f"is in use by another running program (pid {served.pid})" in second.errors
    assert second.errors.count("\n") == 1, "one sentence"
    assert (await client.get("/health/ready")).status_code == 200


async def test_a_busy_port_is_refused_before_anything_starts(make_served: MakeServed, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        second = await make_served(tmp_path / "data", "--port", str(port)).begin()
        assert await second.wait() == 2

    assert second.errors == (
        f"Port {port} on 127.0.0.1 is in use by another program; stop that one or choose a port with --port.\n"
    )
    assert not (tmp_path / "data").exists()


@pytest.mark.practice(7)
@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        (None, "Set SAMPLE_SECRET_KEY to at least 32 random characters that stay the same at every start."),
        ("", "The secret key is too weak; set one of at least 32 random characters."),
        ("short", "The secret key is too weak; set one of at least 32 random characters."),
        ("changeme", "The secret key is a sample value; set one of at least 32 random characters."),
    ],
)
async def test_production_does_not_start_without_a_strong_key(
    make_served: MakeServed, tmp_path: Path, key: str | None, sentence: str
) -> None:
    environment = {"SAMPLE_ENVIRONMENT": "production"} | ({} if key is None else {"SAMPLE_SECRET_KEY": key})
    refused = await make_served(tmp_path / "data", **environment).begin()

    assert await refused.wait() == 2
    assert refused.errors == f"{sentence}\n"


@pytest.mark.practice(7)
async def test_production_does_not_start_with_a_password_that_anybody_would_try(
    make_served: MakeServed, tmp_path: Path
) -> None:
    """The key stands in a file, as stores of secrets give it out."""
    (tmp_path / "key").write_text(KEY, encoding="ascii")
    refused = await make_served(
        tmp_path / "data",
        SAMPLE_ENVIRONMENT="production",
        SAMPLE_SECRET_KEY_FILE=str(tmp_path / "key"),
        SAMPLE_DATABASE_URL=f"postgresql://shop:{'postgres'}@127.0.0.1:9/shop",
    ).begin()

    assert await refused.wait() == 2
    assert refused.errors == "The setting DATABASE_URL holds a sample or a weak password; set another.\n"


# -- crashes -----------------------------------------------------------------------------------------------------------


async def test_an_api_process_that_is_killed_is_replaced_and_callers_only_wait(
    served: ServedProgram, client: Client
) -> None:
    served.child("api").kill()

    answers = await asyncio.gather(*(client.get(NOTES) for _ in range(5)))

    assert [answer.status_code for answer in answers] == [200] * 5
    ended = [line for line in served.log if line["event"] == "child ended unasked"]
    assert [(line["child"], line["code"]) for line in ended] == [("api", -signal.SIGKILL)]


async def test_a_worker_that_is_killed_in_the_middle_of_a_job_is_replaced_and_the_job_runs_once(
    served: ServedProgram, client: Client, until: Until
) -> None:
    answer = await client.post(NOTES, json=note("long", seconds=1.5))
    await until(lambda: _is_in_transaction(served))
    served.child("worker").kill()

    # One that was done twice is not counted before it can have been: the queue holds it until then.
    await until(lambda: is_idle(client))

    assert await effects(client, "long") == [answer.headers["X-Request-ID"]]


@pytest.mark.practice(82)
async def test_a_worker_that_is_killed_among_a_thousand_jobs_leaves_each_effect_once(
    served: ServedProgram, client: Client, until: Until
) -> None:
    """A second kill follows the first one: whoever takes over is not spared.

    Nothing is counted before the queue is empty, and each effect is known by the request that caused it: one that is
    missing is not made up for by one that is there twice.
    """
    gate = asyncio.Semaphore(20)

    async def write() -> str:
        async with gate:
            answer = await client.post(NOTES, json=note("one of a thousand"))
            assert answer.status_code == 201
            return str(answer.headers["X-Request-ID"])

    async def is_left(count: int) -> bool:
        return bool((await client.get(WAITING)).json() < count)

    served.child("worker").suspend()
    wanted = await asyncio.gather(*(write() for _ in range(1000)))
    served.child("worker").resume()
    for count in (900, 600):
        await until(lambda count=count: is_left(count))
        served.child("worker").kill()

    await until(lambda: is_idle(client), seconds=90)

    assert len(set(wanted)) == 1000
    assert sorted(await effects(client, "one of a thousand")) == sorted(wanted)


async def _is_in_transaction(served: ServedProgram) -> bool:
    """Whether the database's list of processes shows a job inside its transaction."""
    return any("idle in transaction" in " ".join(line) for line in family_of(served.pid).values())


async def _has(number: int, count: int) -> bool:
    return number >= count
