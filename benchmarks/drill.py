"""Loses a disk on purpose: how much of what was answered is gone (RPO), and how long until a server answers (RTO).

A database is filled, four tills sell, then server, receiver and program are killed with -9 and the data folder is
deleted; `latest` is restored from the second place, once received behind the tills' backs, once waited for. Beside the
sales a table of random text makes the size. Usage: python -m benchmarks.drill [--size MB] [--seconds S]; writes
benchmarks/results/.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

import psycopg

from mainstay import clock
from mainstay.db.backup.moments import Trial, restore_moment, store_in
from mainstay.db.embedded import EmbeddedPostgres
from mainstay.db.embedded.processes import postmaster_pid
from mainstay.testing.process import make_folder
from tools.process import ROOT

RESULTS = Path(__file__).parent / "results"
TILLS = 4
# Bounds of issue 5, in seconds: what may be gone without waiting for the second place, and until a server answers.
MOST_GONE, LONGEST = 5.0, 60.0
PROGRAM = """
import sys
from pathlib import Path
from mainstay.db.embedded import EmbeddedPostgres
from mainstay.db.embedded.settings import RecoverySettings
with EmbeddedPostgres(Path(sys.argv[1]), database="drill", recovery=RecoverySettings.load("drill")) as server:
    print(server.conninfo(), flush=True)
    sys.stdin.read()
"""
# A row of this is about a kilobyte that does not compress.
FILL = """
INSERT INTO ballast SELECT string_agg(md5(random()::text || n || m), '')
FROM generate_series(1, %s) AS n, generate_series(1, 30) AS m GROUP BY n
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a drill found: megabytes, sales that were answered, those of them that are gone, and seconds."""

    megabytes: int
    answered: int
    gone: int
    rpo: float
    rto: float

    def __str__(self) -> str:
        return (
            f"{self.megabytes} MB, {self.answered} sales answered, {self.gone} of them gone, "
            f"RPO {self.rpo:.3f} s, RTO {self.rto:.1f} s"
        )


@dataclass(slots=True)
class Selling:
    """Tills that sell until the database is gone, and the moment at which each sale was answered."""

    conninfo: str
    answered: dict[int, datetime] = field(default_factory=dict)
    threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        """Open the tills."""
        self.threads = [threading.Thread(target=self._sell, args=(till,), daemon=True) for till in range(TILLS)]
        for thread in self.threads:
            thread.start()

    def _sell(self, till: int) -> None:
        number = till
        try:
            with psycopg.connect(self.conninfo, autocommit=True) as connection:
                while True:
                    connection.execute("INSERT INTO sale VALUES (%s)", [number])
                    self.answered[number] = clock.now()
                    number += TILLS
        except psycopg.OperationalError:
            return


def drill(megabytes: int, seconds: float, *, synchronous: bool) -> Figures:
    """Fill, sell, lose and restore, and return what was measured; everything is removed afterwards."""
    place = make_folder()
    try:
        second = place / "second"
        second.mkdir()
        _fill(place / "data", megabytes)
        variables = {"DRILL_RECOVERY_FOLDER": str(second), "DRILL_RECOVERY_SYNCHRONOUS": str(synchronous)}
        program = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(place / "data")],
            env={**os.environ, **variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert program.stdout is not None  # noqa: S101  it was asked for
        selling = Selling(program.stdout.readline().strip())
        _wait(lambda: store_in(second).bases())
        selling.start()
        threading.Event().wait(seconds)
        killed = _kill(program, place)
        for thread in selling.threads:
            thread.join()
        return _restore(place, selling, killed)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _wait(is_so: Callable[[], object]) -> None:
    while not is_so():
        threading.Event().wait(0.1)


def _fill(folder: Path, megabytes: int) -> None:
    with EmbeddedPostgres(folder, database="drill") as server, psycopg.connect(server.conninfo()) as connection:
        connection.execute("CREATE TABLE sale (n bigint)")
        connection.execute("CREATE TABLE ballast (t text)")
        for done in range(0, megabytes, 64):
            connection.execute(FILL, [min(64, megabytes - done) * 1000])
            connection.commit()


def _kill(program: "subprocess.Popen[str]", place: Path) -> datetime:
    """Kill all of it at once, lose the disk, and return when."""
    mark = str(place / "second").encode()
    receivers = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and mark in _told(entry)]
    postmaster = postmaster_pid(place / "data" / "postgres" / "cluster")
    assert postmaster  # noqa: S101  it runs
    killed = clock.now()
    for pid in (*receivers, postmaster, program.pid):
        with suppress(ProcessLookupError):  # each ends when another one does
            os.kill(pid, signal.SIGKILL)
    program.communicate()
    shutil.rmtree(place / "data")
    return killed


def _told(entry: Path) -> bytes:
    try:
        return (entry / "cmdline").read_bytes()
    except OSError:
        return b""


def _restore(place: Path, selling: Selling, killed: datetime) -> Figures:
    began = clock.monotonic()
    restore_moment(store_in(place / "second"), None, place / "data", Trial("drill"))
    with EmbeddedPostgres(place / "data", database="drill") as server:
        with psycopg.connect(server.conninfo()) as connection:
            connection.execute("SELECT 1")
            rto = clock.monotonic() - began
            present = {row[0] for row in connection.execute("SELECT n FROM sale").fetchall()}
            size = connection.execute("SELECT pg_database_size(current_database()) / 1048576").fetchone()
        assert size is not None  # noqa: S101  a function is one row
    gone = {number: moment for number, moment in selling.answered.items() if number not in present}
    rpo = (killed - min(gone.values())).total_seconds() if gone else 0.0
    return Figures(int(size[0]), len(selling.answered), len(gone), max(rpo, 0.0), rto)


def main() -> int:
    """Drill both ways, and keep what was found; 1 when a bound was missed, or a sale is gone that was waited for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--size", type=int, default=2048, help="megabytes of the database")
    parser.add_argument("--seconds", type=float, default=10, help="for how long the tills sell")
    wished = parser.parse_args()
    load = os.getloadavg()
    received = drill(wished.size, wished.seconds, synchronous=False)
    print(f"received:   {received}", flush=True)
    waited = drill(wished.size, wished.seconds, synchronous=True)
    print(f"waited for: {waited}", flush=True)
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{clock.now():%Y-%m-%d}-drill.json"
    told = {"received": asdict(received), "waited for": asdict(waited), "load average": {"before": load}}
    told["load average"]["after"] = os.getloadavg()
    path.write_text(json.dumps(told, indent=2) + "\n")
    print(f"written to {path.relative_to(ROOT)}")
    is_kept = waited.gone == 0 and received.rpo <= MOST_GONE and max(received.rto, waited.rto) < LONGEST
    return 0 if is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
