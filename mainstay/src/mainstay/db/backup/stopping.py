"""Stopping a backup that another thread makes: what it waits for is ended at once, be it a program or the database."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psycopg
from psycopg import Connection

from mainstay.db.backup.errors import BackupError

# Seconds for which the server may take a wish to cancel.
CANCEL_PATIENCE = 5.0


class Stop:
    """The wish that a backup ends, from whatever thread; `set` may block for as long as a server takes the news."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._enders: list[Callable[[], object]] = []
        self._is_set = False

    def set(self) -> None:
        """Stop."""
        with self._lock:
            self._is_set = True
            for end in self._enders:
                end()

    def refuse(self) -> None:
        """Raise BackupError when it was stopped."""
        if self._is_set:
            raise BackupError("The program was stopped before the backup was finished.")

    @contextmanager
    def ending(self, end: Callable[[], object]) -> Iterator[None]:
        """Have `end` called when it is stopped inside of the block. Raises BackupError when it was before."""
        with self._lock:
            self._enders.append(end)
        try:
            self.refuse()
            yield
        finally:
            with self._lock:
                self._enders.remove(end)

    @contextmanager
    def ending_statements(self, connection: Connection) -> Iterator[None]:
        """Have the statement that runs on the connection cancelled when it is stopped inside of the block."""

        def cancel() -> None:
            with suppress(psycopg.Error):  # the server is gone, and the statement with it
                connection.cancel_safe(timeout=CANCEL_PATIENCE)

        with self.ending(cancel):
            yield
