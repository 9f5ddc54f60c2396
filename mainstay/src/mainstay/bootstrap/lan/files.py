"""Files that only their owner may read, written so that nobody ever sees half of one."""

import os
from pathlib import Path

from mainstay.errors import ConfigurationError


def private_folder(folder: Path) -> Path:
    """Return `folder`, made where it is missing, open to its owner alone. Raises ConfigurationError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as failure:
        raise ConfigurationError(f"The folder {folder} cannot be made: {failure.strerror}.") from failure
    return folder


def write(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Put `content` into `path` in one step; raises ConfigurationError."""
    fresh = path.with_name(f"{path.name}.new")
    try:
        fresh.unlink(missing_ok=True)
        file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(file, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.rename(path)
    except OSError as failure:
        raise ConfigurationError(f"The file {path} cannot be written: {failure.strerror}.") from failure


def check_private(path: Path) -> None:
    """Raise ConfigurationError when others than the owner of `path` may read or change it."""
    if path.stat().st_mode & 0o077:
        raise ConfigurationError(
            f"Others may read the key {path}; if nobody has, run `chmod 600 {path}`, "
            f"else delete the folder {path.parent} and have every device trust the new one."
        )
