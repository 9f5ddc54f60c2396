"""Where the processes of `serve` find one another: a folder of this run alone, gone when it ends.

A run holds its folder locked: the lock goes with it however it ends, where its number may soon be another's, or be that
of another container's run on the same data.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mainstay.errors import ConfigurationError


@contextmanager
def process_folder(data_dir: Path) -> Iterator[Path]:
    """Make the folder, which nobody else may enter; what runs that were killed left behind goes.

    Raises ConfigurationError when it cannot be made.
    """
    try:
        folder, held = _made(data_dir / "processes")
    except OSError as failure:
        reason = f"The folder {data_dir / 'processes'} cannot be made: {failure.strerror}."
        raise ConfigurationError(reason) from failure
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


def running_folder(data_dir: Path) -> Path | None:
    """Return the folder of a run that is under way on these data, the newest of several; None when there is none."""
    parent = data_dir / "processes"
    found = [each for each in parent.iterdir() if _is_running(each)] if parent.is_dir() else []
    return max(found, key=lambda each: each.stat().st_ctime, default=None)


def _made(parent: Path) -> tuple[Path, int]:
    """Return a new folder, and the descriptor that holds it; one run at a time looks which others are left."""
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    gate = os.open(parent, os.O_RDONLY)
    try:
        fcntl.flock(gate, fcntl.LOCK_EX)
        for former in parent.iterdir():
            if not _is_running(former):
                shutil.rmtree(former, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix="run-", dir=parent))
        held = os.open(folder, os.O_RDONLY)
        # Somebody may look at it this very moment, and has done in the next.
        fcntl.flock(held, fcntl.LOCK_EX)
        return folder, held
    finally:
        os.close(gate)


def _is_running(folder: Path) -> bool:
    try:
        held = os.open(folder, os.O_RDONLY)
    except OSError:  # it goes just now
        return False
    try:
        fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(held)
    return False
