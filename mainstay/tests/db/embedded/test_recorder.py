"""The recorder: a receiver that was away too long begins anew, and one that is wanted no more fills no disk."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from mainstay import clock
from mainstay.db.embedded import EmbeddedPostgres
from mainstay.db.embedded.recorder import RECEIVER, Reached, Recorder, server_settings
from mainstay.db.embedded.settings import RecoverySettings
from mainstay.db.embedded.store import Base, Store, name_of

Eventually = Callable[..., bool]
SLOTS = "SELECT slot_name FROM pg_replication_slots"


def second_place(folder: Path) -> RecoverySettings:
    folder.mkdir(exist_ok=True)
    return RecoverySettings(folder=folder)


def write_log(server: EmbeddedPostgres) -> None:
    """Write so much of it that the server uses the files of before again."""
    with psycopg.connect(server.conninfo(role="postgres"), autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS noise (n int)")
        for _ in range(4):
            connection.execute("INSERT INTO noise VALUES (1)")
            connection.execute("SELECT pg_switch_wal()")
            connection.execute("CHECKPOINT")


def test_a_second_place_that_was_taken_away_comes_back_with_a_new_base_copy(
    tmp_path: Path, made_data: Path, server: EmbeddedPostgres, eventually: Eventually
) -> None:
    data = tmp_path / "data"
    settings = second_place(tmp_path / "second")
    with EmbeddedPostgres(data, database="shop", recovery=settings) as first:
        store = Store(tmp_path / "second" / name_of(data / "postgres"))
        assert eventually(store.bases, seconds=30)
        with psycopg.connect(first.conninfo(role="postgres")) as connection:
            assert connection.execute(SLOTS).fetchall() == [(RECEIVER,)]
    # Without the setting: what the server would keep for nobody fills the disk.
    with server, psycopg.connect(server.conninfo(role="postgres"), autocommit=True) as connection:
        assert connection.execute(SLOTS).fetchall() == []
        # As it is when the second place was away for more than the limit.
        connection.execute("SELECT pg_create_physical_replication_slot(%s, true)", [RECEIVER])
        connection.execute("ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'")
        connection.execute("SELECT pg_reload_conf()")
        write_log(server)
        assert connection.execute("SELECT wal_status FROM pg_replication_slots").fetchall() == [("lost",)]
        connection.execute("ALTER SYSTEM RESET max_slot_wal_keep_size")
    before = clock.now()
    former = {segment.name for segment in store.segments()}

    with EmbeddedPostgres(data, database="shop", recovery=settings):
        assert eventually(lambda: (store.covered() or before) > before, seconds=30)
        assert eventually(lambda: len(store.bases()) == 2, seconds=30)

    # What was restorable before the gap still is.
    assert former < {segment.name for segment in store.segments()}
    assert not store.has_gap_after(store.bases()[-1])
    assert store.has_gap_after(store.bases()[0])


def test_a_full_second_place_lets_go_of_what_may_go_before_it_takes_a_copy(
    tmp_path: Path, eventually: Eventually
) -> None:
    """A copy that finds no room must not be what makes the room."""
    settings = second_place(tmp_path / "second")
    (tmp_path / "base").mkdir()
    recorder = Recorder(settings, Reached("host=/nowhere"), tmp_path / "base")
    store = Store.open(tmp_path / "second", name_of(tmp_path / "base"))
    for days in (30, 20, 10):
        ended_at = clock.now() - timedelta(days=days)
        store.keep(Base(f"b{days}", ended_at, 1, 100 - days, f"0000000100000000000000{100 - days:02d}"))
    (store.wal / "000000010000000000000070").touch()
    recorder._settings = settings
    thread = threading.Thread(target=recorder.start, daemon=True)
    thread.start()
    try:
        assert eventually(lambda: [base.name for base in store.bases()] == ["b10"])
        assert eventually(lambda: store.segments() == [])
    finally:
        recorder.let_end()
        recorder.stop()


@pytest.mark.parametrize("synchronous", [False, True])
def test_what_the_server_keeps_for_a_receiver_that_is_away_has_a_limit(tmp_path: Path, synchronous: bool) -> None:
    given = RecoverySettings(folder=tmp_path, most_behind_mb=128, synchronous=synchronous)

    lines = server_settings(given).splitlines()

    assert "max_slot_wal_keep_size = 128MB" in lines
    assert (f"synchronous_standby_names = '{RECEIVER}'" in lines) == synchronous
    assert server_settings(RecoverySettings()) == ""
