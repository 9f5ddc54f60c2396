"""HAProxy with the configuration that is shipped, for the tests that try it out."""

import ssl
import subprocess

import httpx2

from mainstay import clock

PATIENCE = 20.0


def wait_until_healthy(process: "subprocess.Popen[bytes]", port: int, context: ssl.SSLContext) -> None:
    """Return when the proxy lets ask the program for its health; raises AssertionError when it does not."""
    deadline = clock.monotonic() + PATIENCE
    with httpx2.Client(verify=context, trust_env=False, timeout=5) as client:
        while clock.monotonic() < deadline:
            assert process.poll() is None, "HAProxy ended"
            try:
                if client.get(f"https://localhost:{port}/health/ready").status_code == 200:
                    return
            except httpx2.TransportError:
                continue
    raise AssertionError("HAProxy did not find the program.")
