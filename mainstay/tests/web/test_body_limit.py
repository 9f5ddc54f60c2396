"""No route reads more than it said it takes."""

import asyncio
import gzip
from collections.abc import AsyncIterator

import pytest
from probe.served import Served
from probe.trouble import UPLOAD_LIMIT

from mainstay import clock
from mainstay.testing.client import Client

MEGABYTE = 1024 * 1024


async def chunks(count: int, size: int = MEGABYTE) -> AsyncIterator[bytes]:
    """Send without saying how much."""
    for _ in range(count):
        yield bytes(size)


async def announce(served: Served, path: str, size: int) -> bytes:
    """Announce a body, send none of it, and return the reply."""
    host, port = served.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {size}\r\n\r\n".encode())
    reply = await asyncio.wait_for(reader.read(65536), 5)
    writer.close()
    await writer.wait_closed()
    return reply


async def test_a_body_of_50_megabytes_is_refused_before_it_is_sent(served: Served) -> None:
    reply = await announce(served, "/api/v1/trouble/echo", 50 * MEGABYTE)

    assert reply.startswith(b"HTTP/1.1 413")
    assert b'"code":"body_too_large"' in reply
    assert b"at most 1,048,576 bytes" in reply


async def test_whoever_sends_50_megabytes_all_the_same_still_gets_the_reply(api: Client) -> None:
    """A connection that is closed in the middle of sending loses what was said on it."""
    reply = await api.post("/api/v1/trouble/echo", content=bytes(50 * MEGABYTE), timeout=60)

    assert (reply.status_code, reply.json()["code"]) == (413, "body_too_large")


async def test_a_body_of_50_megabytes_that_does_not_say_so_is_refused_while_it_arrives(api: Client) -> None:
    reply = await api.post("/api/v1/trouble/uploads", content=chunks(50), timeout=60)

    assert (reply.status_code, reply.json()["code"]) == (413, "body_too_large")


async def test_a_forged_upload_gets_its_reply_too(api: Client) -> None:
    foreign = {"Origin": "https://evil.example"}

    reply = await api.post("/api/v1/trouble/uploads", content=bytes(15 * MEGABYTE), headers=foreign, timeout=60)

    assert (reply.status_code, reply.json()["code"]) == (403, "csrf_failed")


async def test_a_route_takes_more_when_it_says_so(api: Client) -> None:
    whole = await api.post("/api/v1/trouble/uploads", content=bytes(UPLOAD_LIMIT), timeout=60)
    streamed = await api.post("/api/v1/trouble/uploads", content=chunks(20), timeout=60)

    assert (whole.status_code, whole.json()) == (200, UPLOAD_LIMIT)
    assert (streamed.status_code, streamed.json()) == (200, UPLOAD_LIMIT)


@pytest.mark.parametrize("size", [MEGABYTE, MEGABYTE + 1])
async def test_the_limit_is_exact(api: Client, size: int) -> None:
    frame = len(b'{"a":""}')
    content = b'{"a":"' + b"x" * (size - frame) + b'"}'

    reply = await api.post("/api/v1/trouble/echo", content=content, headers={"Content-Type": "application/json"})

    assert reply.status_code == (200 if size == MEGABYTE else 413)


async def test_pages_take_no_body_beyond_the_limit_either(served: Served) -> None:
    assert (await announce(served, "/products/17", 50 * MEGABYTE)).startswith(b"HTTP/1.1 413")


async def test_a_body_of_a_get_is_counted_too(api: Client) -> None:
    reply = await api.request("GET", "/api/v1/probe/me", content=bytes(MEGABYTE + 1))

    assert reply.status_code == 413


async def test_a_request_without_a_body_is_not_waited_for(api: Client) -> None:
    began = clock.monotonic()

    assert (await api.delete("/api/v1/probe/notes/17")).status_code == 401
    assert (await api.post("/api/v1/nothing")).status_code == 404

    assert clock.monotonic() - began < 5


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "GZIP", "gzip, gzip", "identity, gzip", "x"])
async def test_a_packed_body_is_refused_unread(api: Client, coding: str) -> None:
    """Ten megabytes of nothing take ten kilobytes: a bomb that nobody here unpacks."""
    bomb = gzip.compress(bytes(10 * MEGABYTE))
    headers = {"Content-Encoding": coding, "Content-Type": "application/json"}

    reply = await api.post("/api/v1/trouble/echo", content=bomb, headers=headers)

    assert (reply.status_code, reply.json()["code"]) == (415, "unsupported_media_type")
    assert reply.headers["Accept-Encoding"] == "identity"


async def test_a_body_that_says_it_is_not_packed_is_taken(api: Client) -> None:
    headers = {"Content-Encoding": "identity", "Content-Type": "application/json"}

    assert (await api.post("/api/v1/trouble/echo", content=b'{"a": 1}', headers=headers)).json() == {"a": 1}
