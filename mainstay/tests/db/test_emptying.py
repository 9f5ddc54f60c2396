"""A database that is emptied: all that migrations made goes, what others made is seen and stays."""

import psycopg
import pytest

from mainstay.bootstrap.program import Program
from mainstay.bootstrap.resetting import scope_of
from mainstay.db import emptying, migrate, rights
from mainstay.db.address import of_login
from mainstay.testing.database import plain

LEFT = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace
"""


def test_what_migrations_made_goes_and_they_make_it_anew(program: Program, fresh_database_url: str) -> None:
    before = emptying.contents(fresh_database_url, scope_of(program))

    emptying.empty(fresh_database_url)

    with psycopg.connect(plain(fresh_database_url)) as connection:
        assert connection.execute(LEFT).fetchall() == []
    migrate.upgrade(fresh_database_url, program.migrations)
    rights.grant(of_login(fresh_database_url), fresh_database_url)
    assert emptying.contents(fresh_database_url, scope_of(program)) == before
    assert (before.tables > 5, before.others) == (True, ())


def test_extensions_stay_and_tables_of_others_are_told(program: Program, empty_database_url: str) -> None:
    with psycopg.connect(plain(empty_database_url)) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        connection.execute("CREATE TABLE ledger AS SELECT 1 AS page")
        connection.execute("CREATE TABLE sample_note AS SELECT 1 AS note")

    found = emptying.contents(empty_database_url, scope_of(program))
    emptying.empty(empty_database_url)

    assert (found.tables, found.rows, found.others) == (1, 1, ("ledger",))
    with psycopg.connect(plain(empty_database_url)) as connection:
        assert connection.execute("SELECT similarity('till', 'till')").fetchone() == (1.0,)


def test_whoever_else_is_connected_is_named(empty_database_url: str) -> None:
    assert emptying.clients(empty_database_url) == []
    with psycopg.connect(plain(empty_database_url), application_name="tradepost-api"):
        assert emptying.clients(empty_database_url) == ["tradepost-api"]


@pytest.mark.parametrize(
    ("url", "name"),
    [("postgresql://ada@host/my%20shop?sslmode=require", "my shop"), ("postgresql://ada@host", "ada")],
)
def test_the_name_of_a_database_stands_in_its_address(url: str, name: str) -> None:
    assert emptying.name_of(url) == name
