"""Rehearsing: the scratch database is there for the trial alone, and what cannot be tried is not called verified."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from sqlalchemy import make_url

from mainstay.db.backup.errors import BackupError, Unrehearsed
from mainstay.db.backup.making import Made, connected, databases_like
from mainstay.db.backup.rehearsing import PREFIX, Scene, rehearse
from mainstay.db.backup.restoring import Recipe
from mainstay.db.backup.stopping import Stop
from mainstay.testing.database import admin

KEY = b"a key of more than thirty-two characters"


@pytest.fixture
def scene(url: str, tmp_path: Path) -> Scene:
    return Scene(url, tmp_path)


def scratches(url: str, made: Made) -> list[str]:
    """Return what rehearsals of this database left; beside it, others of this server are rehearsed by other tests."""
    with connected(url) as connection:
        return databases_like(connection, f"{PREFIX}{made.manifest.database.hex}_")


@pytest.mark.parametrize("target", ["folder_shelf", "bucket_shelf"], indirect=True)
def test_a_sound_archive_passes_and_its_scratch_database_is_gone(made: Made, scene: Scene) -> None:
    rehearse(Recipe(made.archive, KEY), made, scene)

    assert scratches(scene.url, made) == []


def test_what_a_killed_rehearsal_left_is_dropped_and_another_databases_is_not(
    made: Made, scene: Scene, database_server: str
) -> None:
    left, other = f"{PREFIX}{made.manifest.database.hex}_old", f"{PREFIX}{0:032x}_old"
    with admin(database_server) as connection:
        for name in (left, other):
            connection.execute(f"CREATE DATABASE {name}".encode())
        try:
            rehearse(Recipe(made.archive, KEY), made, scene)
            assert scratches(scene.url, made) == []
            assert databases_like(connection, other) == [other]
        finally:
            connection.execute(f"DROP DATABASE IF EXISTS {other}".encode())
            connection.execute(f"DROP DATABASE IF EXISTS {left}".encode())


def test_an_archive_that_holds_something_else_is_broken(made: Made, scene: Scene) -> None:
    with pytest.raises(BackupError, match="does not hold what was written"):
        rehearse(Recipe(made.archive, KEY), replace(made, manifest=replace(made.manifest, version="0")), scene)


def test_a_restore_that_fails_leaves_no_scratch_database(
    made: Made, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise BackupError("It broke.")

    monkeypatch.setattr("mainstay.db.backup.rehearsing.restore", refuse)
    with pytest.raises(BackupError, match="It broke"):
        rehearse(Recipe(made.archive, KEY), made, scene)

    assert scratches(scene.url, made) == []


def test_without_the_right_or_the_room_it_is_not_tried(made: Made, scene: Scene, database_server: str) -> None:
    superuser = make_url(scene.url).set(username="postgres").render_as_string(hide_password=False)
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("CREATE ROLE backup_poor LOGIN")
        try:
            poor = make_url(scene.url).set(username="backup_poor").render_as_string(hide_password=False)
            with pytest.raises(Unrehearsed, match="backup_poor may not create databases"):
                rehearse(Recipe(made.archive, KEY), made, replace(scene, url=poor))
        finally:
            connection.execute("DROP ROLE backup_poor")
    with pytest.raises(Unrehearsed, match="MB free and a copy needs"):
        rehearse(Recipe(made.archive, KEY), made, replace(scene, reserve=1 << 62))

    assert scratches(scene.url, made) == []


def test_room_is_asked_for_the_servers_log_too(made: Made, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    with connected(scene.url) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    assert row is not None
    monkeypatch.setattr("shutil.disk_usage", lambda _path: SimpleNamespace(free=row[0] * 3 // 2))

    with pytest.raises(Unrehearsed, match="MB free and a copy needs"):
        rehearse(Recipe(made.archive, KEY), made, scene)


def test_a_rehearsal_that_is_stopped_is_none(made: Made, scene: Scene) -> None:
    stop = Stop()
    stop.set()

    with pytest.raises(BackupError, match="stopped"):
        rehearse(Recipe(made.archive, KEY, stop=stop), made, scene)

    assert scratches(scene.url, made) == []
