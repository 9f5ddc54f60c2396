"""The numbers of a worker at their port."""

import asyncio
import socket

from pydantic import SecretStr

from mainstay.bootstrap.worker_figures import told
from mainstay.observe.counters import Counters
from mainstay.observe.exposition import Exposition
from mainstay.web.metrics import MetricsSettings, Tell

TOKEN = "the-token-of-prometheus"


def said(counters: Counters) -> Tell:
    async def tell() -> Exposition:
        return Exposition.of([counters.text(has_exemplars=True)])

    return tell


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


async def asked(port: int, path: str, token: str) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    return answer


async def test_the_numbers_are_told_to_whoever_has_the_token() -> None:
    counters, port = Counters(), free_port()
    counters.add("mainstay_calls_total", 3)
    async with told(MetricsSettings(token=SecretStr(TOKEN), worker_port=port), said(counters)):
        answer = await asked(port, "/metrics", TOKEN)
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert answer.endswith(b"mainstay_calls_total 3\n")
        assert (await asked(port, "/metrics", "another")).startswith(b"HTTP/1.1 401 ")
        assert (await asked(port, "/", TOKEN)).startswith(b"HTTP/1.1 404 ")


async def test_a_port_that_is_taken_is_no_reason_not_to_work() -> None:
    settings = MetricsSettings(token=SecretStr(TOKEN), worker_port=free_port())
    async with told(settings, said(Counters())), told(settings, said(Counters())):
        assert settings.worker_port is not None
        assert (await asked(settings.worker_port, "/metrics", TOKEN)).startswith(b"HTTP/1.1 200 ")


async def test_without_a_port_nothing_listens() -> None:
    async with told(MetricsSettings(token=SecretStr(TOKEN)), said(Counters())):
        assert MetricsSettings().worker_port is None
