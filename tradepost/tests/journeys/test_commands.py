"""Every command of the command line, run for what it is there for, on a clean copy and a data folder of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from drawn_cards import TILTED, as_bytes, draw_card, photograph
from typer.testing import CliRunner

import tradepost.migrations
from mainstay.bootstrap.cli import create_cli
from mainstay.bootstrap.database import Embedded
from mainstay.bootstrap.docs_cli import commands_of
from mainstay.bootstrap.documents import command_lines, every_command
from mainstay.bootstrap.program import Program
from mainstay.bootstrap.resetting import ResetRefused
from mainstay.testing.process import PATIENCE, ProgramProcess, make_folder

OWNER = "olga@shop.example"
# What needs no database, what needs one, and what needs the program to run.
WITHOUT = {"version", "check", "openapi", "docs", "crm read-card", "db revision"}
UPON = {
    *("db pending", "db upgrade", "db check", "db url", "db downgrade", "db psql", "upgrade", "seed", "reset"),
    *("owner-link", "create-owner", "reset-access", "audit export", "audit verify", "rotate-keys"),
    *("backup", "backups", "verify", "restore"),
}
BESIDE = {"serve", "profile", "logs", "api", "worker"}
ROOT = Path(__file__).parents[3]


class CommandLine:
    """Runs commands of a program in this process, and keeps which have done what they are there for."""

    def __init__(self, program: Program, folder: Path) -> None:
        self.program, self.folder = program, folder
        self.names = {name for name, _ in every_command(commands_of(create_cli(program)))}
        self.ran: set[str] = set()

    def __call__(self, *arguments: str | Path, code: int = 0, program: Program | None = None) -> str:
        """Run a command that ends with `code`, and return what it printed."""
        typed = [str(each) for each in arguments]
        result = CliRunner().invoke(create_cli(program or self.program), typed)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        self.did(" ".join(typed[:2]) if " ".join(typed[:2]) in self.names else typed[0])
        return result.output

    def did(self, name: str) -> None:
        """Note that a command did what it is there for."""
        assert name in self.names
        self.ran.add(name)


@pytest.fixture
def run(program: Program, monkeypatch: pytest.MonkeyPatch) -> Iterator[CommandLine]:
    """The command line, on a data folder that is not there yet."""
    folder = make_folder()
    monkeypatch.setenv("TRADEPOST_DATA_DIR", str(folder / "data"))
    yield CommandLine(program, folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.journey
@pytest.mark.practice(112)
def test_commands_without_a_database_do_what_they_are_there_for(
    run: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    _without_a_database(run)
    _make_a_revision(run, monkeypatch)

    assert run.ran == WITHOUT


@pytest.mark.journey
@pytest.mark.practice(112)
def test_commands_on_a_clean_database_do_what_they_are_there_for(
    run: CommandLine, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    database = Embedded("tradepost", run.folder / "data")
    url = database.start()  # once, and not for each command
    try:
        _with_migrations(run, url, capfd)
        _with_people(run)
        archive = _with_archives(run)
    finally:
        database.stop()
    _reset(run, monkeypatch)

    assert "All is well: " in run("verify", archive), "backups stay"
    assert run.ran == UPON


@pytest.mark.journey
@pytest.mark.practice(112)
def test_commands_beside_the_running_program_do_what_they_are_there_for(
    run: CommandLine, program_process: ProgramProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.did("serve")
    monkeypatch.setenv("TRADEPOST_DATA_DIR", str(program_process.data_dir))
    assert "api-1: at work in " in run("profile", "--seconds", "0.1")
    assert "the schema is current" in run("logs", program_process.log_path)
    _serve_alone(run, program_process.data_dir, "api", "--port", "0")
    _serve_alone(run, program_process.data_dir, "worker")
    with pytest.raises(ResetRefused, match="runs on these data"):
        run("reset", "--yes", "tradepost")

    assert program_process.is_ready()
    assert run.ran == BESIDE


def test_every_command_is_run(run: CommandLine) -> None:
    """The list is the program's own: a command that is added and stands in none of the tests above fails this one."""
    assert sorted(run.names) == sorted([*WITHOUT, *UPON, *BESIDE])


def _without_a_database(run: CommandLine) -> None:
    assert run("version") == f"{run.program.version}\n"
    assert run("check").endswith(": all is well.\n")
    assert json.loads(run("openapi"))["info"]["title"] == "Tradepost"
    run("docs", run.folder / "docs")
    assert "`TRADEPOST_PORT`" in (run.folder / "docs" / "settings.md").read_text()
    photo = run.folder / "card.jpg"
    photo.write_bytes(as_bytes(photograph([(draw_card(), TILTED)])))
    assert "Odalys Fennimore" in run("crm", "read-card", photo)


def _make_a_revision(run: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a copy of the migrations: it writes beside the others."""
    copy = run.folder / "tradepost_copy"
    shutil.copytree(Path(tradepost.migrations.__path__[0]), copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.syspath_prepend(run.folder)
    copied = replace(run.program, migrations=("mainstay.migrations", "tradepost_copy"))
    run("db", "revision", "Add colours", program=copied)
    assert len(list((copy / "versions").glob("*_add_colours.py"))) == 1


def _with_migrations(run: CommandLine, url: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("db", "pending", code=1) != ""
    run("db", "upgrade")
    assert run("db", "pending") == "The schema is current.\n"
    assert run("db", "check", "--database-url", url) == "Migrations and models agree.\n"
    assert run("db", "url") == f"{url}\n"
    run("db", "downgrade", "tradepost@-1")
    assert "the schema is current" in run("upgrade", "--without-rehearsal").lower()
    with (run.folder / "typed.sql").open("w+") as typed:
        typed.write("SELECT 'there are ' || count(*) FROM catalog_product;\n")
        typed.seek(0)
        before = os.dup(0)
        os.dup2(typed.fileno(), 0)
        try:
            run("db", "psql")
        finally:
            os.dup2(before, 0)
            os.close(before)
    assert "there are 0" in capfd.readouterr().out


def _with_people(run: CommandLine) -> None:
    assert "/setup#" in run("owner-link")
    assert "/reset#" in run("create-owner", OWNER, "Olga")
    assert "/reset#" in run("reset-access", OWNER)
    trail = run.folder / "trail.jsonl"
    head = run("audit", "export", trail).split()[-1]
    assert run("audit", "verify", trail, "--anchor", head).startswith("All is well: ")


def _with_archives(run: CommandLine) -> str:
    assert run("seed").startswith("Sample data where there was none: shop, catalog, pos.")
    archive = run("backup").splitlines()[-1]
    assert archive in run("backups")
    assert "All is well: " in run("verify", archive)
    assert "each table is as it was" in run("restore", archive, "--to", run.folder / "restored")
    assert run("rotate-keys")
    return archive


def _serve_alone(run: CommandLine, data: Path, *command: str) -> None:
    """Run a process beside the program, on the database in `data`, until it is at work; then ask it to stop."""
    database = Embedded("tradepost", data)
    variables = {
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "TRADEPOST_DATABASE_URL": database.program_url(),
        "TRADEPOST_DATABASE_OWNER_URL": str(database.running_url()),
        "TRADEPOST_SECRET_KEY_FILE": str(data / "secret.key"),
    }
    log = run.folder / f"{command[0]}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tradepost", *command], env={**os.environ, **variables}, stdout=output
        )
    try:
        deadline = time.monotonic() + PATIENCE
        while not any(event in log.read_bytes() for event in (b'"event":"serving"', b'"event":"worker started"')):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
        process.wait()
    run.did(command[0])


def _reset(run: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as production:
        production.setenv("TRADEPOST_ENVIRONMENT", "production")
        with pytest.raises(ResetRefused, match=r"^This is production"):
            run("reset", "--yes", "tradepost")
    assert "to be removed" in run("reset", code=1)
    assert run("db", "pending") == "The schema is current.\n"
    assert run("reset", "--yes", "tradepost").splitlines()[-1].startswith("All is empty")
    assert run("db", "pending", code=1).count("\n") == 2, "the heads of both distributions"


def test_the_list_of_commands_is_the_programs(program: Program) -> None:
    """`tradepost docs` writes it; copy its commands.md to docs/ when this fails."""
    lines = command_lines(program, commands_of(create_cli(program)))

    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == "\n".join(lines) + "\n"
