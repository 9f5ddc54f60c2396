"""Certificates: the name is what counts, though the connection goes to a number."""

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
