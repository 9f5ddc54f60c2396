"""A folder of archives: what cannot be written, read or removed is told in a sentence."""

from pathlib import Path

import pytest

from mainstay.db.backup.errors import BackupError
from mainstay.db.backup.folder import FolderShelf, archive_at


def test_hidden_files_and_folders_are_no_archives(tmp_path: Path) -> None:
    (tmp_path / ".a.backup.partial").write_bytes(b"x")
    (tmp_path / "inner").mkdir()
    (tmp_path / "a.backup").write_bytes(b"xy")

    assert FolderShelf(tmp_path).sizes() == {"a.backup": 2}
    assert FolderShelf(tmp_path / "absent").sizes() == {}


def test_what_cannot_be_done_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.backup").mkdir()
    shelf = FolderShelf(tmp_path)

    with pytest.raises(BackupError, match=r"a\.backup cannot be removed"):
        shelf.remove("a.backup")
    with pytest.raises(BackupError, match=r"a\.backup cannot be read"), shelf.opened("a.backup"):
        pass
    with pytest.raises(BackupError, match="There is too little space in"):
        shelf.demand_room(1 << 62)


def test_a_path_is_an_archive(tmp_path: Path) -> None:
    assert str(archive_at(tmp_path / "a.backup")) == str(tmp_path / "a.backup")
