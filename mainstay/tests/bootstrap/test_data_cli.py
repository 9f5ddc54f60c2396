"""The commands that fill an empty program with samples, and empty it."""

from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from mainstay.bootstrap.cli import create_cli
from mainstay.bootstrap.program import Program
from mainstay.bootstrap.resetting import scope_of
from mainstay.db import emptying
from mainstay.errors import ConfigurationError
from mainstay.module import Module
from mainstay.settings import Configuration
from mainstay.testing.database import plain


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder."""
    monkeypatch.setenv("SAMPLE_DATA_DIR", str(tmp_path))
    return tmp_path


def run(program: Program, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(create_cli(program), list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def notes(url: str) -> list[tuple[str]]:
    with psycopg.connect(plain(url)) as connection:
        return connection.execute("SELECT text FROM sample_note").fetchall()


@pytest.mark.usefixtures("folder")
def test_samples_come_into_an_empty_database_once(
    program: Program, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMPLE_DATABASE_URL", empty_database_url)

    for _ in range(2):
        code, said = run(program, "seed")
        assert (code, said.splitlines()[0]) == (0, "Sample data where there was none: sample.")

    assert notes(empty_database_url) == [("sample",)]


@pytest.mark.usefixtures("folder")
def test_production_gets_no_samples(program: Program, fresh_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMPLE_DATABASE_URL", fresh_database_url)
    monkeypatch.setenv("SAMPLE_ENVIRONMENT", "production")

    with pytest.raises(ConfigurationError, match=r"^This is production"):
        run(program, "seed")
    assert notes(fresh_database_url) == []


def test_a_reset_tells_what_goes_and_does_it_when_the_name_is_typed(
    program: Program, folder: Path, fresh_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMPLE_DATABASE_URL", fresh_database_url)
    for path in ("pictures/one", "pictures/inner/two", "backups/last"):
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text("bytes")

    def pictures(_: Configuration) -> Path:
        return folder / "pictures"

    album = replace(program, modules=(*program.modules, Module(name="album", folder=pictures)))
    run(album, "seed")
    named = ("reset", "--database", emptying.name_of(fresh_database_url))

    tries = [run(album, *named, *typed) for typed in ((), ("--yes", "Sample"), ("--yes", ""))]
    for code, said in tries:
        assert (code, "Nothing was removed; repeat the command with --yes sample." in said) == (1, True)
    said = tries[0][1]
    assert f"to be removed: {folder / 'pictures'}: 2 files with 10 bytes" in said
    assert "tables with" in said
    assert len(notes(fresh_database_url)) == len(list((folder / "pictures").iterdir())) - 1 == 1

    assert run(album, *named, "--yes", "sample")[0] == 0
    assert emptying.contents(fresh_database_url, scope_of(program)).tables == 0
    assert list((folder / "pictures").iterdir()) == []
    assert (folder / "backups" / "last").read_text() == "bytes"
