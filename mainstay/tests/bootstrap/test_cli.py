"""The commands of a program: each does what it says, and what cannot be done is said in one sentence."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from served import PROGRAMS
from typer.testing import CliRunner

from mainstay.bootstrap.cli import create_cli
from mainstay.bootstrap.database import Embedded
from mainstay.bootstrap.program import Program
from mainstay.db import migrate, rights
from mainstay.db.address import of_login
from mainstay.errors import ConfigurationError
from mainstay.keyring import Keyring, name_of
from mainstay.module import Module
from mainstay.testing.client import Client
from mainstay.work import UnitOfWork

KEY = "0123456789abcdefghijklmnopqrstuvwxyz"


class Run:
    """Runs a command and returns its exit code and what it printed."""

    def __init__(self, program: Program) -> None:
        self._cli = create_cli(program)

    def __call__(self, *arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(self._cli, list(arguments))
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.output


@pytest.fixture
def run(program: Program) -> Run:
    return Run(program)


def test_every_command_says_what_it_does(run: Run) -> None:
    code, said = run("--help")

    assert code == 0
    for command in ("serve", "api", "worker", "openapi", "check", "version", "owner-link", "db", "sample"):
        assert command in said
        assert run(command, "--help")[0] == 0


def test_the_version_is_the_programs(run: Run) -> None:
    assert run("version") == (0, "1.2.3\n")


def test_the_check_of_a_sound_program_passes(run: Run) -> None:
    assert run("check") == (0, "Sample 1.2.3: all is well.\n")


@pytest.mark.practice(7)
def test_the_check_refuses_a_weak_key(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMPLE_SECRET_KEY", "changeme")

    with pytest.raises(ConfigurationError, match="sample value"):
        run("check")


def test_the_api_is_described_without_a_database(run: Run, tmp_path: Path) -> None:
    code, said = run("openapi")
    assert code == 0
    assert "/api/v1/sample/notes" in json.loads(said)["paths"]

    assert run("openapi", "--output", str(tmp_path / "openapi.json")) == (0, "")
    assert (tmp_path / "openapi.json").read_text() == said


def test_the_commands_of_modules_are_there(run: Run) -> None:
    assert run("sample", "shout", "hello") == (0, "HELLO\n")


@pytest.mark.parametrize("command", ["api", "worker"])
def test_a_process_by_itself_needs_a_database_server(run: Run, command: str) -> None:
    with pytest.raises(ConfigurationError, match="Set SAMPLE_DATABASE_URL"):
        run(command)


class Service:
    """A command that runs until it is stopped, and its log."""

    def __init__(self, folder: Path, *command: str, **environment: str) -> None:
        self._log = folder / f"{command[0]}.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "sample", *command],
                env={**os.environ, "PYTHONPATH": str(PROGRAMS), **environment},
                stdout=log,
            )

    async def lines(self, event: str) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in self._log.read_text().splitlines()]
        return [line for line in lines if line["event"] == event]

    def stop(self) -> int:
        self._process.terminate()
        return self._process.wait(30)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.fixture
def start_service(tmp_path: Path) -> Iterator[Callable[..., Service]]:
    """Start commands; those that still run are ended after the test."""
    with ExitStack() as stack:

        def start(*command: str, **environment: str) -> Service:
            service = Service(tmp_path, *command, **environment)
            stack.callback(service.end)
            return service

        yield start


@pytest.mark.practice(36)
async def test_api_and_worker_as_services_wait_for_the_deployment_to_migrate(
    program: Program,
    empty_database_url: str,
    start_service: Callable[..., Service],
    until: Callable[..., Awaitable[Any]],
) -> None:
    environment = {
        "SAMPLE_DATABASE_URL": empty_database_url,
        "SAMPLE_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz",
    }
    api = start_service("api", "--port", "0", **environment)
    worker = start_service("worker", **environment)
    for service in (api, worker):
        await until(lambda service=service: service.lines("the schema is not current yet"))
    assert await api.lines("serving") == []

    await asyncio.to_thread(migrate.upgrade, empty_database_url, program.migrations)
    await asyncio.to_thread(rights.grant, of_login(empty_database_url), empty_database_url)

    (line,) = await until(lambda: api.lines("serving"))
    async with Client(f"http://localhost:{line['port']}") as client:
        note = {"id": str(uuid4()), "text": "served apart"}
        assert (await client.post("/api/v1/sample/notes", json=note)).status_code == 201

    async def jobs_about_the_note() -> list[dict[str, Any]]:
        # The schedule of the sample program may be due at the same moment.
        return [line for line in await worker.lines("job") if line["job"] == "sample.trace"]

    (line,) = await until(jobs_about_the_note)
    assert line["outcome"] == "done"
    assert [await asyncio.to_thread(service.stop) for service in (api, worker)] == [0, 0]


def test_the_link_for_the_first_owner_is_printed_on_request(
    run: Run, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server of a running program is used; here the test holds it."""
    monkeypatch.setenv("SAMPLE_DATA_DIR", str(tmp_path / "data"))
    database = Embedded("sample", tmp_path / "data")
    migrate.upgrade(database.start(), program.migrations)
    try:
        assert run("owner-link") == (0, "There are no notes yet: http://localhost:8000/sample#first\n")
        assert run("db", "psql", "--help")[0] == 0
        assert run("db", "url") == (0, f"{database.running_url()}\n")
    finally:
        database.stop()


def test_there_is_no_link_when_there_is_nothing_to_set_up(
    program: Program, fresh_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMPLE_DATABASE_URL", fresh_database_url)
    quiet = tuple(module for module in program.modules if module.at_start is None)

    assert Run(replace(program, modules=quiet))("owner-link") == (1, "There is an owner already.\n")


def test_rotating_asks_each_module_that_has_keys_and_tells_what_it_says(
    program: Program, fresh_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMPLE_DATABASE_URL", fresh_database_url)
    monkeypatch.setenv("SAMPLE_SECRET_KEY", KEY)

    async def rotate(uow: UnitOfWork, keyring: Keyring) -> str:
        return f"{uow.actor.kind} holds {keyring.name == name_of(KEY.encode())}"

    locksmith = replace(program, modules=(*program.modules, Module(name="locks", rotate=rotate)))

    code, said = Run(locksmith)("rotate-keys")
    assert (code, said.splitlines()[0]) == (0, "system holds True")
    code, said = Run(program)("rotate-keys")
    assert code == 0
    assert said.startswith(f"The secret {name_of(KEY.encode())} is yours to exchange")
    assert KEY not in said


def test_rotating_needs_the_secret_where_the_database_is_elsewhere(
    run: Run, fresh_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMPLE_DATABASE_URL", fresh_database_url)
    monkeypatch.delenv("SAMPLE_SECRET_KEY", raising=False)

    with pytest.raises(ConfigurationError, match="SAMPLE_SECRET_KEY"):
        run("rotate-keys")
