"""The bare framework's server: granian with one worker on one core, as the API runs, with nothing switched on."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import psutil

from benchmarks.shop import free_port

START_SECONDS = 30


@contextmanager
def running_hello(core: int) -> Iterator[tuple[str, list[psutil.Process]]]:
    """Run the server alone on a core; yield its address and its processes."""
    port = free_port()
    granian = Path(sys.executable).parent / "granian"
    command = ["taskset", "-c", str(core), str(granian), "--interface", "asgi", "--workers", "1", "--loop", "uvloop"]
    command += ["--port", str(port), "--no-ws", "--log-level", "warning", "benchmarks.hello:app"]
    server = subprocess.Popen(command)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(f"{address}/hello", server)
        parent = psutil.Process(server.pid)
        yield address, [parent, *parent.children(recursive=True)]
    finally:
        server.terminate()
        server.wait(10)


def _wait(url: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            httpx2.get(url, timeout=5).raise_for_status()
        except httpx2.TransportError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the bare framework's server did not start")
