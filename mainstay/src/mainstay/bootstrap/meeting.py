"""Where the processes of `serve` find one another: a folder of this run alone, gone when it ends."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mainstay.errors import ConfigurationError


@contextmanager
def process_folder(data_dir: Path) -> Iterator[Path]:
    """Make the folder, which nobody else may enter; what runs that were killed left behind goes.

    Raises ConfigurationError when it cannot be made.
    """
    parent = data_dir / "processes"
    folder = parent / str(os.getpid())
    try:
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for former in parent.iterdir():
            if former == folder or not _is_running(former.name):
                shutil.rmtree(former, ignore_errors=True)
        folder.mkdir(mode=0o700)
    except OSError as failure:
        raise ConfigurationError(f"The folder {folder} cannot be made: {failure.strerror}.") from failure
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def running_folder(data_dir: Path) -> Path | None:
    """Return the folder of a run that is under way on these data; None when there is none."""
    parent = data_dir / "processes"
    found = sorted(each for each in parent.iterdir() if _is_running(each.name)) if parent.is_dir() else []
    return found[-1] if found else None


def _is_running(pid: str) -> bool:
    with suppress(ValueError, ProcessLookupError):
        os.kill(int(pid), 0)
        return True
    return False
