"""Keeps the server running for as long as the program wants it, and no longer."""

import logging
import os
import signal
import tempfile
import threading
from pathlib import Path

from mainstay import clock
from mainstay.db.embedded.account import Account
from mainstay.db.embedded.cluster import Cluster
from mainstay.db.embedded.errors import EmbeddedDatabaseError
from mainstay.db.embedded.processes import has_ended, launch, read_own, send

logger = logging.getLogger(__name__)

# Seconds between two attempts to bring a server back that ended unasked; doubled each time, until it stayed a while.
SHORTEST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STAYED = 60.0


class Keeper:
    """Runs the server of a prepared cluster from a thread of its own, and again when it ends unasked.

    The thread lives as long as the server: the kernel ends the server when the thread that started it ends, and that
    must happen with the program, not with whichever thread called `start`.
    """

    def __init__(self, cluster: Cluster, account: Account, programs: Path) -> None:
        self._cluster = cluster
        self._account = account
        self._command: list[str | Path] = [programs / "postgres", "-D", cluster.address(account)]
        self._guard = threading.Lock()
        self._stopping = threading.Event()
        self._was_ready = threading.Event()
        self._ended = threading.Event()
        self._handle: int | None = None
        self._pid = 0
        self._reason = ""
        self._thread = threading.Thread(target=self._run, name="embedded-postgres", daemon=True)

    def start(self, patience: float) -> None:
        """Start the server and return when it accepts connections.

        Raises EmbeddedDatabaseError with the server's last words when it ends, or is not ready after `patience`
        seconds (recovery after a kill is part of them).
        """
        self._thread.start()
        deadline = clock.monotonic() + patience
        while not self._accepts():
            if self._ended.wait(0.01):
                raise EmbeddedDatabaseError(f"PostgreSQL did not start in {self._cluster.base}: {self._reason}")
            if clock.monotonic() > deadline:
                raise EmbeddedDatabaseError(
                    f"PostgreSQL was not ready after {patience:.0f} s in {self._cluster.base}, whose log ends with: "
                    f"{' | '.join(self._cluster.log_tail())}"
                )
        self._was_ready.set()

    def stop(self, patience: float) -> None:
        """End the server: orderly within `patience` seconds, else at once, else by force; each step is logged."""
        with self._guard:
            self._stopping.set()
            handle = None if self._handle is None else os.dup(self._handle)
        if handle is not None:
            try:
                _end(handle, patience)
            finally:
                os.close(handle)
        # A process that waits for a broken disk cannot be killed: the program must be able to end all the same.
        self._thread.join(10.0)

    def _run(self) -> None:
        pause = SHORTEST_PAUSE
        try:
            while not self._stopping.is_set():
                began = clock.monotonic()
                code = self._run_once()
                if self._stopping.is_set() or not self._was_ready.is_set():
                    return
                pause = SHORTEST_PAUSE if clock.monotonic() - began > STAYED else min(pause * 2, LONGEST_PAUSE)
                logger.error("PostgreSQL ended unasked with %d; it is started again in %.1f s", code, pause)
                self._stopping.wait(pause)
        except OSError as failure:
            self._reason = str(failure)
            logger.exception("PostgreSQL cannot be run")
        finally:
            self._ended.set()

    def _run_once(self) -> int:
        """Run the server until it ends and return its exit code."""
        self._cluster.clear_remains()
        with tempfile.TemporaryFile() as output:
            with self._guard:
                if self._stopping.is_set():
                    return 0
                process = launch(
                    self._command,
                    account=self._account,
                    folder=self._cluster.path,
                    output=output,
                    farewell=signal.SIGINT,
                )
                self._handle, self._pid = os.pidfd_open(process.pid), process.pid
            code = process.wait()
            with self._guard:
                os.close(self._handle)
                self._handle = None
            # Also the process that writes the log: what it was told last is in the file when it has ended.
            self._cluster.clear_remains()
            output.seek(0)
            self._reason = self._explain(output.read().decode(errors="replace"))
        return code

    def _explain(self, said: str) -> str:
        """Return why the server ended: from its log once it had opened that, else from what it `said` before."""
        lines = self._cluster.log_tail() if "redirecting log output" in said else said.splitlines()[-5:]
        return " | ".join(line.strip() for line in lines) or "it said nothing"

    def _accepts(self) -> bool:
        """Whether the server has said so in the eighth line of its pid file (pg_ctl waits for the same)."""
        lines = read_own(self._cluster.path / "postmaster.pid").splitlines()
        return len(lines) > 7 and lines[0] == str(self._pid) and lines[7].strip() == "ready"


def _end(handle: int, patience: float) -> None:
    for number, seconds in ((signal.SIGINT, patience), (signal.SIGQUIT, min(patience, 10.0)), (signal.SIGKILL, 10.0)):
        send(handle, number)
        if has_ended(handle, seconds):
            return
        logger.warning("PostgreSQL did not stop within %.0f s of %s", seconds, number.name)
