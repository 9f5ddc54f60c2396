"""Secret files are written whole, and for their owner alone."""

from pathlib import Path

import pytest

from mainstay.bootstrap.lan.files import check_private, private_folder, write
from mainstay.errors import ConfigurationError


def test_a_folder_that_was_open_is_closed(tmp_path: Path) -> None:
    (tmp_path / "lan").mkdir(mode=0o755)

    assert private_folder(tmp_path / "lan").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_made_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ConfigurationError, match="cannot be made"):
        private_folder(tmp_path / "file" / "lan")


def test_a_file_replaces_what_was_there_and_what_a_crash_left(tmp_path: Path) -> None:
    path = tmp_path / "key"
    (tmp_path / "key.new").write_text("half")
    write(path, b"one")

    write(path, b"two")

    assert path.read_bytes() == b"two"
    assert [each.name for each in tmp_path.iterdir()] == ["key"]
    check_private(path)


def test_a_file_that_cannot_be_written_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be written"):
        write(tmp_path / "missing" / "key", b"")
