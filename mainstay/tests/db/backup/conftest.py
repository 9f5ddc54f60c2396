"""What tests of backups share: a migrated database with something in it, and archives of it."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from bucket_server import KEY as BUCKET_KEY
from bucket_server import KEY_ID, BucketServer
from pydantic import SecretStr

from mainstay import clock, ids
from mainstay.bootstrap.program import Program
from mainstay.db.backup.folder import FolderShelf
from mainstay.db.backup.making import Made, Source, Target, make
from mainstay.db.backup.settings import BackupSettings
from mainstay.db.backup.shelf import Shelf
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
def folder_shelf(tmp_path: Path) -> Shelf:
    """A folder that is not there yet."""
    return FolderShelf(tmp_path / "archives")


@pytest.fixture
def bucket_shelf(bucket_server: BucketServer) -> Shelf:
    """A folder of a bucket that nobody else uses."""
    settings = BackupSettings(url=bucket_server.url("deep"), bucket_key_id=KEY_ID, bucket_key=SecretStr(BUCKET_KEY))
    return settings.place(Path("nowhere"))


@pytest.fixture
def target(request: pytest.FixtureRequest) -> Target:
    """A folder that is not there yet; a test that asks for it has a bucket instead."""
    return Target(
        request.getfixturevalue(getattr(request, "param", "folder_shelf")), DATABASE, ids.new_id(), clock.now(), KEY
    )


@pytest.fixture
def made(source: Source, target: Target) -> Made:
    """An encrypted archive of the database."""
    return make(source, target, Stop())
