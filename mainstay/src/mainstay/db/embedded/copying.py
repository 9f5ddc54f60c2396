"""Copies a running server's cluster into the second place: beside, looked at, and under its name only then."""

import shutil
import signal
import tempfile
from pathlib import Path

from mainstay import clock
from mainstay.db.embedded.account import own_account
from mainstay.db.embedded.errors import EmbeddedDatabaseError
from mainstay.db.embedded.processes import launch
from mainstay.db.embedded.programs import postgres_bin
from mainstay.db.embedded.store import NAME, Base, Store, base_of


def copy_base(store: Store, conninfo: str) -> Base:
    """Copy the cluster of the server at `conninfo`. Blocks; raises EmbeddedDatabaseError and OSError.

    The calling thread must live as long: what it started ends with it.
    """
    name = clock.now().strftime(NAME)
    for left in store.base.glob(".*"):
        shutil.rmtree(left, ignore_errors=True)
    fresh = store.base / f".{name}"
    fresh.mkdir(mode=0o700)
    try:
        # Its log comes by the receiver.
        options = ["--wal-method=none", "--checkpoint=fast", "--no-password", f"--dbname={conninfo}"]
        _run([postgres_bin("pg_basebackup"), f"--pgdata={fresh}", *options], fresh)
        ended_at = clock.now()
        verify_base(fresh)
        base = base_of(fresh, name, ended_at)
        fresh.rename(store.base / name)
        store.keep(base)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return base


def verify_base(path: Path) -> None:
    """Compare every file with what was written down when it was copied. Raises EmbeddedDatabaseError."""
    _run([postgres_bin("pg_verifybackup"), "--no-parse-wal", "--quiet", path], path)


def _run(command: list[str | Path], folder: Path) -> None:
    with tempfile.TemporaryFile() as output:
        code = launch(command, account=own_account(), folder=folder, output=output, farewell=signal.SIGINT).wait()
        output.seek(0)
        said = output.read().decode(errors="replace").strip().splitlines()
    if code != 0:
        reason = next((line for line in said if "error:" in line), " | ".join(said[-3:]))
        raise EmbeddedDatabaseError(f"{Path(command[0]).name} failed in {folder}: {reason}")
