"""A log file that several processes write: whole lines only, and a new file when one is full."""

import fcntl
import os
import threading
from pathlib import Path


class LogFile:
    """The end of a file of lines; `.1` is the one before it, and the oldest of `kept` earlier ones makes room.

    Every process of a program writes to the same file. A line is one write to the end of the file, which the system
    does not mix with another; whoever finds the file full exchanges it under a lock, and the others notice that the
    path leads to another file.
    """

    def __init__(self, path: Path, most_bytes: int, kept: int) -> None:
        self._path = path
        self._most = most_bytes
        self._kept = kept
        self._guard = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._number = self._open()

    def write(self, line: bytes) -> int:
        """Append a line; return its length."""
        with self._guard:
            self._follow()
            if os.fstat(self._number).st_size + len(line) > self._most:
                self._exchange(len(line))
            return os.write(self._number, line)

    def flush(self) -> None:
        """Do nothing: no line waits in memory."""

    def _open(self) -> int:
        # What is logged may name people: only the program's own account reads it.
        return os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def _follow(self) -> None:
        """Go on in the file that the path leads to, if another process or program exchanged it."""
        if not self._is_current():
            os.close(self._number)
            self._number = self._open()

    def _is_current(self) -> bool:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return False
        return os.path.samestat(found, os.fstat(self._number))

    def _exchange(self, length: int) -> None:
        lock = os.open(self._path.with_name(f".{self._path.name}.lock"), os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._follow()
            size = os.fstat(self._number).st_size
            if size > 0 and size + length > self._most:
                for number in range(self._kept, 0, -1):
                    older = self._earlier(number - 1)
                    if older.exists():
                        older.replace(self._earlier(number))
                if self._kept == 0:
                    self._path.unlink()
                self._follow()
        finally:
            os.close(lock)

    def _earlier(self, number: int) -> Path:
        return self._path if number == 0 else self._path.with_name(f"{self._path.name}.{number}")
