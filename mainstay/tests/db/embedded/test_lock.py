"""The lock on a data folder."""

import os
from pathlib import Path

import pytest

from mainstay.db.embedded import EmbeddedDatabaseError
from mainstay.db.embedded.lock import ProgramLock


def test_a_held_folder_is_refused_with_the_holders_number(tmp_path: Path) -> None:
    first = ProgramLock(tmp_path)
    first.acquire()

    with pytest.raises(EmbeddedDatabaseError, match=rf"{tmp_path} is in use by .* \(pid {os.getpid()}\); stop it or"):
        ProgramLock(tmp_path).acquire()

    first.release()


def test_a_released_folder_is_free_again(tmp_path: Path) -> None:
    first, second = ProgramLock(tmp_path), ProgramLock(tmp_path)
    first.acquire()
    first.release()

    second.acquire()

    with pytest.raises(EmbeddedDatabaseError):
        first.acquire()
    second.release()


def test_releasing_what_is_not_held_changes_nothing(tmp_path: Path) -> None:
    holder, other = ProgramLock(tmp_path), ProgramLock(tmp_path)
    holder.acquire()

    other.release()

    with pytest.raises(EmbeddedDatabaseError, match=f"pid {os.getpid()}"):
        ProgramLock(tmp_path).acquire()
    holder.release()


def test_a_holder_that_has_not_written_its_number_yet_is_unknown(tmp_path: Path) -> None:
    holder = ProgramLock(tmp_path)
    holder.acquire()
    (tmp_path / "program.lock").write_text("")

    with pytest.raises(EmbeddedDatabaseError, match=r"\(pid unknown\)"):
        ProgramLock(tmp_path).acquire()

    holder.release()


def test_a_link_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("untouched")
    (tmp_path / "program.lock").symlink_to(tmp_path / "victim")

    with pytest.raises(OSError, match="symbolic links"):
        ProgramLock(tmp_path).acquire()

    assert (tmp_path / "victim").read_text() == "untouched"


def test_executed_programs_do_not_inherit_the_lock(tmp_path: Path) -> None:
    lock = ProgramLock(tmp_path)
    lock.acquire()

    files = [int(path.name) for path in Path("/proc/self/fd").iterdir() if path.exists()]
    held = [file for file in files if os.path.samestat(os.fstat(file), (tmp_path / "program.lock").stat())]

    assert len(held) == 1
    assert not os.get_inheritable(held[0])
    lock.release()
