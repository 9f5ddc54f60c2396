"""Restoring: beside and never over, of this program and no newer one, and compared in the end."""

from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from mainstay.db import migrate
from mainstay.db.backup.errors import BackupError
from mainstay.db.backup.folder import archive_at
from mainstay.db.backup.making import Made
from mainstay.db.backup.manifest import Manifest, Table
from mainstay.db.backup.measuring import measure
from mainstay.db.backup.restoring import Recipe, demand_fitting, restore, verify
from mainstay.testing.database import plain

KEY = b"a key of more than thirty-two characters"
PACKAGES = ("mainstay.migrations", "sample.migrations")


@pytest.fixture
def empty(empty_database_url: str) -> str:
    return plain(empty_database_url)


def notes(url: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT * FROM sample_note ORDER BY id").fetchall()


def test_an_empty_database_gets_all_of_it(made: Made, url: str, empty: str) -> None:
    told: list[str] = []

    restore(Recipe(made.archive, KEY, tell=told.append), made.manifest, empty)

    assert notes(empty) == notes(url)
    assert migrate.pending(empty, PACKAGES) == []
    with psycopg.connect(empty) as connection:
        assert made.manifest.differences(measure(connection, made.manifest.left_out)) == []
        assert connection.execute("SELECT count(*) FROM backup_database").fetchone() == (0,)
    assert any(line.startswith("restored") for line in told)


def test_what_only_grows_can_still_not_be_changed(made: Made, empty: str) -> None:
    restore(Recipe(made.archive, KEY), made.manifest, empty)

    with psycopg.connect(empty) as connection, pytest.raises(psycopg.errors.RestrictViolation):
        connection.execute("TRUNCATE mainstay_event")


def test_nothing_is_ever_restored_over_what_is_there(made: Made, url: str) -> None:
    before = notes(url)

    with pytest.raises(BackupError, match="The database is not empty"):
        restore(Recipe(made.archive, KEY), made.manifest, url)

    assert notes(url) == before


@pytest.mark.parametrize(
    "thing",
    [
        "VIEW theirs AS SELECT 1 AS one",
        "SEQUENCE theirs",
        "TABLE theirs (n int) PARTITION BY LIST (n)",
        "FUNCTION theirs() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "TYPE theirs AS ENUM ('a')",
    ],
)
def test_what_is_there_need_not_be_a_table(made: Made, empty: str, thing: str) -> None:
    with psycopg.connect(empty) as connection:
        connection.execute(f"CREATE {thing}".encode())

    with pytest.raises(BackupError, match="The database is not empty"):
        restore(Recipe(made.archive, KEY), made.manifest, empty)


@pytest.mark.parametrize(("place", "wrong"), [(-200, "cut"), (-3000, "flipped")])
def test_a_damaged_archive_is_refused_before_and_leaves_nothing_while_it_is_restored(
    made: Made, empty: str, place: int, wrong: str
) -> None:
    text = bytearray(Path(str(made.archive)).read_bytes())
    if wrong == "cut":
        del text[place:]
    else:
        text[place] ^= 1
    Path(str(made.archive)).write_bytes(bytes(text))

    with pytest.raises(BackupError, match="damaged"):
        verify(Recipe(made.archive, KEY))
    with pytest.raises(BackupError, match="damaged"):
        restore(Recipe(made.archive, KEY), made.manifest, empty)

    with psycopg.connect(empty) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_what_differs_from_the_manifest_is_named(made: Made, empty: str) -> None:
    """As when PostgreSQL itself lost a row on the way: a manifest that tells of one more, inside the same archive."""
    told = replace(made.manifest, tables=(Table("public.sample_note", 51, "00"), *made.manifest.tables[1:]))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mainstay.db.backup.archive.Manifest.of", lambda _content: told)
        with pytest.raises(BackupError, match=r"differs from the archive in .*public.sample_note.*; do not use it"):
            restore(Recipe(made.archive, KEY), told, empty)


def test_an_archive_that_was_exchanged_after_it_was_verified_is_refused(made: Made, empty: str) -> None:
    with pytest.raises(BackupError, match="exchanged while it was being restored"):
        restore(Recipe(made.archive, KEY), replace(made.manifest, version="0"), empty)


def test_a_server_older_than_the_archives_is_refused(made: Made, empty: str) -> None:
    with pytest.raises(BackupError, match="comes from PostgreSQL 99 and the server is PostgreSQL"):
        restore(Recipe(made.archive, KEY), replace(made.manifest, postgres=990000), empty)


def fitting(manifest: Manifest) -> None:
    demand_fitting(manifest, "sample", PACKAGES)


def test_an_archive_of_another_program_or_a_newer_one_is_refused_and_an_older_one_is_not(made: Made) -> None:
    fitting(made.manifest)
    fitting(replace(made.manifest, heads=("m0001",)))

    with pytest.raises(BackupError, match="The archive is of the program bakery, and this is sample"):
        fitting(replace(made.manifest, program="bakery"))
    with pytest.raises(BackupError, match="made by a newer version of sample"):
        fitting(replace(made.manifest, heads=("m9999", "s0001")))


def test_progress_is_told_while_it_is_read(made: Made, tmp_path: Path) -> None:
    told: list[str] = []

    assert verify(Recipe(made.archive, KEY, tell=told.append)) == made.manifest

    assert told
    assert all(line.startswith("read ") and line.endswith(" %") for line in told)
    with pytest.raises(BackupError, match="cannot be read"):
        verify(Recipe(archive_at(tmp_path / "none"), KEY))
