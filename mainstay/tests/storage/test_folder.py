"""What is special about a folder: who may read it, what is never seen of a file that is not whole, and a full disk."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mainstay.storage.folder import PARTIAL, FolderStorage
from mainstay.storage.storage import StorageFailed


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
    assert acts == ["fsync", "rename", "fsync"]


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
