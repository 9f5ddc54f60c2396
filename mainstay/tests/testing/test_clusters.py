"""Clusters that programs in tests begin with: made once, with all migrations and nothing of a program's own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from mainstay.bootstrap.program import Program
from mainstay.db import migrate
from mainstay.db.embedded import EmbeddedPostgres
from mainstay.testing.clusters import FOLDER, lay
from mainstay.testing.process import ProgramProcess, make_folder

# What makes a cluster this one and no other: PostgreSQL writes it once, when the cluster is made.
IDENTIFIER = "SELECT system_identifier FROM pg_control_system()"
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder that is not there yet."""
    above = make_folder()
    yield above / "data"
    shutil.rmtree(above)


def test_a_copy_has_all_migrations_and_nothing_else(folder: Path, program: Program) -> None:
    lay(program.name, folder)

    assert [path.name for path in folder.rglob("*") if path.parent in {folder, folder / "postgres"}] == [
        "postgres",
        "cluster",
    ]
    with EmbeddedPostgres(folder, database=program.name) as server, psycopg.connect(server.conninfo()) as connection:
        assert migrate.pending(server.dsn, program.migrations) == []
        names = [str(name) for (name,) in connection.execute(TABLES)]
        filled = {name for name in names if connection.execute(f"TABLE {name} LIMIT 1".encode()).fetchone()}
        assert filled == {"mainstay_migration", "identity_role"}, "what a first start writes is each program's own"
        runtime = connection.execute("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'sample%'").fetchone()
        assert runtime == (0,)


def test_programs_begin_with_copies_of_one_cluster(program_process: ProgramProcess, folder: Path) -> None:
    lay(program_process.package, folder)

    with (
        EmbeddedPostgres(folder, database=program_process.package) as server,
        psycopg.connect(server.conninfo()) as own,
    ):
        copied = own.execute(IDENTIFIER).fetchall()
    assert program_process.ask(IDENTIFIER) == copied


def test_a_folder_with_a_cluster_and_a_program_outside_of_tests_are_left_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "postgres").mkdir(parents=True)
    lay("sample", folder)
    assert list((folder / "postgres").iterdir()) == []

    monkeypatch.delenv(FOLDER)
    lay("sample", folder.with_name("another"))
    assert not folder.with_name("another").exists()
