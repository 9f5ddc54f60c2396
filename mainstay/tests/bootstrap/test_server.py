"""The server takes an open socket and stops without losing a request."""

import asyncio
import json
import resource
import signal
import socket
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from callers import KINDS, call

Until = Callable[..., Awaitable[Any]]

# A bare application, so that the server is nearly all there is to measure.
PROGRAM = """
import asyncio, socket, sys
import uvloop
from mainstay.bootstrap.server import Manner, serve
from mainstay.observe.logs import configure_logging

configure_logging("info")

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            await send({"type": (await receive())["type"] + ".complete"})
    if scope["path"] == "/slow":
        await asyncio.sleep(0.2)
    headers = [(b"content-length", b"5"), (b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"hello"})

uvloop.run(serve(app, socket.socket(fileno=int(sys.argv[1])), Manner(10, notice_seconds=float(sys.argv[2]))))
print("ended well")
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_stop_under_load_loses_nothing(number: signal.Signals, until: Until) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        descriptor, port = listener.fileno(), listener.getsockname()[1]
        server = await asyncio.create_subprocess_exec(
            sys.executable, "-c", PROGRAM, str(descriptor), "0", pass_fds=[descriptor], stdout=asyncio.subprocess.PIPE
        )
    outcomes: Counter[str] = Counter()
    paths = {"busy": "/", "slow": "/slow"}
    callers = [asyncio.create_task(call(port, paths, kind, outcomes)) for kind in KINDS for _ in range(25)]

    async def is_under_load() -> bool:
        return outcomes["200"] > 2000

    await until(is_under_load)
    server.send_signal(number)
    said, _ = await server.communicate()
    await asyncio.gather(*callers)

    assert server.returncode == 0
    *log, farewell = said.decode().splitlines()
    assert [(line["event"], line["port"]) for line in map(json.loads, log)] == [("serving", port)]
    assert farewell == "ended well"
    assert outcomes == {"200": outcomes["200"], "refused": len(callers)}


async def test_more_than_a_thousand_silent_connections_hold_nobody_up() -> None:
    """Granian as it comes takes a connection only while fewer than its limit are open, whatever they do."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with socket.create_server(("127.0.0.1", 0), backlog=1500) as listener:
        descriptor, port = listener.fileno(), listener.getsockname()[1]
        server = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            PROGRAM,
            str(descriptor),
            "0",
            pass_fds=[descriptor],
            stdout=asyncio.subprocess.DEVNULL,
        )
    silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(1200)]
    for _, writer in silent:
        writer.write(b"GET / HTTP/1.1\r\nX-A: ")

    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    answer = await asyncio.wait_for(reader.read(), 10)

    assert answer.endswith(b"hello")
    for _, each in (*silent, (reader, writer)):
        each.close()
    server.terminate()
    assert await server.wait() == 0


async def ask(port: int) -> bytes:
    """Send a request on a connection of its own; return the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
    writer.close()
    return head


@pytest.mark.parametrize(("notice", "signals"), [("60", 2), ("0.3", 1)], ids=["hurried", "over"])
async def test_after_a_stop_everybody_is_served_until_the_notice_is_over(notice: str, signals: int) -> None:
    """As before, without being asked to leave; a second signal ends the notice."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        descriptor, port = listener.fileno(), listener.getsockname()[1]
        command = [sys.executable, "-c", PROGRAM, str(descriptor), notice]
        server = await asyncio.create_subprocess_exec(*command, pass_fds=[descriptor], stdout=asyncio.subprocess.PIPE)
    await ask(port)
    server.terminate()
    answered = await ask(port) if signals == 2 else b""
    for _ in range(signals - 1):
        server.terminate()
    said, _ = await asyncio.wait_for(server.communicate(), 30)

    assert (server.returncode, said.decode().splitlines()[-1]) == (0, "ended well")
    assert b"connection: close" not in answered.lower()
    assert answered.startswith(b"HTTP/1.1 200") == (signals == 2)
