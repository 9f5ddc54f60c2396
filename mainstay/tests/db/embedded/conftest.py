"""What the tests of the embedded database share: data folders, programs in processes of their own, an account."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from mainstay import clock
from mainstay.db.embedded import EmbeddedPostgres
from mainstay.db.embedded.account import Account, server_account
from mainstay.db.embedded.cluster import Cluster
from mainstay.db.embedded.processes import end_processes_in, launch
from mainstay.db.embedded.programs import server_programs

NOBODY = 65534

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account may enter, unlike `tmp_path`, whose parents are closed to others."""
    with tempfile.TemporaryDirectory(prefix="mainstay-test-") as folder:
        path = Path(folder).resolve()
        path.chmod(0o755)
        yield path


@pytest.fixture(scope="session")
def made_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that was used once; to copy."""
    folder = tmp_path_factory.mktemp("made") / "data"
    with EmbeddedPostgres(folder, database="shop"):
        return folder


@pytest.fixture
def server(tmp_path: Path, made_data: Path) -> Iterator[EmbeddedPostgres]:
    """A server, not started yet, with an empty database; whatever the test leaves running is stopped."""
    shutil.copytree(made_data, tmp_path / "data")
    server = EmbeddedPostgres(tmp_path / "data", database="shop")
    yield server
    server.stop()


@pytest.fixture
def cluster(tmp_path: Path) -> Path:
    """Where `server` and programs on the same data folder keep their cluster."""
    return tmp_path / "data" / "postgres" / "cluster"


@pytest.fixture
def account() -> Account:
    """An account that a server may run as: nobody under root, else the tests' own."""
    if os.geteuid() == 0:
        return Account(NOBODY, NOBODY, is_switched=True)
    return Account(os.geteuid(), os.getegid(), is_switched=False)


@pytest.fixture
def start_program(server: EmbeddedPostgres) -> Iterator[Start]:
    """Start `program.py` on a data folder, such as that of `server`; it and its server are ended after the test."""
    with ExitStack() as stack:

        def start(folder: Path, task: str, *, prefix: tuple[str, ...] = ()) -> "subprocess.Popen[str]":
            command = [*prefix, sys.executable, str(Path(__file__).with_name("program.py")), str(folder), task]
            program = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
            stack.callback(end_processes_in, folder / "postgres" / "cluster")
            stack.enter_context(program)
            stack.callback(program.kill)
            return program

        yield start


@pytest.fixture
def start_orphan() -> Iterator[Callable[[Path], "subprocess.Popen[bytes]"]]:
    """Start a server in a cluster behind the program's back, as if an earlier program had left it."""
    with ExitStack() as stack:

        def start(cluster: Path) -> "subprocess.Popen[bytes]":
            account = server_account(cluster)
            nothing = stack.enter_context(Path(os.devnull).open("wb"))
            command = [str(server_programs(account) / "postgres"), "-D", Cluster(cluster.parents[1]).address(account)]
            orphan = launch(command, account=account, folder=cluster, output=nothing, farewell=signal.SIGKILL)
            stack.callback(orphan.wait)
            stack.callback(orphan.kill)
            return orphan

        yield start


@pytest.fixture
def eventually() -> Callable[..., bool]:
    """Ask a question until the answer is yes or some seconds are over, and return the answer."""

    def ask(holds: Callable[[], bool], *, seconds: float = 10.0) -> bool:
        pause = threading.Event()
        deadline = clock.monotonic() + seconds
        while not holds() and clock.monotonic() < deadline:
            pause.wait(0.01)
        return holds()

    return ask


@pytest.fixture
def line_of() -> Callable[["subprocess.Popen[str]"], str]:
    """Read the next line that a program prints; fails with its complaint when it ended instead."""

    def read(program: "subprocess.Popen[str]") -> str:
        assert program.stdout is not None
        assert program.stderr is not None
        line = program.stdout.readline().strip()
        assert line, program.stderr.read()
        return line

    return read
