"""Slow heads and slow bodies are cut off, and whoever waits for others is not."""

import asyncio

import pytest
from probe.served import Served
from starlette.types import Message, Receive, Scope, Send

from mainstay import clock
from mainstay.web.body_pace import BodyPace
from mainstay.web.errors import BodyTooSlow

ECHO = b"POST /api/v1/trouble/echo HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\n"


async def until_cut_off(served: Served, begin: bytes, drop: bytes) -> tuple[bytes, float]:
    """Begin a request, send a drop ten times a second, and return what came back and after how many seconds."""
    host, port = served.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    began = clock.monotonic()
    writer.write(begin)
    reading = asyncio.create_task(reader.read())
    while not reading.done() and clock.monotonic() - began < 10:
        writer.write(drop)
        await asyncio.wait({reading}, timeout=0.1)
    writer.close()
    try:
        said = await reading if reading.done() else b"still open"
    except ConnectionResetError:
        said = b""
    reading.cancel()
    return said, clock.monotonic() - began


async def test_a_head_that_comes_drop_by_drop_is_cut_off(in_production: Served) -> None:
    said, seconds = await until_cut_off(in_production, b"GET / HTTP/1.1\r\nHost: localhost\r\n", b"X-A: b\r\n")

    assert said != b"still open"
    assert b"200" not in said
    assert seconds < 5


async def test_a_connection_that_says_nothing_is_closed(in_production: Served) -> None:
    said, seconds = await until_cut_off(in_production, b"", b"")

    assert said == b""
    assert seconds < 5


@pytest.mark.parametrize(
    ("head", "drop"),
    [(b"Content-Length: 100000\r\n\r\n", b"a"), (b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n")],
    ids=["announced", "in chunks"],
)
async def test_a_body_that_comes_drop_by_drop_is_cut_off(in_production: Served, head: bytes, drop: bytes) -> None:
    said, seconds = await until_cut_off(in_production, ECHO + b"Content-Type: application/json\r\n" + head, drop)

    assert said.startswith(b"HTTP/1.1 408")
    assert b'"code":"body_too_slow"' in said
    assert b"connection: close" in said
    assert seconds < 5


async def test_a_body_that_never_begins_is_cut_off(in_production: Served) -> None:
    said, seconds = await until_cut_off(in_production, ECHO + b"Content-Length: 5\r\n\r\n", b"")

    assert said.startswith(b"HTTP/1.1 408")
    assert seconds < 5


# -- the pace ----------------------------------------------------------------------------------------------------------


async def bodies(seconds: float, *pieces: tuple[float, int]) -> list[int]:
    """Have an application read a body whose pieces come after so many seconds; return the sizes that it got."""
    got: list[int] = []
    coming = list(pieces)

    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            got.append(len(message["body"]))

    async def receive() -> Message:
        if not coming:
            await asyncio.sleep(0.3)
            return {"type": "http.disconnect"}
        pause, size = coming.pop(0)
        await asyncio.sleep(pause)
        return {"type": "http.request", "body": bytes(size), "more_body": bool(coming)}

    async def send(_message: Message) -> None:
        raise AssertionError("nothing answers")

    scope: Scope = {"type": "http", "http_version": "1.1", "headers": [(b"transfer-encoding", b"chunked")]}
    await BodyPace(app, seconds)(scope, receive, send)
    return got


async def test_a_body_that_keeps_the_pace_may_take_longer_than_the_first_seconds() -> None:
    assert await bodies(0.05, (0, 4096), (0.1, 4096), (0.1, 1)) == [4096, 4096, 1]


async def test_a_body_that_falls_behind_is_given_up() -> None:
    with pytest.raises(BodyTooSlow):
        await bodies(0.05, (0, 10), (0.2, 10))


async def test_a_caller_may_take_their_time_to_leave() -> None:
    """Whoever reads a stream has sent their body long ago."""
    assert await bodies(0.05, (0, 1)) == [1]
