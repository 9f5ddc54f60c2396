"""One command starts everything, keeps it running through crashes, and stops it without losing a request."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import pytest
from served import ServedProgram

from mainstay.testing.client import Client

MakeServed = Callable[..., ServedProgram]
Until = Callable[..., Awaitable[Any]]
NOTES = "/api/v1/sample/notes"
EFFECTS = "/api/v1/sample/effects"


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


async def notes(client: Client) -> set[str]:
    return {one["id"] for one in (await client.get(NOTES)).json()}


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
    family = [psutil.Process(served.pid), *psutil.Process(served.pid).children(recursive=True)]

    lines = " ".join(part for process in family for part in process.cmdline())

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
    await client.post(NOTES, json=note("long", seconds=1.5))
    await until(lambda: _is_in_transaction(served))
    served.child("worker").kill()

    await until(lambda: effects(client, "long"))

    assert len(await effects(client, "long")) == 1


async def _is_in_transaction(served: ServedProgram) -> bool:
    """Whether the database's list of processes shows a job inside its transaction."""
    family = psutil.Process(served.pid).children(recursive=True)
    return any("idle in transaction" in " ".join(process.cmdline()) for process in family)
