"""A certificate is checked before it is served, and another one is taken up while the server runs."""

import asyncio
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mainstay.bootstrap.certificate import CertificateFiles, TlsSettings
from mainstay.bootstrap.lan.keeper import Keeper
from mainstay.bootstrap.lan.names import Names
from mainstay.errors import ConfigurationError

Until = Callable[..., Awaitable[Any]]

PROGRAM = """
import socket, sys
from pathlib import Path
import uvloop
from mainstay.bootstrap.certificate import CertificateFiles
from mainstay.bootstrap.server import Manner, serve
from mainstay.observe.logs import configure_logging

configure_logging("info")

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        for _ in range(2):
            message = await receive()
            print(message["type"], flush=True)
            await send({"type": message["type"] + ".complete"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": scope["scheme"].encode()})

file = Path(sys.argv[2])
uvloop.run(serve(app, socket.socket(fileno=int(sys.argv[1])), Manner(5, CertificateFiles(file, file))))
"""


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    keeper = Keeper(tmp_path, "Server", Names)
    keeper.keep()
    return keeper


class Server:
    """A bare application over HTTPS, in a process of its own."""

    def __init__(self, keeper: Keeper, process: "subprocess.Popen[str]", port: int) -> None:
        self.file, self.process, self._port = keeper.server_file, process, port
        self._context = ssl.create_default_context(cafile=keeper.folder / "authority.crt")

    async def knock(self) -> socket.socket:
        """Connect and say nothing."""
        knocking = socket.socket()
        knocking.setblocking(False)
        await asyncio.get_running_loop().sock_connect(knocking, ("127.0.0.1", self._port))
        return knocking

    async def serial(self, connected: socket.socket | None = None) -> str:
        """Return the number of the certificate that a new connection sees, after a request over it."""
        reader, writer = await asyncio.open_connection(
            sock=connected or await self.knock(), ssl=self._context, server_hostname="localhost"
        )
        serial: str = writer.get_extra_info("peercert")["serialNumber"]
        writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert (await reader.read()).endswith(b"https")
        writer.close()
        return serial


@pytest.fixture
def server(keeper: Keeper) -> Iterator[Server]:

    with socket.create_server(("127.0.0.1", 0)) as listener:
        command = [sys.executable, "-c", PROGRAM, str(listener.fileno()), str(keeper.server_file)]
        process = subprocess.Popen(command, pass_fds=[listener.fileno()], stdout=subprocess.PIPE, text=True)
        port = listener.getsockname()[1]
    yield Server(keeper, process, port)
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


async def test_another_certificate_is_taken_up_and_the_application_lives_on(
    server: Server, keeper: Keeper, until: Until
) -> None:
    """Half a certificate is not: the old one is kept, and nobody is turned away."""
    first = await server.serial()
    server.file.write_text("half")
    assert await server.serial() == first
    server.file.unlink()
    keeper.keep()

    async def is_exchanged() -> bool:
        return await server.serial() != first

    await until(is_exchanged)
    server.process.terminate()
    said, _ = await asyncio.to_thread(server.process.communicate)
    assert server.process.returncode == 0
    lifespan = [line for line in said.splitlines() if line.startswith("lifespan")]
    assert lifespan == ["lifespan.startup", "lifespan.shutdown"]
    assert '"event":"the certificate was exchanged"' in said


async def test_whoever_shakes_hands_while_the_certificate_is_exchanged_is_served(
    server: Server, keeper: Keeper, until: Until
) -> None:
    early = await server.knock()
    first = await server.serial()  # the queue is served in order, so the early one has been accepted
    server.file.unlink()
    keeper.keep()

    async def is_exchanged() -> bool:
        return await server.serial() != first

    await until(is_exchanged)
    newcomers = {await server.serial() for _ in range(100)}
    assert len(newcomers) == 1
    assert first not in newcomers
    assert await server.serial(early) == first


def test_a_missing_or_wrong_file_stops_the_start(keeper: Keeper, tmp_path: Path) -> None:
    (tmp_path / "wrong.pem").write_text("no certificate")
    for chain, key in (
        (tmp_path / "missing.pem", tmp_path / "missing.pem"),
        (tmp_path / "wrong.pem", tmp_path / "wrong.pem"),
        (keeper.server_file, keeper.folder / "authority.key"),
    ):
        with pytest.raises(ConfigurationError, match="cannot be used"):
            CertificateFiles(chain, key).check()


def test_files_that_are_exchanged_have_another_mark(keeper: Keeper, tmp_path: Path) -> None:
    files = CertificateFiles(keeper.server_file, keeper.server_file)
    before = files.mark()
    keeper.server_file.unlink()
    gone = files.mark()
    keeper.keep()

    assert len({before, gone, files.mark()}) == 3


def test_the_settings_name_one_file_or_two(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PROBE_TLS_")]:
        monkeypatch.delenv(name)
    assert TlsSettings.load("probe").files() is None
    monkeypatch.setenv("PROBE_TLS_KEY", "/etc/key.pem")
    with pytest.raises(ConfigurationError, match="a key needs its certificate"):
        TlsSettings.load("probe")
    monkeypatch.setenv("PROBE_TLS_CERTIFICATE", "/etc/chain.pem")
    assert TlsSettings.load("probe").files() == CertificateFiles(Path("/etc/chain.pem"), Path("/etc/key.pem"))
    monkeypatch.delenv("PROBE_TLS_KEY")
    assert TlsSettings.load("probe").files() == CertificateFiles(Path("/etc/chain.pem"), Path("/etc/chain.pem"))
