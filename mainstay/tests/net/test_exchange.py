"""Certificates: the name is what counts, though the connection goes to a number; and what breaks in the middle."""

import asyncio
import os
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mainstay.net import failures
from mainstay.net.destination import Destination
from mainstay.net.exchange import Patience, Request, default_trust, exchange
from mainstay.net.failures import CallFailed
from mainstay.net.guard import Allowed, Guard
from mainstay.testing.mail import make_certificate
from mainstay.testing.receiver import Receiver


@pytest.fixture
async def secured(tmp_path: Path) -> AsyncIterator[tuple[Receiver, ssl.SSLContext]]:
    """A service with a certificate of its own, and who trusts it."""
    path = make_certificate(tmp_path / "service.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    trust = default_trust()
    trust.load_verify_locations(path)
    async with Receiver(trust=context) as receiver:
        yield receiver, trust


async def called(receiver: Receiver, trust: ssl.SSLContext, host: str) -> int:
    guard = Guard(Allowed.of(("127.0.0.1",)), lambda _host, _port: ("127.0.0.1",))
    place = Destination("https", host, receiver.port, "/")
    try:
        return (await exchange(guard, trust, Request("GET", receiver.url), place, Patience())).status
    finally:
        guard.close()


async def test_the_certificate_must_be_for_the_name_and_trusted(secured: tuple[Receiver, ssl.SSLContext]) -> None:
    receiver, trust = secured
    assert await called(receiver, trust, "localhost") == 200
    for host, trusting in (("other.example", trust), ("localhost", default_trust())):
        with pytest.raises(CallFailed) as failed:
            await called(receiver, trusting, host)
        assert failed.value.code == failures.NOT_TRUSTED


async def test_an_answer_that_turns_to_garbage_under_its_cipher_has_broken_off(
    secured: tuple[Receiver, ssl.SSLContext],
) -> None:
    receiver, trust = secured

    async def garble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")
        await writer.drain()
        os.write(writer.get_extra_info("socket").fileno(), b"\x17\x03\x03\x00\x20" + b"G" * 32)
        await reader.read()
        writer.transport.abort()

    async with await asyncio.start_server(garble, "127.0.0.1", 0, ssl=receiver.trust) as server:
        other = Receiver(trust=receiver.trust, port=server.sockets[0].getsockname()[1])
        with pytest.raises(CallFailed) as failed:
            await called(other, trust, "localhost")
    assert failed.value.code == failures.BROKEN_OFF
