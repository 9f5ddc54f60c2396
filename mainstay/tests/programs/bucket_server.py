"""A real S3 server for tests (rclone), which refuses what is not signed by its key; its objects are files."""

import contextlib
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from tools.suite import BUCKETS, need_buckets

PATIENCE = 15.0
OPTIONS = ("--etag-hash", "", "--config", "")
# Made before the server starts, which keeps in mind what folders it has.
BUCKETS_READY = 150
KEY_ID = "AKIDOFTESTS"
KEY = "the-key-of-the-bucket-of-tests"  # pragma: allowlist secret


class BucketServer:
    """A server on a port of this machine; its buckets are folders in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._names = (f"shop-{number}" for number in range(BUCKETS_READY))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]

    @property
    def endpoint(self) -> str:
        """The address of the service."""
        return f"http://127.0.0.1:{self._port}"

    def bucket(self) -> str:
        """Return the name of a bucket that nobody uses."""
        return next(self._names)

    def url(self, prefix: str = "") -> str:
        """Return the setting that names a folder of a bucket that nobody uses."""
        return f"s3://{self.bucket()}/{prefix}?endpoint={quote(self.endpoint, safe='')}"

    def start(self) -> None:
        """Start it, and return when it takes connections."""
        for number in range(BUCKETS_READY):
            (self.folder / f"shop-{number}").mkdir(parents=True, exist_ok=True)
        address = self.endpoint.removeprefix("http://")
        options = ("--addr", address, "--auth-key", f"{KEY_ID},{KEY}", *OPTIONS)
        self._process = subprocess.Popen(
            [str(BUCKETS), "serve", "s3", *options, str(self.folder)], stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + PATIENCE
        while not self._is_there():
            assert time.monotonic() < deadline, "The S3 server did not start."
            assert self._process.poll() is None, "The S3 server ended."

    def kill(self) -> None:
        """End it as a power cut does; what it stored stays."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _is_there(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self._port), 1):
                return True
        except OSError:
            return False


@contextlib.contextmanager
def bucket_in(folder: Path) -> Iterator[BucketServer]:
    """Run an S3 server inside the block."""
    need_buckets()
    server = BucketServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()
