"""The shipped HAProxy configuration with two servers: what it sends again when one is lost, and what it never does."""

import asyncio
import os
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
from ports import free_ports, is_listened_at

from mainstay import clock
from mainstay.bootstrap.lan.keeper import Keeper
from mainstay.bootstrap.lan.names import Names

DEPLOY = Path(__file__).parents[3] / "deploy"
CONFIGURATION = DEPLOY / "haproxy" / "haproxy.cfg"
WELL = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nwell"
ILL = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass(slots=True)
class Puppet:
    """A server that is ready as long as it is told to be, and loses requests when it is told to."""

    port: int
    is_ready: bool = True
    loses: bool = False
    asked: list[str] = field(default_factory=list)
    server: asyncio.Server | None = None

    async def open(self) -> None:
        """Take connections."""
        self.server = await asyncio.start_server(self._answer, "127.0.0.1", self.port)

    def close(self) -> None:
        """Take none any more."""
        if self.server is not None:
            self.server.close()
            self.server = None

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = (await reader.readuntil(b"\r\n\r\n")).decode().partition(" HTTP")[0]
        if request == "GET /health/ready":
            writer.write(WELL if self.is_ready else ILL)
        else:
            self.asked.append(request)
            if not self.loses:
                writer.write(WELL)
        await writer.drain()
        writer.close()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two servers behind the proxy, and a browser in front of it."""

    one: Puppet
    two: Puppet
    browser: httpx2.AsyncClient

    async def statuses(self, method: str, count: int) -> set[int]:
        """Return what so many requests are answered, one after the other."""
        return {(await self.browser.request(method, "/sale")).status_code for _ in range(count)}

    async def until_both_are_asked(self) -> None:
        """Wait until the proxy has found both."""
        deadline = clock.monotonic() + 20
        self.forget()
        while not (self.one.asked and self.two.asked):
            assert clock.monotonic() < deadline, "HAProxy did not find both servers."
            await self.statuses("GET", 1)
        self.forget()

    def forget(self) -> None:
        """Begin to count anew."""
        self.one.asked.clear()
        self.two.asked.clear()


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    keeper = Keeper(tmp_path, "Proxy", Names)
    keeper.keep()
    plain, secure, first, second = free_ports(4)
    one, two = Puppet(first), Puppet(second)
    env = {
        **os.environ,
        "SHOP_CERTIFICATE": str(keeper.server_file),
        "SHOP_HTTP": f"127.0.0.1:{plain}",
        "SHOP_HTTPS": f"127.0.0.1:{secure}",
        "SHOP_PROGRAM": f"127.0.0.1:{first}",
        "SHOP_SECOND": f"127.0.0.1:{second}",
    }
    context = ssl.create_default_context(cafile=keeper.folder / "authority.crt")
    async with AsyncExitStack() as stack:
        for puppet in (one, two):
            await puppet.open()
            stack.callback(puppet.close)
        command, quiet = ("haproxy", "-f", str(CONFIGURATION)), asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(*command, env=env, stdout=quiet, stderr=quiet)
        stack.push_async_callback(process.wait)
        stack.callback(process.kill)
        await until_it_listens(secure)
        address = f"https://localhost:{secure}"
        # On a connection of its own each time: HAProxy closes a used one without a word when the server says none.
        each = httpx2.Limits(max_keepalive_connections=0)
        browser = httpx2.AsyncClient(base_url=address, verify=context, trust_env=False, timeout=20, limits=each)
        found = Pair(one, two, await stack.enter_async_context(browser))
        await found.until_both_are_asked()
        yield found


async def until_it_listens(port: int) -> None:
    deadline = clock.monotonic() + 20
    while not is_listened_at(port):
        assert clock.monotonic() < deadline, "HAProxy does not listen."
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_what_a_server_does_not_take_goes_to_the_other_at_once(pair: Pair, method: str) -> None:
    """Before the proxy has noticed that it is gone: nothing had left yet."""
    pair.one.close()

    assert await pair.statuses(method, 6) == {200}
    assert pair.two.asked == [f"{method} /sale"] * 6


async def test_a_read_that_a_server_loses_is_asked_of_the_other(pair: Pair) -> None:
    pair.one.loses = True

    assert await pair.statuses("GET", 6) == {200}
    assert pair.one.asked
    assert len(pair.two.asked) == 6


async def test_a_write_that_a_server_loses_is_never_sent_again(pair: Pair) -> None:
    """It may have been done: whoever sent it asks again with the same id."""
    pair.one.loses = True

    assert await pair.statuses("POST", 6) == {200, 502}
    assert len(pair.one.asked) == len(pair.two.asked) == 3


async def test_a_server_that_stops_is_let_go_before_its_notice_is_over_and_not_at_its_first_word(pair: Pair) -> None:
    """Whoever is back is found sooner than another one is let go, so that one of two is always there."""
    pair.one.is_ready = False
    began = clock.monotonic()
    while True:
        asked = len(pair.one.asked)
        await pair.statuses("GET", 2)
        if len(pair.one.asked) == asked:
            break
        assert clock.monotonic() - began < 60, "It is not let go."
    let_go = clock.monotonic() - began
    pair.one.is_ready = True
    began = clock.monotonic()
    await pair.until_both_are_asked()

    assert let_go > 2.5
    assert clock.monotonic() - began < let_go


def test_the_shipped_notice_is_longer_than_it_takes_the_proxy_to_see_it() -> None:
    """Four looks, a second apart, and the time until the last one is answered."""
    looks = re.search(r"check inter (\d+)s downinter 500ms fall (\d+) ", CONFIGURATION.read_text())
    answer = re.search(r"timeout check (\d+)s", CONFIGURATION.read_text())
    service = (DEPLOY / "systemd" / "tradepost-api@.service").read_text()
    notice = re.search(r"TRADEPOST_WEB_NOTICE_SECONDS=(\d+)", service)

    assert looks is not None
    assert answer is not None
    assert notice is not None
    assert int(notice[1]) >= int(looks[1]) * int(looks[2]) + int(answer[1])
