"""Database clusters for programs in tests: made and migrated once in a run for each program, and copied for others.

A copy holds what the migrations make and nothing else. What a first start writes besides, each program still writes
itself: its rights, its secrets, the link for its owner.
"""

import fcntl
import os
import shutil
from pathlib import Path

import pytest

from mainstay.bootstrap.loading import load_program
from mainstay.db import migrate
from mainstay.db.embedded import EmbeddedPostgres
from mainstay.db.embedded.cluster import Cluster
from mainstay.testing.plugin import RUN_FOLDER

# Where the run keeps its clusters; the plugin says so. Outside of tests each program makes its own.
FOLDER = "MAINSTAY_TEST_CLUSTERS"


def pytest_configure(config: pytest.Config) -> None:
    """Tell every process of the run, also those that tests start, where the clusters are."""
    os.environ[FOLDER] = str(config.stash[RUN_FOLDER] / "clusters")


def lay(package: str, data_dir: Path) -> None:
    """Put a migrated cluster for the program in `package` into `data_dir`, unless there is one or this is no test."""
    cluster = Cluster(data_dir)
    kept = os.environ.get(FOLDER)
    if kept is None or cluster.base.exists():
        return
    source = _made(package, Path(kept))
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    cluster.base.mkdir()
    # The server's own step gives it to the account that it runs as.
    shutil.copytree(source, cluster.path)


def _made(package: str, folder: Path) -> Path:
    """Return the run's cluster of `package`; who asks first makes it, and the other processes wait for that."""
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    finished = folder / package
    with (folder / f"{package}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not finished.exists():
            fresh = folder / f"{package}.new"
            shutil.rmtree(fresh, ignore_errors=True)
            with EmbeddedPostgres(fresh, database=package) as server:
                migrate.upgrade(server.dsn, load_program(package).migrations)
            fresh.rename(finished)
    return Cluster(finished).path
