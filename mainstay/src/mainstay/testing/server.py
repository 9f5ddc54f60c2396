"""The one database server of a test run: started by whoever needs it first, ended with the run.

Run as a program it holds the server: `python -m mainstay.testing.server <run folder>`. A process of its own, because
the embedded server ends with the thread that started it, and an xdist worker may end before the others.
"""

import fcntl
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from mainstay.db.embedded import EmbeddedPostgres
from mainstay.testing.plugin import RUN_FOLDER

# For tests in this process alone: nothing of theirs has to survive a power cut.
# Autovacuum would now and then be at work in a database that a test drops, which an ordinary role may not interrupt.
FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum = off")
PATIENCE = 60.0


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def server_url(folder: Path) -> str:
    """Return the address of the run's server, which is started when this is the first to ask.

    `TEST_DATABASE_URL` names another server instead. Raises RuntimeError when the server does not start.
    """
    external = os.environ.get("TEST_DATABASE_URL")
    if external:
        return external
    with _locked(folder):
        if not (folder / "server").exists():
            _start_holder(folder)
    return (folder / "url").read_text()


def _start_holder(folder: Path) -> None:
    with (folder / "server.log").open("wb") as log:
        holder = subprocess.Popen(  # noqa: S603  this very module
            [sys.executable, "-m", __name__, str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    deadline = time.monotonic() + PATIENCE
    while not (folder / "url").exists():
        if holder.poll() is not None or time.monotonic() > deadline:
            holder.kill()
            raise RuntimeError(f"The test database did not start: {(folder / 'server.log').read_text()}")
        time.sleep(0.02)
    (folder / "server").write_text(str(holder.pid))
    # It outlives this process on purpose; `pytest_unconfigure` of the controller ends it.
    holder.returncode = 0


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the run's server with the run, and wait until it is gone."""
    if not hasattr(config, "workerinput"):
        end_server(config.stash[RUN_FOLDER])


def end_server(folder: Path) -> None:
    """End the server that `server_url` started for `folder`, if it did, and wait until it is gone."""
    if not (folder / "server").exists():
        return
    with suppress(ProcessLookupError):  # it has ended by itself
        handle = os.pidfd_open(int((folder / "server").read_text()))
        signal.pidfd_send_signal(handle, signal.SIGTERM)
        select.select([handle], [], [], PATIENCE)
        os.close(handle)


def hold(folder: Path) -> None:
    """Start the server, write its address, and hold it until this process or the run's controller ends."""
    controller = os.pidfd_open(int((folder / "controller").read_text()))
    told, tell = os.pipe()
    signal.signal(signal.SIGTERM, lambda *_: os.close(tell))
    with EmbeddedPostgres(folder / "data", database="tests") as server:
        with psycopg.connect(server.conninfo(role="postgres", database="postgres"), autocommit=True) as connection:
            for setting in FAST:
                connection.execute(f"ALTER SYSTEM SET {setting}".encode())
            connection.execute("SELECT pg_reload_conf()")
        fresh = folder / "url.new"
        fresh.write_text(server.dsn)
        fresh.rename(folder / "url")
        select.select([controller, told], [], [])


if __name__ == "__main__":
    hold(Path(sys.argv[1]))
