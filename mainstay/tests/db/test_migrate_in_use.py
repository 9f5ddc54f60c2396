"""Migrations of a database that people use: they give way within a moment, come again, and say when they cannot."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest
from sample.main import make_program

from mainstay.db import migrate
from mainstay.errors import ConfigurationError
from mainstay.testing.database import plain

PACKAGES = ("mainstay.migrations",)
# The step that is taken back and applied anew: it changes this table, which people use.
STEP, TABLE = "m0012", "identity_role"
ALONE = re.compile(r"^((?:CREATE|DROP) INDEX CONCURRENTLY [^;]*;)$", re.MULTILINE)
READ = f"SELECT count(*) FROM {TABLE}"
# As a sale does: rows of two tables, one of which refers to a row that is there.
WRITE = f"""
WITH added AS (INSERT INTO {TABLE} (key, title) SELECT 'r' || substr(md5(gen_random_uuid()::text), 1, 20), 'Porter')
INSERT INTO identity_person (id, email, email_key, name, role, password_hash)
SELECT id, 'p', id::text, 'P', 'owner', '' FROM gen_random_uuid() AS id
"""


@contextmanager
def reader(url: str) -> Iterator[None]:
    """Somebody reads the table in one long transaction."""
    with psycopg.connect(plain(url)) as connection:
        connection.execute(READ.encode())
        yield


def slowest_request(url: str, request: str, until: Callable[[], bool]) -> float:
    """Send one request after the other and return how many seconds the slowest one took."""
    slowest = 0.0
    with psycopg.connect(plain(url), autocommit=True, options="-c statement_timeout=2s") as connection:
        while not until():
            began = time.monotonic()
            connection.execute(request.encode())
            slowest = max(slowest, time.monotonic() - began)
    return slowest


@pytest.fixture
def older_url(empty_database_url: str) -> str:
    """A database to which the step is still to come."""
    migrate.upgrade(empty_database_url, PACKAGES, "m0011")
    return empty_database_url


def test_behind_a_reader_of_eight_seconds_no_request_waits_for_half_a_second(older_url: str) -> None:
    """A migration that waits for a lock has everybody else wait behind it, even those who only read."""
    ended = threading.Event()

    def migrate_then_tell() -> None:
        try:
            migrate.upgrade(older_url, PACKAGES, STEP)
        finally:
            ended.set()

    with ThreadPoolExecutor(3) as pool, reader(older_url):
        migration: Future[None] = pool.submit(migrate_then_tell)
        until = time.monotonic() + 8
        sent = [
            pool.submit(slowest_request, older_url, request, lambda: time.monotonic() > until)
            for request in (READ, WRITE)
        ]
        slowest = [each.result() for each in sent]
        assert not ended.is_set()
    migration.result()

    # It did ask for the lock, and people waited for it as long as it may ask: those who read, and those who sell.
    assert all(0.1 < seconds < 0.5 for seconds in slowest), slowest
    assert STEP not in migrate.pending(older_url, PACKAGES)


def test_a_migration_that_never_gets_its_table_says_what_is_in_the_way(older_url: str) -> None:
    with reader(older_url), pytest.raises(ConfigurationError, match=r"others keep in use.*pg_stat_activity"):
        migrate.upgrade(older_url, PACKAGES, STEP, patience=1.0)

    migrate.upgrade(older_url, PACKAGES, STEP, patience=0.0)
    assert migrate.pending(older_url, PACKAGES) == ["m0032"]


def test_the_script_of_all_migrations_makes_the_same_database_as_they_do(empty_database_url: str) -> None:
    """What the linter reads is what is done."""
    program = make_program()
    with psycopg.connect(plain(empty_database_url), autocommit=True) as connection:
        # What builds an index beside those who work must be alone in what is sent.
        for part in ALONE.split(migrate.script(program.migrations)):
            connection.execute(part.encode())

    assert migrate.pending(empty_database_url, program.migrations) == []
    assert migrate.drift(empty_database_url, program.migrations, program.scope) == []
