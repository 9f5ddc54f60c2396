"""The shipped HAProxy configuration is valid, and does what it says in front of the program."""

import asyncio
import os
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from ports import free_ports
from probe.served import Served
from proxy import wait_until_healthy

from mainstay import clock
from mainstay.bootstrap.lan.keeper import Keeper
from mainstay.bootstrap.lan.names import Names

CONFIGURATION = Path(__file__).parents[3] / "deploy" / "haproxy" / "haproxy.cfg"
WAIT = "timeout http-request 10s"


@dataclass(frozen=True, slots=True)
class Proxy:
    """HAProxy in front of the program: its two ports, and the authority of its certificate."""

    plain: int
    secure: int
    context: ssl.SSLContext

    def browser(self) -> httpx2.AsyncClient:
        """Return a browser that knows the way."""
        address = f"https://localhost:{self.secure}"
        return httpx2.AsyncClient(base_url=address, verify=self.context, trust_env=False, timeout=10)

    async def until_cut_off(self, begin: bytes, drop: bytes) -> tuple[bytes, float]:
        """Begin a request, send a drop ten times a second, and return what came back and after how many seconds."""
        reader, writer = await asyncio.open_connection("localhost", self.secure, ssl=self.context)
        began = clock.monotonic()
        writer.write(begin)
        reading = asyncio.create_task(reader.read())
        while not reading.done() and clock.monotonic() - began < 10:
            writer.write(drop)
            await asyncio.wait({reading}, timeout=0.1)
        said = await reading if reading.done() else b"still open"
        reading.cancel()
        writer.close()
        return said, clock.monotonic() - began


@pytest.fixture(scope="module")
def proxy(in_production: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    folder = tmp_path_factory.mktemp("haproxy")
    keeper = Keeper(folder, "Proxy", Names)
    keeper.keep()
    plain, secure = free_ports(2)
    # Nothing else is changed: ten seconds are too long for a test.
    text = CONFIGURATION.read_text()
    assert text.count(WAIT) == 1
    (folder / "haproxy.cfg").write_text(text.replace(WAIT, "timeout http-request 1s"))
    process = subprocess.Popen(
        ["haproxy", "-f", str(folder / "haproxy.cfg")],
        env={**os.environ, **settings(keeper.server_file, plain, secure, in_production)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    context = ssl.create_default_context(cafile=keeper.folder / "authority.crt")
    try:
        wait_until_healthy(process, secure, context)
        yield Proxy(plain, secure, context)
    finally:
        process.kill()
        process.wait()


def settings(certificate: Path, plain: int, secure: int, served: Served) -> dict[str, str]:
    """Return the environment of the configuration."""
    return {
        "SHOP_CERTIFICATE": str(certificate),
        "SHOP_HTTP": f"127.0.0.1:{plain}",
        "SHOP_HTTPS": f"127.0.0.1:{secure}",
        "SHOP_PROGRAM": served.url.removeprefix("http://"),
    }


@pytest.mark.parametrize("second", [{}, {"SHOP_SECOND": "127.0.0.1:9"}], ids=["one server", "two servers"])
def test_the_shipped_configuration_is_valid(in_production: Served, tmp_path: Path, second: dict[str, str]) -> None:
    keeper = Keeper(tmp_path, "Proxy", Names)
    keeper.keep()
    env = {**os.environ, **settings(keeper.server_file, 8080, 8443, in_production), **second}

    checked = subprocess.run(
        ["haproxy", "-c", "-f", str(CONFIGURATION)], env=env, capture_output=True, text=True, check=False
    )

    assert checked.returncode == 0, checked.stderr
    assert "WARNING" not in checked.stderr


@pytest.mark.practice(3)
async def test_plain_http_is_sent_to_https_before_it_reaches_the_program(proxy: Proxy) -> None:
    async with httpx2.AsyncClient(trust_env=False) as client:
        reply = await client.get(f"http://localhost:{proxy.plain}/till?a=1")

    assert (reply.status_code, reply.headers["Location"].split(":")[0]) == (308, "https")


@pytest.mark.parametrize("forged", ["http", "https, http", "javascript"])
async def test_what_callers_say_of_their_way_is_replaced_by_what_is_known(proxy: Proxy, forged: str) -> None:
    headers = {"X-Forwarded-Proto": forged, "X-Forwarded-For": "1.2.3.4", "Forwarded": "proto=http"}
    # The address counts for HTTPS, as the name `localhost` does not.
    async with proxy.browser() as browser:
        reply = await browser.get("/", headers={**headers, "Host": "shop.example"})

    assert reply.status_code == 200
    assert "Strict-Transport-Security" in reply.headers


@pytest.mark.parametrize(
    ("begin", "drop"),
    [
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n", b"X-A: b\r\n"),
        (b"", b""),
        (b"POST /api/v1/trouble/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000\r\n\r\n", b"a"),
    ],
    ids=["head", "nothing", "body"],
)
async def test_slow_callers_are_cut_off_before_they_reach_the_program(proxy: Proxy, begin: bytes, drop: bytes) -> None:
    said, seconds = await proxy.until_cut_off(begin, drop)

    assert said == b"" or said.startswith(b"HTTP/1.1 408")
    assert seconds < 5


@pytest.mark.parametrize(
    "head",
    [b"Host: localhost\r\nHost: evil.example", b"Host: localhost\r\nX-Long: " + b"a" * 100_000],
    ids=["two hosts", "100 kB"],
)
async def test_heads_that_nobody_honest_sends_are_refused(proxy: Proxy, head: bytes) -> None:
    said, _ = await proxy.until_cut_off(b"GET /health/live HTTP/1.1\r\n" + head + b"\r\n\r\n", b"")

    assert said.startswith((b"HTTP/1.1 400", b"HTTP/1.0 400", b"HTTP/1.1 431"))


async def test_one_address_cannot_take_all_connections(proxy: Proxy) -> None:
    """From an address of its own, which is this machine's as well."""
    opened: list[asyncio.StreamWriter] = []
    refused = 0
    for _ in range(220):
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.plain, local_addr=("127.0.0.3", 0))
            opened.append(writer)
            if len(opened) > 200:
                await asyncio.wait_for(reader.read(), 5)
                refused += 1
        except ConnectionResetError:
            refused += 1
    async with proxy.browser() as browser:
        others = await browser.get("/health/live")
    for writer in opened:
        writer.close()

    assert refused == 20
    assert others.status_code == 200
