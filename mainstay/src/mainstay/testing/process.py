"""The program as people run it: `serve` in a process of its own, on a data folder of its own, killed when wanted."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import orjson
import psycopg

from mainstay.db.embedded import EmbeddedPostgres
from mainstay.testing.client import Client
from mainstay.testing.clusters import lay
from mainstay.testing.database import plain
from mainstay.testing.limits import allowances

PATIENCE = 60.0
OWNER_EMAIL = "owner@shop.example"
LINK = re.compile(r"/setup#([\w-]+)")


class ProgramProcess:
    """A running program. It keeps its port and its data folder over `kill`, `stop` and `start`.

    In a run of tests its embedded database begins as a copy of one with all migrations, for which a first start takes
    a third of its work. A test that is about a first start sets `from_nothing` before it.
    """

    def __init__(self, package: str, folder: Path, *arguments: str, **environment: str) -> None:
        self.package = package
        self.folder = folder
        self.data_dir = folder / "data"
        self.from_nothing = False
        self._arguments = arguments
        self._environment = environment
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._owner_password: str | None = None
        self._database_url: str | None = None

    # -- running -------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the program and return when it is ready; raises AssertionError with its output when it is not."""
        assert self._process is None, "it is running"
        if not self.from_nothing and self._given_url is None:
            lay(self.package, self.data_dir)
        command = [sys.executable, "-m", self.package, "serve", "--port", str(self._port), *self._arguments]
        with self.log_path.open("ab") as log, self.notes_path.open("ab") as notes:
            begin = notes.tell()
            self._process = subprocess.Popen(  # noqa: S603  the program under test
                command, env=self._variables(), stdin=subprocess.DEVNULL, stdout=log, stderr=notes
            )
        self._wait_until_ready(begin)

    def kill(self) -> None:
        """End the program as a power cut does (SIGKILL), and return when it is gone."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Ask the program to stop (SIGTERM), and return its exit code."""
        return self._end(signal.SIGTERM)

    def restart(self) -> None:
        """Stop and start."""
        self.stop()
        self.start()

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process id of the program's first process."""
        assert self._process is not None, "it is not running"
        return self._process.pid

    def _variables(self) -> Mapping[str, str]:
        # Programs of the tests are found where pytest finds them.
        own = {
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            f"{self.package}_DATA_DIR".upper(): str(self.data_dir),
        }
        return {**allowances(self.package), **os.environ, **own, **self._environment}

    def _wait_until_ready(self, begin: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while not (self._find_port(begin) and self.is_ready()):
            if not self.is_running or time.monotonic() > deadline:
                code = self._process.poll() if self._process else None
                self.kill()
                raise AssertionError(
                    f"The program did not get ready (exit code {code}).\n{self.notes()}\n{self._tail()}"
                )
            time.sleep(0.02)

    def _find_port(self, begin: int) -> bool:
        """Read the port from what the operator is told when the program is ready."""
        told = re.search(rb"https?://[^\s/]*:(\d+)", self.notes_path.read_bytes()[begin:])
        if told is not None:
            self._port = int(told[1])
        return told is not None

    def is_ready(self) -> bool:
        """Ask the program whether it is ready."""
        connection = HTTPConnection("127.0.0.1", self._port, timeout=5)
        # It does not listen (yet), or ends in the middle of the answer: it is not ready.
        with closing(connection), suppress(OSError, HTTPException):
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == 200
        return False

    def _end(self, number: signal.Signals) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        process.send_signal(number)
        try:
            return process.wait(PATIENCE)
        finally:
            process.kill()
            process.wait()

    # -- asking --------------------------------------------------------------------------------------------------------

    @property
    def address(self) -> str:
        """The address that people open."""
        return f"http://localhost:{self._port}"

    @asynccontextmanager
    async def client(self) -> AsyncIterator[Client]:
        """A browser of its own, not signed in."""
        async with Client(self.address, timeout=30.0) as client:
            yield client

    @asynccontextmanager
    async def owner(self) -> AsyncIterator[Client]:
        """A browser in which the owner has signed in; the first one becomes the owner by the printed link."""
        async with self.client() as client:
            if self._owner_password is None:
                # Not one made at random: now and then the list of stolen ones, which is a filter, takes it for its own.
                password = "four slow yellow boats"  # noqa: S105  of tests  # pragma: allowlist secret
                body = {"token": self.owner_token(), "name": "Olga", "email": OWNER_EMAIL, "password": password}
                client.adopt(await client.post("/api/v1/identity/invitations/accept", json=body))
                self._owner_password = password
            else:
                await client.sign_in(OWNER_EMAIL, self._owner_password)
            yield client

    def owner_token(self) -> str:
        """Return the token of the newest link for the first owner that was printed."""
        found = LINK.findall(self.notes())
        assert found, f"no link was printed:\n{self.notes()}"
        return str(found[-1])

    def ask(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of one statement, run beside the program on its database, and committed."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            cursor = connection.execute(sql.encode(), values)
            return cursor.fetchall() if cursor.description else []

    @property
    def database_url(self) -> str:
        """The address of the program's database: the one it was given, or the embedded one."""
        return plain(self._given_url or EmbeddedPostgres(self.data_dir, database=self.package).dsn)

    @property
    def _given_url(self) -> str | None:
        return self._variables().get(f"{self.package}_DATABASE_URL".upper())

    # -- reading -------------------------------------------------------------------------------------------------------

    @property
    def log_path(self) -> Path:
        """What the program wrote on standard output, over all starts."""
        return self.folder / "stdout"

    @property
    def notes_path(self) -> Path:
        """What the program wrote on standard error, over all starts."""
        return self.folder / "stderr"

    def notes(self) -> str:
        """Return what the operator was told."""
        return self.notes_path.read_text()

    def log(self) -> list[dict[str, Any]]:
        """Return the log's lines; raises orjson.JSONDecodeError when one is not JSON."""
        return [orjson.loads(line) for line in self.log_path.read_bytes().splitlines()]

    def _tail(self) -> str:
        return self.log_path.read_text(errors="replace")[-4000:]


def make_folder() -> Path:
    """Return a fresh folder that the database's account can pass through, which pytest's own folders do not allow."""
    folder = Path(tempfile.mkdtemp(prefix="mainstay-program-"))
    folder.chmod(0o711)
    return folder
