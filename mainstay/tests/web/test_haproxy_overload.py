"""The shipped HAProxy configuration refuses what is too much at once, sales last, and never health."""

import asyncio
import os
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from uuid import UUID

import httpx2
import psutil
import pytest
from proxy import wait_until_healthy

from mainstay import clock
from mainstay.bootstrap.lan.keeper import Keeper
from mainstay.bootstrap.lan.names import Names
from mainstay.errors import ServiceUnavailable
from mainstay.web.errors import Overloaded
from mainstay.web.overload.layer import DETAIL, RETRY_AFTER
from mainstay.web.problems import MEDIA_TYPE

CONFIGURATION = Path(__file__).parents[3] / "deploy" / "haproxy" / "haproxy.cfg"
QUEUE = "timeout queue 150ms"
HELD = "/api/v1/held"
PATIENCE = 20.0


class Doorkeeper(BaseHTTPRequestHandler):
    """Answers everything with 200, what is held as soon as it may, and notes who came in which order."""

    came: ClassVar[list[str]]
    may_go: ClassVar[threading.Event]

    def do_GET(self) -> None:
        """Answer."""
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.path.startswith("/api/"):
            self.came.append(self.path)
        if self.path == HELD:
            self.may_go.wait(PATIENCE)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_GET  # noqa: N815  the library's name

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  the library's name
        """Say nothing."""


class Door:
    """HAProxy with one place in front of a program that is held."""

    def __init__(
        self, secure: int, context: ssl.SSLContext, server: ThreadingHTTPServer, program: type[Doorkeeper]
    ) -> None:
        self._secure = secure
        self._context = context
        self.server = server
        self.program = program

    def browser(self) -> httpx2.AsyncClient:
        """Return a browser that knows the way."""
        address = f"https://localhost:{self._secure}"
        return httpx2.AsyncClient(base_url=address, verify=self._context, trust_env=False, timeout=PATIENCE)

    async def take(self, browser: httpx2.AsyncClient) -> "asyncio.Task[httpx2.Response]":
        """Take the only place."""
        holding = asyncio.create_task(browser.get(HELD))
        await until(lambda: HELD in self.program.came)
        return holding


async def until(is_so: Callable[[], bool]) -> None:
    """Return when something is so."""
    deadline = clock.monotonic() + PATIENCE
    while not is_so():
        assert clock.monotonic() < deadline
        await asyncio.sleep(0.01)


@contextmanager
def door(folder: Path, queue: str = QUEUE) -> Iterator[Door]:
    """Run HAProxy in front of a program that takes one request at a time."""

    class Program(Doorkeeper):
        came: ClassVar[list[str]] = []
        may_go = threading.Event()

    with ThreadingHTTPServer(("127.0.0.1", 0), Program) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield from _proxied(folder, queue, server, Program)
        finally:
            Program.may_go.set()
            server.shutdown()


def _proxied(folder: Path, queue: str, server: ThreadingHTTPServer, program: type[Doorkeeper]) -> Iterator[Door]:
    keeper = Keeper(folder, "Proxy", Names)
    keeper.keep()
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        plain, secure = one.getsockname()[1], other.getsockname()[1]
    text = CONFIGURATION.read_text()
    assert text.count(QUEUE) == 1
    (folder / "haproxy.cfg").write_text(text.replace(QUEUE, queue))
    own = {
        "SHOP_CERTIFICATE": str(keeper.server_file),
        "SHOP_HTTP": f"127.0.0.1:{plain}",
        "SHOP_HTTPS": f"127.0.0.1:{secure}",
        "SHOP_PROGRAM": f"127.0.0.1:{server.server_address[1]}",
        "SHOP_AT_ONCE": "1",
    }
    context = ssl.create_default_context(cafile=keeper.folder / "authority.crt")
    command = ["haproxy", "-f", str(folder / "haproxy.cfg")]
    process = subprocess.Popen(command, env={**os.environ, **own}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until_healthy(process, secure, context)
        yield Door(secure, context, server, program)
    finally:
        process.kill()
        process.wait()


async def test_what_is_too_much_is_refused_in_the_programs_words_and_health_answers(tmp_path: Path) -> None:
    with door(tmp_path) as proxy:
        async with proxy.browser() as browser:
            holding = await proxy.take(browser)
            refused = await browser.get("/api/v1/catalog/variants", headers={"X-Request-ID": "mine"})
            forged = await browser.post("/api/v1/pos/sales", headers={"X-Request-ID": '"},"a":"'})
            answered = [
                await browser.get("/health/live"),
                await browser.get("/health/ready"),
                await browser.get("/"),
                await browser.get("/api/v1/insight/today/stream"),
                await browser.get("/api/v1/pos/sales.csv"),
                await browser.post("/api/v1/files", content=b"a" * 100_000),
            ]
            proxy.program.may_go.set()
            held = await holding
            again = await browser.get("/api/v1/catalog/variants")

    assert (refused.status_code, refused.headers["Content-Type"]) == (503, MEDIA_TYPE)
    assert refused.json() == {
        "type": f"/api/problems#{Overloaded.code}",
        "title": Overloaded.title,
        "status": Overloaded.status,
        "code": Overloaded.code,
        "detail": DETAIL,
        "request_id": "mine",
    }
    assert refused.headers["X-Request-ID"] == "mine"
    assert {int(each.headers["Retry-After"]) for each in (refused, forged)} <= set(RETRY_AFTER)
    assert forged.status_code == 503
    assert str(UUID(forged.json()["request_id"])) == forged.json()["request_id"]
    assert [each.status_code for each in answered] == [200] * 6
    assert (held.status_code, again.status_code) == (200, 200)


async def test_sales_come_first_and_reports_last_whoever_came_before(tmp_path: Path) -> None:
    calls = [
        ("GET", "/api/v1/insight/today"),
        ("GET", "/api/v1/catalog/variants"),
        ("GET", "/api/v1/pos/sales"),
        ("POST", "/api/v1/identity/session"),
        ("GET", "/api/v1/pos/sales/018f5a3e-0000-7000-8000-0123456789ab/receipt.txt"),
        ("POST", "/api/v1/pos/sales"),
    ]
    with door(tmp_path, queue="timeout queue 20s") as proxy:
        async with proxy.browser() as browser:
            holding = await proxy.take(browser)
            waiting = []
            for method, path in calls:
                waiting.append(asyncio.create_task(browser.request(method, path)))
                await asyncio.wait(waiting, timeout=0.3)  # it is at the proxy's by then, after those before it
            assert proxy.program.came == [HELD]
            proxy.program.may_go.set()
            statuses = [(await each).status_code for each in (holding, *waiting)]

    order = [path.rpartition("/v1/")[2] for path in proxy.program.came[1:]]
    assert statuses == [200] * 7
    assert set(order[:3]) == {"identity/session", "pos/sales", calls[4][1].rpartition("/v1/")[2]}
    assert order[3] == "catalog/variants"
    assert set(order[4:]) == {"insight/today", "pos/sales"}


async def test_where_nobody_is_behind_it_the_proxy_says_so(tmp_path: Path) -> None:
    with door(tmp_path) as proxy:
        async with proxy.browser() as browser:
            proxy.server.shutdown()
            proxy.server.server_close()
            deadline = clock.monotonic() + PATIENCE
            while True:  # until it has looked three times
                told = await browser.get("/api/v1/catalog/variants", headers={"X-Request-ID": "mine"})
                if told.json()["code"] == ServiceUnavailable.code:
                    break
                assert clock.monotonic() < deadline

    assert told.status_code == 503
    assert int(told.headers["Retry-After"]) in RETRY_AFTER
    assert (told.json()["title"], told.json()["request_id"]) == (ServiceUnavailable.title, "mine")


@pytest.mark.parametrize(("stated", "threads"), [(None, 1), ("2", 2)])
def test_the_proxy_has_one_thread_unless_it_is_given_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stated: str | None, threads: int
) -> None:
    if stated is not None:
        monkeypatch.setenv("SHOP_THREADS", stated)

    with door(tmp_path):
        proxies = [child for child in psutil.Process().children() if child.name() == "haproxy"]

        assert [len(proxy.threads()) for proxy in proxies] == [threads]
