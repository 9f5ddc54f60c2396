"""What stands against a reset: it is refused in one sentence, and all is as it was."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from mainstay.bootstrap.database import Embedded
from mainstay.bootstrap.meeting import process_folder
from mainstay.bootstrap.program import Program
from mainstay.bootstrap.resetting import ResetRefused, looked_through, scope_of
from mainstay.db import emptying
from mainstay.module import Module
from mainstay.settings import Configuration
from mainstay.testing.database import plain

Refused = Callable[[str], bool]


@pytest.fixture
def data(tmp_path: Path, fresh_database_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of the program, whose database is run by others."""
    monkeypatch.setenv("SAMPLE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SAMPLE_DATABASE_URL", fresh_database_url)
    return tmp_path / "data"


@pytest.fixture
def refused(program: Program, data: Path, fresh_database_url: str) -> Refused:
    """Tries a reset that names its database; says whether all is there, after it was refused for the given reason."""

    def refused(reason: str) -> bool:
        with (
            pytest.raises(ResetRefused, match=reason),
            looked_through(program, emptying.name_of(fresh_database_url)) as findings,
        ):
            findings.remove()
        return emptying.contents(fresh_database_url, scope_of(program)).tables > 5

    return refused


@pytest.mark.practice(112)
def test_it_is_refused_in_production_whatever_is_said(refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMPLE_ENVIRONMENT", "production")

    assert refused(r"^This is production \(SAMPLE_ENVIRONMENT\)")


@pytest.mark.parametrize("named", [None, "", "sample", "template1"])
def test_a_database_of_others_must_be_named(program: Program, data: Path, named: str | None) -> None:
    with pytest.raises(ResetRefused, match="name it with --database"), looked_through(program, named):
        pass


def test_while_a_program_runs_on_the_folder_it_is_refused(refused: Refused, data: Path) -> None:
    with process_folder(data):
        assert refused("^Sample runs on these data; stop it first")


def test_while_somebody_is_connected_it_is_refused(refused: Refused, fresh_database_url: str) -> None:
    """A program on another machine."""
    with psycopg.connect(plain(fresh_database_url), application_name="sample-api"):
        assert refused("^The database is in use by sample-api")


def test_tables_of_others_are_not_taken_along(refused: Refused, fresh_database_url: str) -> None:
    with psycopg.connect(plain(fresh_database_url)) as connection:
        connection.execute("CREATE TABLE ledger AS SELECT 1 AS page")
    assert refused("that are not the program's .ledger.")


@pytest.mark.parametrize("inner", ["data", "data/backups", "elsewhere"])
def test_a_folder_in_which_lies_what_stays_is_not_emptied(
    program: Program, data: Path, inner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The data folder, backups, the second place: whoever sets a folder wrongly does not lose them."""
    monkeypatch.setenv("SAMPLE_RECOVERY_FOLDER", str(data.parent / "elsewhere"))
    monkeypatch.setenv("SAMPLE_BACKUP_FOLDER", str(data / "backups"))

    def folder(_: Configuration) -> Path:
        return data.parent / inner

    careless = replace(program, modules=(*program.modules, Module(name="careless", folder=folder)))

    with pytest.raises(ResetRefused, match="which stays, lies in it"), looked_through(careless, None):
        pass


def test_an_embedded_database_has_no_name_and_is_not_touched_while_it_runs(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMPLE_DATA_DIR", str(tmp_path / "data"))
    with pytest.raises(ResetRefused, match="there is no database shop to empty"), looked_through(program, "shop"):
        pass

    database = Embedded("sample", tmp_path / "data")
    database.start()
    try:
        with pytest.raises(ResetRefused, match="runs on these data"), looked_through(program, None):
            pass
    finally:
        database.stop()
