"""What is special about a folder: who may read it, what is never seen of a file that is not whole, and a full disk."""

import os
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from mainstay import clock
from mainstay.storage.folder import PARTIAL, FolderStorage
from mainstay.storage.storage import StorageFailed, StorageFull


async def pieces(*given: bytes) -> AsyncIterator[bytes]:
    for each in given:
        yield each


async def test_only_the_account_of_the_program_reads_files(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path / "files")
    await storage.put("content/one", pieces(b"x"))
    assert (tmp_path / "files/content/one").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "files/content").stat().st_mode & 0o777 == 0o700


async def test_nobody_sees_a_file_before_it_is_whole(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)

    async def watched() -> AsyncIterator[bytes]:
        yield b"half"
        assert not (tmp_path / "content/one").exists()
        assert len(list((tmp_path / PARTIAL).iterdir())) == 1
        assert [each async for each in storage.listed("content")] == []
        yield b"whole"

    await storage.put("content/one", watched())
    assert list((tmp_path / PARTIAL).iterdir()) == []


async def test_a_file_is_on_the_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    acts: list[str] = []
    real_fsync, real_rename = os.fsync, Path.rename

    def fsync(handle: int) -> None:
        acts.append("fsync")
        real_fsync(handle)

    def rename(path: Path, target: Path) -> Path:
        acts.append("rename")
        return real_rename(path, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "rename", rename)
    await FolderStorage(tmp_path).put("content/one", pieces(b"x"))
    # And so are the folders, which may be as new as the name.
    assert acts == ["fsync", "rename", "fsync", "fsync"]


async def test_what_a_killed_program_left_is_removed_and_what_is_being_written_stays(tmp_path: Path) -> None:
    (tmp_path / PARTIAL).mkdir()
    (tmp_path / PARTIAL / "left").write_bytes(b"half")
    os.utime(tmp_path / PARTIAL / "left", (1, 1))
    storage = FolderStorage(tmp_path)

    async def watched() -> AsyncIterator[bytes]:
        yield b"half"
        assert await storage.clear(clock.now() - timedelta(hours=1)) == 1
        assert len(list((tmp_path / PARTIAL).iterdir())) == 1

    assert await storage.put("content/one", watched()) == 4


async def test_the_database_keeps_its_room_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free = {"bytes": 1005}
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=free["bytes"]))
    storage = FolderStorage(tmp_path, reserve=1000)

    await storage.put("content/one", pieces(b"12345"))
    with pytest.raises(StorageFull):
        await storage.put("content/two", pieces(b"123456"))

    assert [each.key async for each in storage.listed("content")] == ["content/one"]
    assert list((tmp_path / PARTIAL).iterdir()) == []


async def test_what_somebody_else_laid_there_is_no_stored_file(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    await storage.put("content/one", pieces(b"x"))
    (tmp_path / "content" / "Thumbs.db").touch()

    assert [each.key async for each in storage.listed("content")] == ["content/one"]


async def test_a_full_disk_is_a_failure_that_names_no_path() -> None:
    # Every write to this device fails as on a full disk.
    with pytest.raises(StorageFailed) as caught:
        await FolderStorage(Path("/dev/full")).put("content/one", pieces(b"x"))
    assert "/dev" not in str(caught.value)


async def test_a_folder_gives_no_links(tmp_path: Path) -> None:
    assert await FolderStorage(tmp_path).link("content/one", 60) is None


async def test_a_link_out_of_the_folder_is_not_followed_by_a_key(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    storage = FolderStorage(tmp_path / "files")
    with pytest.raises(ValueError, match="no key"):
        await storage.head("../secret")
