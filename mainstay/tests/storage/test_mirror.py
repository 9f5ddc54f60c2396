"""A second folder keeps the files too, and longer: what was lost comes back from it; that it is away stops nothing."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from mainstay import clock
from mainstay.storage.folder import FolderStorage
from mainstay.storage.mirror import MirroredStorage, Second
from mainstay.storage.storage import NotStored, Storage, Stored
from mainstay.testing.frozen import FrozenClock

DAYS = timedelta(days=7)
KEY = "content/one"


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """The other disk, which is there."""
    place = tmp_path / "second" / "a data folder"
    place.mkdir(parents=True)
    return place


@pytest.fixture
def storage(tmp_path: Path, disk: Path) -> MirroredStorage:
    """A folder whose content is kept on the other disk."""
    return MirroredStorage(FolderStorage(tmp_path / "files"), Second(disk / "files", DAYS, ("content",)))


async def pieces(*given: bytes) -> AsyncIterator[bytes]:
    """Yield what is given."""
    for each in given:
        yield each


async def content(storage: Storage, key: str) -> bytes:
    """Return what is stored."""
    return b"".join([piece async for piece in storage.read(key)])


async def sweep(storage: Storage) -> None:
    """Do what is done each night."""
    await storage.clear(clock.now() - timedelta(days=1))


def kept(disk: Path) -> dict[str, bytes]:
    """Return what lies on the other disk."""
    root = disk / "files"
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@contextmanager
def away(disk: Path) -> Iterator[None]:
    """Have the disk be away inside the block, where nothing may be written to its place."""
    elsewhere = disk.rename(disk.with_name("elsewhere"))
    yield
    assert not disk.exists()
    elsewhere.rename(disk)


async def test_what_is_stored_is_on_both_disks_when_that_is_answered(storage: MirroredStorage, disk: Path) -> None:
    assert await storage.put(KEY, pieces(b"ab", b"cd")) == 4
    assert kept(disk) == {KEY: b"abcd"}


async def test_what_comes_in_pieces_or_can_be_made_again_is_not_kept(storage: MirroredStorage, disk: Path) -> None:
    await storage.put("incoming/one", pieces(b"a"))
    await storage.put("forms/one", pieces(b"a"))
    await sweep(storage)
    assert kept(disk) == {}


async def test_what_is_deleted_is_kept_for_so_long_and_no_longer(
    storage: MirroredStorage, disk: Path, clock: FrozenClock
) -> None:
    await storage.put(KEY, pieces(b"a"))
    await storage.delete(KEY)
    with pytest.raises(NotStored):
        await storage.head(KEY)
    assert kept(disk) == {"removed/content/one": b"a"}

    removed_at = datetime.fromtimestamp((disk / "files/removed/content/one").stat().st_mtime, UTC)
    clock.move_to(removed_at + DAYS - timedelta(minutes=1))
    await sweep(storage)
    assert kept(disk) == {"removed/content/one": b"a"}

    clock.move(timedelta(minutes=2))
    await sweep(storage)
    assert kept(disk) == {}


async def test_what_the_first_disk_lost_comes_back_when_it_is_asked_for(
    storage: MirroredStorage, tmp_path: Path, disk: Path
) -> None:
    await storage.put(KEY, pieces(b"abcd"))
    (tmp_path / "files" / KEY).unlink()

    assert (await storage.head(KEY)).size == 4

    assert (tmp_path / "files" / KEY).read_bytes() == b"abcd"
    (tmp_path / "files" / KEY).unlink()
    assert await content(storage, KEY) == b"abcd"
    assert kept(disk) == {KEY: b"abcd"}


async def test_a_disk_that_is_away_stops_nothing_is_told_and_made_up_for(storage: MirroredStorage, disk: Path) -> None:
    await storage.put("content/early", pieces(b"a"))
    with away(disk), capture_logs() as logs:
        await storage.put(KEY, pieces(b"b"))
        await storage.delete("content/early")
        await sweep(storage)
    assert [line["outcome"] for line in logs] == ["failed", "failed", "failed"]

    await sweep(storage)
    assert kept(disk) == {KEY: b"b", "removed/content/early": b"a"}
    assert await content(storage, KEY) == b"b"


async def test_what_was_there_before_is_kept_from_the_first_night_on(
    storage: MirroredStorage, tmp_path: Path, disk: Path
) -> None:
    await FolderStorage(tmp_path / "files").put(KEY, pieces(b"former"))
    await sweep(storage)
    assert kept(disk) == {KEY: b"former"}


async def test_what_is_stored_while_the_night_compares_is_not_taken_for_deleted(tmp_path: Path, disk: Path) -> None:
    class Busy(FolderStorage):
        """Somebody stores a file while what lies here is listed."""

        async def listed(self, prefix: str) -> AsyncIterator[Stored]:
            async for each in super().listed(prefix):
                yield each
            await mirrored().put(KEY, pieces(b"a"))

    def mirrored() -> MirroredStorage:
        return MirroredStorage(Busy(tmp_path / "files"), Second(disk / "files", DAYS, ("content",)))

    await sweep(mirrored())

    assert kept(disk) == {KEY: b"a"}


async def test_what_is_deleted_while_the_night_compares_keeps_nothing_else_from_the_second_disk(
    tmp_path: Path, disk: Path
) -> None:
    """Red when a file that is gone by its turn ends the night: what comes after it was not copied."""

    class Busy(FolderStorage):
        """Somebody deletes a file when it has just been listed."""

        async def listed(self, prefix: str) -> AsyncIterator[Stored]:
            if prefix == "content":
                yield Stored("content/gone", 1, clock.now())
            async for each in super().listed(prefix):
                yield each

    first = Busy(tmp_path / "files")
    await first.put(KEY, pieces(b"a"))
    with capture_logs() as logs:
        await sweep(MirroredStorage(first, Second(disk / "files", DAYS, ("content",))))

    assert kept(disk) == {KEY: b"a"}
    assert [line["log_level"] for line in logs] == ["info"]


async def test_a_second_disk_that_is_full_is_told_and_the_first_one_has_it(tmp_path: Path, disk: Path) -> None:
    second = Second(disk / "files", DAYS, ("content",), reserve=2**62)
    storage = MirroredStorage(FolderStorage(tmp_path / "files"), second)
    with capture_logs() as logs:
        await storage.put(KEY, pieces(b"a"))
    assert logs[0]["reason"] == "The disk of the folder of files is nearly full."
    assert (await content(storage, KEY), kept(disk)) == (b"a", {})
