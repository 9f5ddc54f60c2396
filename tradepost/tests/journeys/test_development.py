"""The web app's development server in front of a running program, as `make dev` has them."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mainstay.testing.client import Client
from mainstay.testing.process import ProgramProcess
from tools.process import WEB, environment

ADDRESS = re.compile(r"Local:.*?(http://localhost:\d+)")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@contextmanager
def development_server(port: str) -> Iterator[str]:
    """Run Vite for a program that serves on `port`; yield the address that it tells."""
    command = ("node", str(WEB / "node_modules" / "vite" / "bin" / "vite.js"), "--port", "0")
    env = {**environment(), "TRADEPOST_PORT": port}
    with subprocess.Popen(command, cwd=WEB, env=env, stdout=subprocess.PIPE, text=True) as server:
        try:
            told = (ADDRESS.search(COLOURS.sub("", line)) for line in server.stdout or ())
            address = next((found[1] for found in told if found), None)
            assert address is not None, "Vite told no address."
            yield address
        finally:
            server.terminate()


@pytest.mark.journey
async def test_people_sign_in_through_the_development_server(program_process: ProgramProcess) -> None:
    port = program_process.address.rpartition(":")[2]
    with development_server(port) as address:
        async with Client(address, timeout=30.0) as visitor:
            page = await visitor.get("/sign-in", headers={"Accept": "text/html"})
            refused = await visitor.post(
                "/api/v1/identity/session", json={"email": "nobody@shop.example", "password": "not the password"}
            )

    assert "/src/main.tsx" in page.text
    assert (refused.status_code, refused.json()["code"]) == (401, "identity.wrong_credentials")
