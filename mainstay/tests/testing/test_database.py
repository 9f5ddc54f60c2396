"""Templates are made once per state of the migrations, clones are whole, independent and gone afterwards."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from mainstay import crypto
from mainstay.bootstrap.program import Program
from mainstay.db import migrate
from mainstay.testing.database import address, admin, clone, plain, template, template_name

MAINSTAY = ("mainstay.migrations",)
NAMES = "SELECT datname FROM pg_database"


def names(server: str) -> set[str]:
    with admin(server) as connection:
        return {str(row[0]) for row in connection.execute(NAMES)}


def run(url: str, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(plain(url), autocommit=True) as connection:
        cursor = connection.execute(sql.encode())
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_server: str) -> Iterator[str]:
    """Migrations that nobody else has, so that their template can be played with; it is dropped after the test."""
    name = f"bakery_{crypto.new_token(9).lower().replace('-', '_')}"
    (tmp_path / name / "versions").mkdir(parents=True)
    (tmp_path / name / "__init__.py").write_text(f'"""Migrations {name}."""\n')
    monkeypatch.syspath_prepend(tmp_path)
    before = template(database_server, MAINSTAY)
    yield name
    for each in names(database_server) & {template_name((*MAINSTAY, name))} - {before}:
        with admin(database_server) as connection:
            connection.execute(f"DROP DATABASE {each}".encode())


def test_a_template_has_all_migrations_and_is_made_once(database_server: str, program: Program) -> None:
    with ThreadPoolExecutor(4) as asking:
        made = set(asking.map(lambda _: template(database_server, program.migrations), range(4)))

    (name,) = made
    assert name in names(database_server)
    assert f"{name}_new" not in names(database_server)
    assert migrate.pending(address(database_server, name), program.migrations) == []


def test_other_migrations_have_another_template(database_server: str, program: Program) -> None:
    whole = template(database_server, program.migrations)

    assert template(database_server, program.migrations[:1]) != whole


def test_a_template_that_was_not_finished_is_made_again(database_server: str, package: str) -> None:
    name = template(database_server, (*MAINSTAY, package))
    with admin(database_server) as connection:
        connection.execute(f"ALTER DATABASE {name} RENAME TO {name}_new".encode())

    assert template(database_server, (*MAINSTAY, package)) == name
    assert f"{name}_new" not in names(database_server)
    assert migrate.pending(address(database_server, name), MAINSTAY) == []


def test_a_change_of_a_migration_has_another_template(database_server: str, package: str, tmp_path: Path) -> None:
    before = template_name((*MAINSTAY, package))

    (tmp_path / package / "versions" / "notes.sql").write_text("SELECT 1")

    assert template_name((*MAINSTAY, package)) != before


def test_a_clone_holds_what_the_template_holds_and_changes_nothing_in_it(
    database_server: str, program: Program
) -> None:
    name = template(database_server, program.migrations)

    with clone(database_server, name) as first, clone(database_server, name) as second:
        run(first, "INSERT INTO sample_note VALUES (gen_random_uuid(), 'first')")
        assert run(first, "SELECT text FROM sample_note") == [("first",)]
        assert run(second, "SELECT text FROM sample_note") == []


def test_a_clone_is_gone_afterwards_even_when_somebody_is_connected(database_server: str) -> None:
    with clone(database_server) as url:
        assert make_url(url).database in names(database_server)
        connection = psycopg.connect(plain(url))

    assert make_url(url).database not in names(database_server)
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    connection.close()


def test_a_clone_is_gone_after_an_error_too(database_server: str) -> None:
    made: list[str | None] = []

    with pytest.raises(ZeroDivisionError), clone(database_server) as url:
        made.append(make_url(url).database)
        made.append(str(1 // len(made[1:])))

    assert set(made).isdisjoint(names(database_server))
