"""What tests of backups share: a migrated database with something in it, and archives of it."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from mainstay import clock, ids
from mainstay.bootstrap.program import Program
from mainstay.db.backup.making import Made, Source, Target, make
from mainstay.db.backup.stopping import Stop
from mainstay.testing.database import plain

DATABASE = UUID(int=77)
KEY = b"a key of more than thirty-two characters"
LEFT_OUT = ("backup_archive", "backup_database")

Back = Callable[..., Made]


@pytest.fixture
def url(fresh_database_url: str) -> str:
    """A migrated database with notes of its own, and rows in tables that no archive holds."""
    address = plain(fresh_database_url)
    with psycopg.connect(address) as connection:
        connection.execute(
            "INSERT INTO sample_note (id, text) SELECT gen_random_uuid(), 'Zoë ' || n FROM generate_series(1, 50) AS n"
        )
        connection.execute("INSERT INTO backup_database (id, known_since) VALUES (%s, now())", [DATABASE])
    return address


@pytest.fixture
def source(program: Program, url: str) -> Source:
    """The database as what is backed up."""
    return Source(url, program.name, program.version, b'{"program": {}}', LEFT_OUT)


@pytest.fixture
def target(tmp_path: Path) -> Target:
    """A folder that is not there yet."""
    return Target(tmp_path / "archives", DATABASE, ids.new_id(), clock.now(), KEY)


@pytest.fixture
def made(source: Source, target: Target) -> Made:
    """An encrypted archive of the database."""
    return make(source, target, Stop())
