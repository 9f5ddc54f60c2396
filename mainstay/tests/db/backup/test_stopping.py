"""Stopping: whatever a backup waits for, it ends at once and leaves nothing."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing

import psycopg
import pytest
from psycopg import Connection

from mainstay import clock
from mainstay.db.backup.errors import BackupError
from mainstay.db.backup.making import Made, Source, Target, make
from mainstay.db.backup.restoring import Recipe, restore
from mainstay.db.backup.stopping import Stop
from mainstay.testing.database import plain

KEY = b"a key of more than thirty-two characters"
PATIENCE = 20.0
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type IN ('Lock', 'Timeout') AND pid <> pg_backend_pid()
"""


def ended_by(stop: Stop, connection: Connection, work: Callable[[], object]) -> BackupError:
    """Run work in a thread until it waits in the database, stop it, and return what it raised."""
    with ThreadPoolExecutor(1) as pool, closing(connection):
        running: Future[object] = pool.submit(work)
        deadline = clock.monotonic() + PATIENCE
        while connection.execute(WAITING).fetchone() != (1,):
            assert clock.monotonic() < deadline
            assert not running.done(), running.exception()
            # A transaction sees the activity of its first look otherwise.
            connection.execute("SELECT pg_stat_clear_snapshot()")
        stop.set()
        failure = running.exception(PATIENCE)
    assert isinstance(failure, BackupError)
    return failure


@pytest.mark.parametrize("target", ["folder_shelf", "bucket_shelf"], indirect=True)
def test_a_dump_that_waits_for_a_table(source: Source, target: Target, url: str) -> None:
    stop, connection = Stop(), psycopg.connect(url)
    connection.execute("LOCK TABLE sample_note IN ACCESS EXCLUSIVE MODE")

    failure = ended_by(stop, connection, lambda: make(source, target, stop))

    assert "stopped before" in str(failure)
    assert target.shelf.sizes() == {}


def test_a_restore_that_waits_for_another_transaction(made: Made, empty_database_url: str) -> None:
    stop, empty = Stop(), plain(empty_database_url)
    connection = psycopg.connect(empty)
    connection.execute("CREATE TABLE sample_note (id int)")

    recipe = Recipe(made.archive, KEY, stop=stop)
    failure = ended_by(stop, connection, lambda: restore(recipe, made.manifest, empty))

    assert "stopped before" in str(failure)


@pytest.mark.parametrize("way", ["making", "restoring"])
def test_a_long_count(
    source: Source, target: Target, empty_database_url: str, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """A table of a hundred gigabytes is counted and digested in one statement."""
    stop, empty = Stop(), plain(empty_database_url)

    def count(connection: Connection, _left_out: object) -> None:
        connection.execute("SELECT pg_sleep(30)")

    if way == "making":
        monkeypatch.setattr("mainstay.db.backup.making.measure", count)
        failure = ended_by(stop, psycopg.connect(source.url), lambda: make(source, target, stop))
    else:
        made = make(source, target, Stop())
        monkeypatch.setattr("mainstay.db.backup.restoring.measure", count)
        recipe = Recipe(made.archive, KEY, stop=stop)
        failure = ended_by(stop, psycopg.connect(empty), lambda: restore(recipe, made.manifest, empty))

    assert "canceling statement" in str(failure)


def test_what_was_stopped_before_begins_nothing() -> None:
    stop, ended = Stop(), threading.Event()
    stop.set()

    with pytest.raises(BackupError, match="stopped before"), stop.ending(ended.set):
        pytest.fail("it began")
    assert not ended.is_set()
