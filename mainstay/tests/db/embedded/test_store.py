"""The second place: what is in it, what may go, and that a disk that is not there is noticed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mainstay.db.embedded.errors import EmbeddedDatabaseError
from mainstay.db.embedded.store import Base, Store, base_of, name_of

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A second place with a base copy of each of four days, and the log since the first of them."""
    store = Store.open(tmp_path, "shop")
    for day in range(4):
        name = f"day{day}"
        (store.base / name).mkdir()
        store.keep(Base(name, NOON + timedelta(days=day), 1, day * 2, f"0000000100000000000000{day * 2:02X}"))
    for number in range(8):
        (store.wal / f"0000000100000000000000{number:02X}").touch()
    (store.wal / "000000010000000000000008.partial").touch()
    (store.wal / "00000002.history").touch()
    return store


def test_a_folder_that_is_not_there_is_a_disk_that_is_not_mounted(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedDatabaseError, match="does not exist; mount its disk"):
        Store.open(tmp_path / "unmounted", "shop")

    assert not (tmp_path / "unmounted").exists()


def test_any_moment_that_is_promised_keeps_its_base_copy_and_its_log(store: Store) -> None:
    (store.base / "half").mkdir()

    store.prune(NOON + timedelta(days=2, hours=1))

    assert [base.name for base in store.bases()] == ["day2", "day3"]
    assert sorted(path.name for path in store.base.iterdir()) == ["day2", "day2.json", "day3", "day3.json"]
    assert [segment.number for segment in store.segments()] == [4, 5, 6, 7, 8]
    assert (store.wal / "00000002.history").exists()


def test_nothing_goes_while_nothing_is_old_enough(store: Store) -> None:
    store.prune(NOON - timedelta(days=1))

    assert len(store.bases()) == 4
    assert len(store.segments()) == 9


def test_of_a_whole_and_a_partial_file_the_whole_one_counts(store: Store) -> None:
    (store.wal / "000000010000000000000007.partial").touch()
    (store.wal / "0000000100000001000000FF").touch()

    assert [segment.is_partial for segment in store.segments()][-3:] == [False, True, False]
    assert store.segments()[-1].number == 256 + 255


def test_what_is_covered_is_remembered_and_nothing_is_made_up(store: Store) -> None:
    assert store.covered() is None
    store.cover(NOON)
    assert store.covered() == NOON
    (store.path / "covered.json").write_text("{}")
    assert store.covered() is None


def test_a_base_copy_that_cannot_be_read_is_none(store: Store, tmp_path: Path) -> None:
    (store.base / "day3.json").write_text("{")
    (tmp_path / "backup_label").write_text("something else")

    assert [base.name for base in store.bases()] == ["day0", "day1", "day2"]
    with pytest.raises(EmbeddedDatabaseError, match="cannot be read"):
        base_of(tmp_path, "x", NOON)


def test_a_label_tells_where_the_log_begins(tmp_path: Path) -> None:
    (tmp_path / "backup_label").write_text("START WAL LOCATION: 1/2000028 (file 000000030000000100000002)\n")

    base = base_of(tmp_path, "x", NOON)

    assert (base.timeline, base.start, base.segment) == (3, (1 << 32) + 0x2000028, "000000030000000100000002")


def test_each_data_folder_has_a_name_of_its_own_and_keeps_it(tmp_path: Path) -> None:
    """Two that come from one another must not write into the same log."""
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()

    assert name_of(folders[0]) == name_of(folders[0]) != name_of(folders[1])
