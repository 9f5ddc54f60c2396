"""The lock that keeps a second program away from a data folder."""

import fcntl
import os
from pathlib import Path

from mainstay.db.embedded.errors import EmbeddedDatabaseError


class ProgramLock:
    """An exclusive lock on a data folder; the kernel frees it when the program ends, however it ends.

    The file holds the program's process id for the sentence that a second program shows. It is never deleted: a
    program could lock the deleted file while another locks its successor.
    """

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._file: int | None = None
        # A forked child shares the lock and would keep it after its parent was killed. Programs that are executed
        # do not: Python opens every file close-on-exec.
        os.register_at_fork(after_in_child=self._close)

    def acquire(self) -> None:
        """Take the lock; raises EmbeddedDatabaseError when another program holds it."""
        # No symbolic link: root must not be led to write elsewhere by the owner of the folder.
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
        file = os.open(self._data_dir / "program.lock", flags, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as refusal:
            holder = os.pread(file, 20, 0).decode(errors="replace").strip()
            os.close(file)
            raise EmbeddedDatabaseError(
                f"The data folder {self._data_dir} is in use by another running program (pid {holder or 'unknown'}); "
                "stop it or choose another data folder."
            ) from refusal
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        self._file = file

    def release(self) -> None:
        """Give the folder free; harmless when the lock is not held."""
        if self._file is not None:
            os.ftruncate(self._file, 0)
        self._close()

    def _close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
