"""Has a second place receive the log of a running server as it is written, and copies of its cluster now and then."""

import logging
import signal
import subprocess
import tempfile
import threading
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import psycopg

from mainstay import clock
from mainstay.db.embedded.account import own_account
from mainstay.db.embedded.copying import copy_base
from mainstay.db.embedded.errors import EmbeddedDatabaseError
from mainstay.db.embedded.processes import launch
from mainstay.db.embedded.programs import postgres_bin
from mainstay.db.embedded.settings import RecoverySettings
from mainstay.db.embedded.store import Store, name_of

logger = logging.getLogger(__name__)

# The name of the replication slot, and of the connection by which the server knows whom it waits for.
RECEIVER: Final = "mainstay_receiver"
# Seconds before a receiver that ended is started again, and between two looks at how far it is.
SHORTEST_PAUSE = 0.2
LONGEST_PAUSE = 5.0
LOOK = 1.0
# Seconds after which a base copy that failed is tried again, and that a start waits for the receiver.
AGAIN = 300.0
START_PATIENCE = 30.0
_SLOT = "SELECT wal_status FROM pg_replication_slots WHERE slot_name = %s"
_DROP = "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = %s AND NOT active"
# What the server says when the log does not go on where the second place ends.
_GAP: Final = "has already been removed"
# What was flushed before this moment has been received when it is true.
_IS_LEVEL = """
SELECT flush_lsn >= pg_current_wal_flush_lsn() FROM pg_stat_replication
WHERE application_name = %s AND state = 'streaming'
"""


def server_settings(settings: RecoverySettings) -> str:
    """Return the lines of the server's configuration that receiving needs."""
    if settings.folder is None:
        return ""
    lines = ["", "# The second place (…_RECOVERY_FOLDER).", f"max_slot_wal_keep_size = {settings.most_behind_mb}MB"]
    if settings.synchronous:
        lines.append(f"synchronous_standby_names = '{RECEIVER}'")
    return "\n".join((*lines, ""))


def forget_receiver(conninfo: str) -> None:
    """Have the server keep nothing any more for a receiver that the settings no longer name: it would fill the disk."""
    with psycopg.connect(conninfo, autocommit=True, connect_timeout=10) as connection:
        if connection.execute(_DROP, [RECEIVER]).fetchone():
            logger.warning("There is no second place any more: the server keeps no log for it")


@dataclass(frozen=True, slots=True)
class Reached:
    """How to reach the server: for libpq, as the superuser."""

    conninfo: str

    def named(self) -> str:
        """Return the same under the receiver's name."""
        return f"{self.conninfo} application_name={RECEIVER}"


class Recorder:
    """Runs the receiver and takes base copies, from threads of its own, until it is stopped."""

    def __init__(self, settings: RecoverySettings, reached: Reached, base: Path) -> None:
        self._settings, self._reached, self._base = settings, reached, base
        self._stopping = threading.Event()
        self._is_level = threading.Event()
        self._receiver: subprocess.Popen[bytes] | None = None
        self._store: Store | None = None
        tasks = {"receive": self._receive, "look": self._look, "copy": self._copy}
        self._threads = [
            threading.Thread(target=task, name=f"recovery-{name}", daemon=True) for name, task in tasks.items()
        ]

    def start(self) -> None:
        """Start. Raises EmbeddedDatabaseError when the folder is not there, or what must be received is not."""
        assert self._settings.folder is not None  # noqa: S101  who has none has no recorder
        self._store = Store.open(self._settings.folder.resolve(), name_of(self._base))
        for thread in self._threads:
            thread.start()
        if not self._is_level.wait(START_PATIENCE):
            sentence = f"The database's log cannot be received in {self._settings.folder}; see the lines before."
            if self._settings.synchronous:
                raise EmbeddedDatabaseError(sentence)
            logger.error("%s", sentence)

    def let_end(self) -> None:
        """Start nothing any more: the server is about to stop, and sends the rest before it does."""
        self._stopping.set()

    def stop(self) -> None:
        """End what still runs; the server has stopped."""
        self._stopping.set()
        receiver = self._receiver
        if receiver is not None:
            try:
                receiver.wait(5.0)
            except subprocess.TimeoutExpired:
                receiver.kill()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(10.0)

    @property
    def store(self) -> Store:
        """Where it goes."""
        assert self._store is not None  # noqa: S101  it was started
        return self._store

    def _receive(self) -> None:
        pause = SHORTEST_PAUSE
        while not self._stopping.is_set():
            began = clock.monotonic()
            try:
                self._demand_slot()
                said = self._run_receiver()
                if _GAP in said:
                    self._begin_anew()
            except (psycopg.Error, OSError) as failure:
                said = str(failure).strip()
            if self._stopping.is_set():
                return
            pause = SHORTEST_PAUSE if clock.monotonic() - began > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
            logger.error("The receiver of the database's log ended; it is started again in %.1f s: %s", pause, said)
            self._stopping.wait(pause)

    def _demand_slot(self) -> None:
        """Have the server keep what the receiver has not got, unless that is too much: then it is given up."""
        with psycopg.connect(self._reached.conninfo, autocommit=True, connect_timeout=10) as connection:
            row = connection.execute(_SLOT, [RECEIVER]).fetchone()
            if row == ("lost",):
                logger.error("The second place was away for too long: the server has not kept all of the log for it")
                connection.execute(_DROP, [RECEIVER])
            if row is None or row == ("lost",):
                connection.execute("SELECT pg_create_physical_replication_slot(%s, true)", [RECEIVER])

    def _begin_anew(self) -> None:
        """Go on after a gap: neither where the second place ends nor where the slot stands is there any more log."""
        logger.error("The log of the second place has a gap: it begins anew, with a base copy")
        self.store.set_aside()
        with psycopg.connect(self._reached.conninfo, autocommit=True, connect_timeout=10) as connection:
            connection.execute(_DROP, [RECEIVER])

    def _run_receiver(self) -> str:
        """Receive until the server or the receiver ends; return the last words."""
        command: list[str | Path] = [postgres_bin("pg_receivewal"), "--directory", self.store.wal, "--slot", RECEIVER]
        command += ["--synchronous", "--no-loop", "--no-password", "--dbname", self._reached.named()]
        with tempfile.TemporaryFile() as output:
            self._receiver = launch(
                command, account=own_account(), folder=self.store.wal, output=output, farewell=signal.SIGINT
            )
            self._receiver.wait()
            output.seek(0)
            return output.read().decode(errors="replace").strip().replace("\n", " | ")

    def _look(self) -> None:
        """Write down, again and again, until when everything has been received."""
        told = clock.monotonic()
        while not self._stopping.is_set():
            try:
                with psycopg.connect(self._reached.conninfo, autocommit=True, connect_timeout=10) as connection:
                    while not self._stopping.wait(LOOK if self._is_level.is_set() else 0.05):
                        moment = clock.now()
                        if connection.execute(_IS_LEVEL, [RECEIVER]).fetchone() == (True,):
                            self.store.cover(moment)
                            self._is_level.set()
                            told = clock.monotonic()
                        elif clock.monotonic() - told > self._settings.alarm_seconds:
                            logger.error("The second place is behind since %s", self.store.covered())
                            told = clock.monotonic()
            except (psycopg.Error, OSError) as failure:
                logger.warning("Nobody knows how far the second place is: %s", str(failure).strip())
                self._stopping.wait(LOOK)

    def _copy(self) -> None:
        """Take a base copy whenever one is due, and let go of what is too old."""
        while not self._stopping.is_set():
            pause = LOOK
            try:
                self._copy_when_due()
            except (OSError, EmbeddedDatabaseError) as failure:
                if self._stopping.is_set():
                    return
                logger.error("A base copy of the database failed: %s", failure)  # noqa: TRY400  one sentence says it
                pause = AGAIN
            self._stopping.wait(pause)

    def _copy_when_due(self) -> None:
        if not self._is_due():
            return
        # Before it, too: a disk that is full of what may go takes no copy.
        self._prune()
        if self._is_level.is_set():
            copy_base(self.store, self._reached.conninfo)
            self._prune()

    def _prune(self) -> None:
        self.store.prune(clock.now() - timedelta(days=self._settings.days))

    def _is_due(self) -> bool:
        bases = [base for base in self.store.bases() if base.ended_at <= clock.now()]
        age = timedelta(hours=self._settings.base_hours)
        return not bases or clock.now() - bases[-1].ended_at > age or self.store.has_gap_after(bases[-1])
