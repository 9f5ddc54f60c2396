"""A real clamd with signatures of its own, which knows the test virus and one more, and the programs that ask it."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI

from mainstay.modules.files.settings import FileSettings
from mainstay.settings import Configuration
from mainstay.work import WorkOpener
from tools.scanner import LIBRARIES, SCANNER, need_scanner

# What every scanner takes for a virus (eicar.org), put together so that none takes this file for it.
VIRUS = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
# No scanner but ours knows it.
MARKER = b"The scanner of these tests is to find this sentence."
VIRUS_NAME, MARKER_NAME = "Test.Eicar.UNOFFICIAL", "Test.Marker.UNOFFICIAL"
# Megabytes that it takes at once.
LARGEST_MB = 110
_CONFIGURATION = """
LocalSocket {folder}/clamd.sock
DatabaseDirectory {folder}/signatures
Foreground yes
StreamMaxLength {largest}M
AlertExceedsMax yes
"""
_START_SECONDS = 60


class ScannerServer:
    """A running clamd."""

    def __init__(self, folder: Path, largest_mb: int) -> None:
        self.url = f"unix://{folder}/clamd.sock"
        signatures = folder / "signatures"
        signatures.mkdir()
        known = {"Test.Eicar": VIRUS, "Test.Marker": MARKER}
        (signatures / "own.ndb").write_text("".join(f"{name}:0:*:{text.hex()}\n" for name, text in known.items()))
        settings = folder / "clamd.conf"
        settings.write_text(_CONFIGURATION.format(folder=folder, largest=largest_mb))
        need_scanner()
        environment = {**os.environ, "LD_LIBRARY_PATH": str(LIBRARIES)}
        self._told = (folder / "told").open("w+")
        self._process = subprocess.Popen(
            [str(SCANNER), "-c", str(settings)], env=environment, stdout=self._told, stderr=subprocess.STDOUT
        )
        self._wait(folder / "clamd.sock")

    def _wait(self, path: Path) -> None:
        ends = time.monotonic() + _START_SECONDS
        while True:
            with socket.socket(socket.AF_UNIX) as probe:
                if probe.connect_ex(str(path)) == 0:
                    return
            self._told.seek(0)
            assert self._process.poll() is None, self._told.read()
            assert time.monotonic() < ends, self._told.read()
            time.sleep(0.02)

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Have it take what it is sent and answer nothing inside the block, as one that hangs."""
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        self._told.close()


@contextmanager
def running_scanner(largest_mb: int = LARGEST_MB) -> Iterator[ScannerServer]:
    """Run a clamd that takes so much at once; its folder's name is short, as a socket's has to be."""
    folder = Path(tempfile.mkdtemp(prefix="scan-"))
    try:
        server = ScannerServer(folder, largest_mb)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)


def ask_scanner(url: str, app: FastAPI, open_work: WorkOpener, patch: pytest.MonkeyPatch, timeout: float = 30) -> None:
    """Have a program's requests and jobs ask the scanner at `url`, for as long as the patch lasts."""
    settings = FileSettings(scanner=url, scan_timeout=timeout)
    for setup in (open_work.setup, app.state.edge.open_work.setup):
        others = [each for each in setup.settings if not isinstance(each, FileSettings)]
        patch.setattr(setup.settings, "_by_class", dict(Configuration([*others, settings])._by_class))
