"""The pytest plugin: prepares the run, closes the network, and brings the fixtures.

It imports little, so that what it brings is loaded after coverage has started to measure.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from mainstay.bootstrap.collecting import keep_what_is_loaded, load_without_collecting

FOLDER_PREFIX = "mainstay-tests-"
PARTS = (
    "network",
    "logs",
    "server",
    "clusters",
    "fixtures",
    "clients",
    "processes",
    "mail",
    "receiver",
    "fuzz.fixtures",
)
RUN_FOLDER = pytest.StashKey[Path]()
# The system's folder in memory, and how many bytes must be free there; a run needs less than one gigabyte.
MEMORY = Path("/dev/shm")  # noqa: S108  a fresh folder of our own is made below it
ROOM = 4 * 2**30


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Put the garbage collector off while programs and tests are loaded: half of that time it looks in vain."""
    load_without_collecting()


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Have it look from now on at what tests make, and never at the million objects that stay."""
    keep_what_is_loaded()


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Make warnings errors, close the network and give all processes of the run one folder."""
    config.addinivalue_line(
        "markers", "practice(*numbers): the rows of the practice list that this test proves on the running program"
    )
    config.getini("filterwarnings").insert(0, "error")
    worker_input: dict[str, str] | None = getattr(config, "workerinput", None)
    folder = Path(worker_input["mainstay_run"] if worker_input else mkdtemp(prefix=FOLDER_PREFIX, dir=place_of_run()))
    config.stash[RUN_FOLDER] = folder
    if worker_input is None:
        _remove_left_behind(folder.parent)
        # The database server's account is another one than root's: it must reach its own folder inside this one.
        folder.chmod(0o711)
        (folder / "controller").write_text(str(os.getpid()))
        if config.pluginmanager.hasplugin("xdist"):
            config.pluginmanager.register(_Distribution(folder), "mainstay-distribution")
    for name in PARTS:
        config.pluginmanager.import_plugin(f"mainstay.testing.{name}")


def place_of_run() -> Path | None:
    """Return where the run's folder is made: in memory if there is room, unless `TMPDIR` says where; None is usual.

    A database is a thousand small files, which tests make and drop hundreds of times: most of what that costs is the
    disk's share, and nothing of it has to outlive the run.
    """
    if "TMPDIR" in os.environ or not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM:
        return None
    return MEMORY


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the run's folder, whatever happened before."""
    folder = config.stash.get(RUN_FOLDER, None)
    if folder is not None and not hasattr(config, "workerinput"):
        shutil.rmtree(folder, ignore_errors=True)


def _remove_left_behind(parent: Path) -> None:
    """Remove the folders of runs that were killed; their servers ended with them."""
    for note in parent.glob(f"{FOLDER_PREFIX}*/controller"):
        # Another run may be removing it too.
        with suppress(FileNotFoundError, ValueError):
            if not Path("/proc", str(int(note.read_text()))).exists():
                shutil.rmtree(note.parent, ignore_errors=True)


class _Distribution:
    """Tells each xdist worker the folder of the run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def pytest_configure_node(self, node: Any) -> None:  # noqa: ANN401  xdist's own untyped node
        """Add the folder to what the worker receives."""
        node.workerinput["mainstay_run"] = str(self._folder)
