"""A real program in processes of its own, as an operator starts it: for tests through the front door."""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

from mainstay import clock, ids
from mainstay.testing.limits import allowances

# Where this file and the programs are.
PROGRAMS = Path(__file__).parent
START_SECONDS = 90.0
STOP_SECONDS = 60.0


class ServedProgram:
    """`python -m <package> serve` with its data in `folder`, on a port that is free."""

    def __init__(self, package: str, folder: Path, *options: str, environment: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self._command = (sys.executable, "-m", package, "serve", "--port", "0", "--data-dir", str(folder), *options)
        self._environment = {**allowances(package), **os.environ, **(environment or {})}
        # A folder may see several programs, one after the other or refused.
        run = f"{folder.name}-{ids.new_id()}"
        self._out, self._errors = folder.with_name(f"{run}.out"), folder.with_name(f"{run}.err")
        self._process: asyncio.subprocess.Process | None = None
        self._family: list[psutil.Process] = []
        self._screen: int | None = None

    async def begin(self, *, at_terminal: bool = False) -> "ServedProgram":
        """Start it, with a terminal or a file for its standard output, and do not wait."""
        screen, out = os.openpty() if at_terminal else (None, os.open(self._out, os.O_WRONLY | os.O_CREAT))
        with self._errors.open("wb") as errors:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=errors, env=self._environment
            )
        os.close(out)
        self._screen = screen
        return self

    async def start(self) -> "ServedProgram":
        """Start it and wait until it says that it is ready; raises AssertionError when it does not."""
        await self.begin()
        return await self.ready()

    async def ready(self) -> "ServedProgram":
        """Wait until it says that it is ready; raises AssertionError when it ends or takes too long."""
        deadline = clock.monotonic() + START_SECONDS
        while "Stop with" not in self.errors:
            assert self._running.returncode is None, f"It ended: {self.errors}"
            assert clock.monotonic() < deadline, f"It was not ready in time: {self.errors} {self.out[-2000:]}"
            await asyncio.sleep(0.02)
        self._family = psutil.Process(self._running.pid).children(recursive=True)
        return self

    @property
    def address(self) -> str:
        """The address that it printed, such as `http://localhost:40123`."""
        found = re.search(r"Open +(\S+)", self.errors)
        assert found is not None, self.errors
        return found[1]

    @property
    def port(self) -> int:
        """The port that it took."""
        return int(self.address.rpartition(":")[2])

    @property
    def out(self) -> str:
        """Its log: standard output, or at a terminal the files in its data folder, one after the other."""
        files = [self._out] if self._screen is None else sorted((self.folder / "log").glob("*.log"))
        return "".join(file.read_text() for file in files)

    @property
    def errors(self) -> str:
        """What it has written to standard error: for people."""
        return self._errors.read_text()

    @property
    def log(self) -> list[dict[str, Any]]:
        """The lines of its log."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def pid(self) -> int:
        """The number of the parent process."""
        return self._running.pid

    def child(self, name: str) -> psutil.Process:
        """Return the child process with this role, such as `api` or `worker`, or the database server."""
        for process in psutil.Process(self.pid).children():
            if process.cmdline()[-1] == name or (name == "postgres" and process.name() == name):
                return process
        raise AssertionError(f"There is no process {name}.")

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal, wait for the end and return the exit code."""
        self._running.send_signal(number)
        return await self.wait()

    async def wait(self) -> int:
        """Return the exit code when it has ended by itself."""
        return await asyncio.wait_for(self._running.wait(), STOP_SECONDS)

    async def kill(self) -> None:
        """Kill the parent as `kill -9` does, and wait until its whole family is gone."""
        self._family = psutil.Process(self.pid).children(recursive=True)
        self._running.kill()
        await self._running.wait()
        await asyncio.to_thread(self.assert_nobody_is_left)

    def assert_nobody_is_left(self) -> None:
        """Fail when a process of it lives on; the database may take seconds to close its files."""
        _, alive = psutil.wait_procs(self._family, timeout=20)
        assert not alive, f"These live on: {alive}"

    async def end(self) -> None:
        """End it by force if it still runs: for the end of a test that failed."""
        if self._screen is not None:
            os.close(self._screen)
        if self._process is not None and self._process.returncode is None:
            await self.kill()

    @property
    def _running(self) -> asyncio.subprocess.Process:
        assert self._process is not None, "It was not started."
        return self._process
