"""A request's id: taken when it is harmless, replaced when it is not, and the same in header, body and log."""

import asyncio

import pytest
from probe.served import Served

from mainstay import ids
from mainstay.testing.client import Client


@pytest.mark.practice(56)
async def test_200_parallel_calls_keep_their_own_ids_in_header_body_and_log(api: Client, served: Served) -> None:
    names = [f"call-{number}.{ids.new_id().hex}" for number in range(200)]

    replies = await asyncio.gather(
        *(api.get("/api/v1/probe/me", headers={"X-Request-ID": name}, timeout=60) for name in names)
    )

    assert [reply.headers["X-Request-ID"] for reply in replies] == names
    assert [reply.json()["request_id"] for reply in replies] == names
    served.line(request_id=names[-1])
    logged = [line for line in served.lines(logger="access") if line["request_id"] in names]
    assert sorted(line["request_id"] for line in logged) == sorted(names)
    assert {line["status"] for line in logged} == {401}


@pytest.mark.practice(56)
@pytest.mark.parametrize(
    "forged",
    [
        b'one\ttwo", "status": 200',
        b'"},{"forged":"line',
        b"a" * 65,
        b"",
        "идентификатор".encode(),
        b"one two",
        b"<script>",
    ],
)
async def test_an_id_that_could_forge_something_is_replaced(api: Client, forged: bytes) -> None:
    reply = await api.get("/api/v1/probe/me", headers=[(b"X-Request-ID", forged)])

    given = reply.headers["X-Request-ID"]
    assert given.encode() != forged
    assert len(given) == 16
    assert reply.json()["request_id"] == given


@pytest.mark.practice(56)
async def test_an_id_with_a_line_break_never_gets_through(served: Served) -> None:
    """Sent by hand: HTTP clients refuse to write it."""
    host, port = served.url.removeprefix("http://").split(":")
    before = len(served.lines())
    for forged in (b"good\r\n evil", b"good\nevil", b"good\r\nX-Evil: yes"):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(
            b"GET /api/v1/probe/me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Request-ID: "
            + forged
            + b"\r\n\r\n"
        )
        reply = await reader.read()
        writer.close()
        await writer.wait_closed()
        headers = reply.partition(b"\r\n\r\n")[0].lower()
        assert b"evil" not in headers

    assert all("evil" not in str(line) for line in served.lines()[before:])


async def test_an_id_is_made_when_none_is_sent(served: Served) -> None:
    host, port = served.url.removeprefix("http://").split(":")
    found = set()
    for _ in range(3):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        headers = (await reader.read()).partition(b"\r\n\r\n")[0].decode().lower()
        writer.close()
        await writer.wait_closed()
        found.add(next(line for line in headers.splitlines() if line.startswith("x-request-id: ")))

    assert len(found) == 3
