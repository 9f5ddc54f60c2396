"""The processes of one run meet in a folder of their own."""

import os
from pathlib import Path

import pytest

from mainstay.bootstrap.meeting import process_folder, running_folder
from mainstay.errors import ConfigurationError


def test_the_folder_is_the_runs_alone_and_goes_with_it(tmp_path: Path) -> None:
    assert running_folder(tmp_path) is None
    with process_folder(tmp_path) as folder:
        assert running_folder(tmp_path) == folder
        assert folder.parent.parent == tmp_path
        assert {path.stat().st_mode & 0o777 for path in (folder, folder.parent)} == {0o700}
        (folder / "api-1.figures").write_text("x")

    assert not folder.exists()
    assert running_folder(tmp_path) is None


def test_what_a_killed_run_left_goes_and_a_running_ones_stays(tmp_path: Path) -> None:
    """Whoever has its number by now: this process, or one of somebody else that may not even be asked."""
    parent = tmp_path / "processes"
    left = [parent / str(number) for number in (4194399, 1, os.getppid())]
    for each in left:
        each.mkdir(parents=True)

    with process_folder(tmp_path) as running:
        assert not any(each.exists() for each in left)
        with process_folder(tmp_path):
            assert running.exists()


def test_a_run_is_found_beside_what_a_killed_one_left(tmp_path: Path) -> None:
    with process_folder(tmp_path) as running:
        (tmp_path / "processes" / "zzz").mkdir()

        assert running_folder(tmp_path) == running


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "processes").write_text("in the way")

    with pytest.raises(ConfigurationError, match="cannot be made"), process_folder(tmp_path):
        pass
