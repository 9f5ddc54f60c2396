"""A new data folder is there once all of an archive is in it."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from mainstay.db.backup.errors import BackupError
from mainstay.db.backup.making import Made, Source, Target, make
from mainstay.db.backup.placing import demand_new, restore_into_folder
from mainstay.db.backup.restoring import Recipe
from mainstay.db.backup.stopping import Stop
from mainstay.db.embedded import EmbeddedPostgres
from mainstay.testing.process import make_folder

KEY = b"a key of more than thirty-two characters"


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the database's account can pass through."""
    folder = make_folder()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_a_folder_gets_a_server_of_its_own_with_all_of_it_and_its_files(
    source: Source, target: Target, place: Path, tmp_path: Path
) -> None:
    """One that failed before has left nothing."""
    (tmp_path / "files/content/a").mkdir(parents=True)
    (tmp_path / "files/content/a/b").write_bytes(b"a picture")
    made = make(replace(source, files=tmp_path / "files"), target, Stop())
    with pytest.raises(BackupError, match="exchanged"):
        restore_into_folder(Recipe(made.archive, KEY), replace(made.manifest, version="0"), place / "data")
    assert list(place.iterdir()) == []

    restore_into_folder(Recipe(made.archive, KEY), made.manifest, place / "data")

    assert [path.name for path in place.iterdir()] == ["data"]
    assert (place / "data/files/content/a/b").read_bytes() == b"a picture"
    with (
        EmbeddedPostgres(place / "data", database="sample") as server,
        psycopg.connect(server.conninfo()) as connection,
    ):
        assert connection.execute("SELECT count(*) FROM sample_note").fetchone() == (50,)


def test_what_is_there_is_left_as_it_is(made: Made, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    demand_new(tmp_path / "data")
    (tmp_path / "data" / "secret.key").write_text("x")

    with pytest.raises(BackupError, match="There is something at"):
        restore_into_folder(Recipe(made.archive, KEY), made.manifest, tmp_path / "data")

    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret.key"]


def test_what_a_killed_restore_left_is_named(made: Made, tmp_path: Path) -> None:
    (tmp_path / ".data.restoring").mkdir()

    with pytest.raises(BackupError, match=r"broken off in .*\.data\.restoring; remove that folder"):
        restore_into_folder(Recipe(made.archive, KEY), made.manifest, tmp_path / "data")

    assert (tmp_path / ".data.restoring").is_dir()
