"""The program in a process of its own: asked over HTTP and beside it, killed, started again on the same folder."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from mainstay.testing.process import ProgramProcess

StartProgram = Callable[..., ProgramProcess]

# What makes a cluster this one and no other: PostgreSQL writes it once, when the cluster is made.
IDENTIFIER = "SELECT system_identifier FROM pg_control_system()"


async def test_the_shared_program_answers_and_tells_what_it_does(program_process: ProgramProcess) -> None:
    async with program_process.client() as client:
        answer = await client.post("/api/v1/sample/notes", json={"id": str(uuid4()), "text": "seen"})

    assert answer.status_code == 201
    assert program_process.ask("SELECT count(*) FROM sample_note WHERE text = %s", "seen") == [(1,)]
    request = answer.headers["x-request-id"]
    assert [line["status"] for line in program_process.log() if line.get("request_id") == request and "status" in line]
    assert "Sample 1.2.3 is ready" in program_process.notes()


def test_the_shared_program_is_one(program_process: ProgramProcess, request: pytest.FixtureRequest) -> None:
    shared = request.getfixturevalue("_shared_processes")

    assert shared("sample") is program_process
    assert program_process.is_running


async def test_a_program_of_ones_own_is_killed_and_started_again_where_it_was(
    program_process: ProgramProcess, start_first: StartProgram
) -> None:
    program = start_first(SAMPLE_LOG_LEVEL="warning")
    assert program.ask(IDENTIFIER) != program_process.ask(IDENTIFIER), "it made its database itself"
    assert (program.data_dir / "secret.key").read_text() != (program_process.data_dir / "secret.key").read_text()
    address, first = program.address, program.pid
    async with program.client() as client:
        await client.post("/api/v1/sample/notes", json={"id": str(uuid4()), "text": "kept"})

    program.kill()
    assert not program.is_running
    assert not program.is_ready()
    program.start()

    assert (program.address, program.pid == first) == (address, False)
    assert program.ask("SELECT count(*) FROM sample_note WHERE text = 'kept'") == [(1,)]
    assert {line["level"] for line in program.log()} <= {"warning", "error"}
    assert program.stop() == 0
    assert not program.is_ready()


def test_a_program_that_does_not_start_is_an_error_with_what_it_said(start_program: StartProgram) -> None:
    with pytest.raises(AssertionError, match=r"(?s)exit code 2.*SAMPLE_LOG_LEVEL"):
        start_program(SAMPLE_LOG_LEVEL="shouting")
