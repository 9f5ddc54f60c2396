"""The commands about the database."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from served import PROGRAMS
from typer.testing import CliRunner

from mainstay.bootstrap.db_cli import create_db_cli
from mainstay.bootstrap.program import Program
from mainstay.db import migrate, rights
from mainstay.db.address import of_login
from mainstay.errors import ConfigurationError


def run(program: Program, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(create_db_cli(program), list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


@pytest.mark.practice(36)
def test_what_is_pending_is_listed_applied_and_undone(program: Program, empty_database_url: str) -> None:
    where = ("--database-url", empty_database_url)

    code, said = run(program, "pending", *where)
    assert code == 1
    assert "s0001" in said.splitlines()

    assert run(program, "upgrade", *where) == (0, "")
    assert run(program, "pending", *where) == (0, "The schema is current.\n")

    assert run(program, "downgrade", "sample@base", *where) == (0, "")
    assert run(program, "pending", *where) == (1, "s0001\n")


def test_the_settings_name_the_database_when_the_command_does_not(
    program: Program, fresh_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMPLE_DATABASE_URL", fresh_database_url)

    assert run(program, "pending") == (0, "The schema is current.\n")
    assert run(program, "url") == (0, f"{of_login(fresh_database_url)}\n")


def test_an_upgrade_of_the_programs_own_database_gives_it_its_rights(
    program: Program, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rule 16: also where services are started apart, after this command."""
    monkeypatch.setenv("SAMPLE_DATABASE_URL", empty_database_url)

    assert run(program, "upgrade") == (0, "")

    assert not rights.are_missing(empty_database_url)
    rights.check(empty_database_url)


def test_a_revision_that_does_not_exist_is_one_sentence(program: Program, fresh_database_url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^The migrations cannot do that: Can't locate revision"):
        run(program, "upgrade", "nonsense", "--database-url", fresh_database_url)


@pytest.mark.practice(35)
def test_a_model_without_its_migration_is_found(program: Program, fresh_database_url: str) -> None:
    assert run(program, "check", "--database-url", fresh_database_url) == (0, "Migrations and models agree.\n")

    migrate.downgrade(fresh_database_url, program.migrations, "sample@base")
    code, said = run(program, "check", "--database-url", fresh_database_url)
    assert code == 1
    assert "missing: s0001" in said.splitlines()
    assert "add_table" in said


def test_without_an_address_migrations_and_models_are_compared_on_a_database_of_their_own(
    program: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SAMPLE_DATA_DIR", str(tmp_path / "data"))
    code, said = run(replace(program, migrations=program.migrations[:1]), "check")

    assert code == 1
    assert "add_table" in said
    assert not (tmp_path / "data").exists()


def test_the_address_of_a_server_that_does_not_run_is_not_told(
    program: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SAMPLE_DATA_DIR", str(tmp_path / "data"))

    with pytest.raises(
        ConfigurationError, match=r"^The embedded database is not running; start it with `sample serve`"
    ):
        run(program, "url")


def test_a_migration_is_written_for_what_the_models_have(tmp_path: Path) -> None:
    copy = shutil.copytree(PROGRAMS / "sample", tmp_path / "sample")
    notes = copy / "notes.py"
    text = "    text: Mapped[str] = mapped_column(Text)\n"
    notes.write_text(notes.read_text().replace(text, f"{text}    colour: Mapped[str] = mapped_column(Text)\n", 1))

    command = [sys.executable, "-m", "sample", "db", "revision", "Add colours"]
    subprocess.run(command, env={**os.environ, "PYTHONPATH": str(tmp_path)}, cwd=tmp_path, check=True)

    (written,) = (copy / "migrations" / "versions").glob("*_add_colours.py")
    assert "sa.Column('colour', sa.Text()" in written.read_text()
    assert "drop_table" not in written.read_text(), "identity is Mainstay's, not the sample's to drop"
    assert "down_revision: str | None = 's0001'" in written.read_text().replace('"', "'")
