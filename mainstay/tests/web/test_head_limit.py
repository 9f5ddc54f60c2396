"""Heads that are too large are refused, by the program or by the server before it."""

import asyncio

import pytest
from probe.served import Served

from mainstay.web.head_limit import LIMIT


async def raw(served: Served, head: bytes) -> bytes:
    """Send a head byte by byte as it is, and return everything that comes back."""
    host, port = served.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(head)
    try:
        return await asyncio.wait_for(reader.read(), 10)
    except ConnectionResetError:
        return b""  # it hung up on the rest
    finally:
        writer.close()


def head(*lines: bytes, path: bytes = b"/health/live") -> bytes:
    fixed = (b"GET " + path + b" HTTP/1.1", b"Host: localhost", b"Connection: close")
    return b"\r\n".join((*fixed, *lines)) + b"\r\n\r\n"


@pytest.mark.parametrize(
    "lines",
    [
        [b"X-Long: " + b"a" * 100_000],
        [b"X-%d: " % number + b"a" * 1000 for number in range(90)] + [b"X-Last: " + b"a" * 10_000],
        [b"Cookie: " + b"a=b; " * 20_000],
        [b"a" * 100_000 + b": name"],
        [b"X-Large: " + b"a" * 1_000_000],
    ],
    ids=["one header", "many headers", "cookies", "a name", "a megabyte"],
)
async def test_a_head_of_100_kilobytes_is_refused(served: Served, lines: list[bytes]) -> None:
    reply = await raw(served, head(*lines))

    assert reply.startswith((b"HTTP/1.1 431", b"HTTP/1.1 400")) or reply == b""
    assert b"200 OK" not in reply


@pytest.mark.parametrize("size", [40_000, 100_000])
async def test_an_address_of_many_kilobytes_is_refused(served: Served, size: int) -> None:
    reply = await raw(served, head(path=b"/health/live?a=" + b"a" * size))

    assert reply.startswith((b"HTTP/1.1 431", b"HTTP/1.1 414"))


async def test_two_hundred_headers_are_refused(served: Served) -> None:
    assert (await raw(served, head(*(b"X-%d: a" % number for number in range(200))))).startswith(b"HTTP/1.1 431")


async def test_what_is_just_too_large_is_told_and_what_is_not_passes(served: Served) -> None:
    refused = await raw(served, head(b"X-Long: " + b"a" * LIMIT))
    passed = await raw(served, head(b"X-Long: " + b"a" * (LIMIT - 1000)))

    assert refused.startswith(b"HTTP/1.1 431")
    assert b'"code":"head_too_large"' in refused
    assert passed.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "lines",
    [
        [b"Content-Length: 5", b"Content-Length: 6"],
        [b"Content-Length: 5, 6"],
        [b"Content-Length: -1"],
        [b"Content-Length: +5"],
        [b"Transfer-Encoding: gzip"],
        [b"Transfer-Encoding: chunked, identity"],
        [b"X-Folded: a\r\n b"],
        [b"X Space: a"],
        [b"X-Null: a\x00b"],
    ],
)
async def test_a_head_that_two_readers_could_read_differently_is_refused(served: Served, lines: list[bytes]) -> None:
    """What a proxy and this program understand differently smuggles requests past the proxy (RFC 9112, 11.2)."""
    reply = await raw(served, head(*lines).replace(b"GET", b"POST", 1) + b"hello")

    assert reply.startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize("is_length_first", [True, False])
async def test_chunks_count_and_a_length_beside_them_does_not(served: Served, *, is_length_first: bool) -> None:
    """The server's own rule, that of RFC 9112, 6.3; what is behind the last chunk is no second request."""
    both = [b"Content-Length: 4", b"Transfer-Encoding: chunked"]
    lines = [b"Content-Type: application/json", *(both if is_length_first else both[::-1])]
    opening = head(*lines, path=b"/api/v1/trouble/echo").replace(b"GET", b"POST", 1)

    reply = await raw(served, opening + b'8\r\n{"a": 1}\r\n0\r\n\r\n' + head())

    assert reply.startswith(b"HTTP/1.1 200")
    assert reply.endswith(b'{"a":1}')
    assert reply.count(b"HTTP/1.1") == 1
