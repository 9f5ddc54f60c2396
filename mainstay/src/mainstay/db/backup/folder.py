"""Archives in a folder of this machine."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from mainstay.db.backup.archive import SUFFIX
from mainstay.db.backup.errors import BackupError
from mainstay.db.backup.shelf import Shelved

PARTIAL = ".partial"
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FolderShelf:
    """A folder in which archives are files that this program's account alone can read; see `Shelf`."""

    folder: Path

    @property
    def address(self) -> str:
        """The folder's path."""
        return str(self.folder)

    def prepare(self) -> None:
        """Make the folder, and remove what killed backups left there: nobody holds the lock of such a file any more."""
        with self._failures():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for path in self.folder.glob(f".*{SUFFIX}{PARTIAL}"):
                # Another process may be removing it, or is writing it, or it is somebody else's.
                with suppress(OSError), path.open("rb") as file:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    path.unlink()

    def demand_room(self, wanted: int) -> None:
        """Ask the file system."""
        with self._failures():
            free = shutil.disk_usage(self.folder).free
        if free < wanted:
            raise BackupError(
                f"There is too little space in {self.folder}: {free // MEGABYTE} MB are free and a backup may need "
                f"{wanted // MEGABYTE} MB; make room, or name another folder (…_BACKUP_FOLDER)."
            )

    @contextmanager
    def writing(self, name: str) -> Iterator[IO[bytes]]:
        """Yield a hidden file that gets its name once it is on the disk."""
        path, partial = self.folder / name, self.folder / f".{name}{PARTIAL}"
        with self._failures():
            handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                with os.fdopen(handle, "wb") as file:
                    fcntl.flock(file, fcntl.LOCK_EX)
                    yield file
                    file.flush()
                    os.fsync(file.fileno())
                partial.rename(path)
            except BaseException:
                partial.unlink(missing_ok=True)
                raise
            folder = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    @contextmanager
    def opened(self, name: str) -> Iterator[IO[bytes]]:
        """Open the file."""
        path = self.folder / name
        try:
            file = path.open("rb")
        except OSError as failure:
            raise BackupError(f"The archive {path} cannot be read: {failure.strerror}.") from failure
        with file:
            yield file

    def sizes(self) -> dict[str, int]:
        """Look into the folder; one that is not there has nothing in it."""
        found: dict[str, int] = {}
        for path in self.folder.glob("*"):
            with suppress(OSError):
                if not path.name.startswith(".") and path.is_file():
                    found[path.name] = path.stat().st_size
        return found

    def remove(self, name: str) -> None:
        """Remove the file."""
        path = self.folder / name
        try:
            path.unlink(missing_ok=True)
        except OSError as failure:
            raise BackupError(f"The archive {path} cannot be removed: {failure.strerror}.") from failure

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except OSError as failure:
            raise BackupError(
                f"The archive cannot be written to {self.folder}: {failure.strerror or failure}."
            ) from failure


def archive_at(path: Path) -> Shelved:
    """Return the archive that is the file at a path."""
    return Shelved(FolderShelf(path.parent), path.name)
