"""A shop's network without a shop: names that a machine could have, and devices that trust an authority or do not."""

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mainstay import clock
from mainstay.bootstrap.lan.keeper import Keeper
from mainstay.bootstrap.lan.names import Names
from mainstay.clock import use_clock
from mainstay.testing.frozen import FrozenClock

# Shakes hands with a server that has this file, as a device that trusts this one (or nothing), asking for this name.
Visit = Callable[[Path, Path | None, str], dict[str, object]]


class Network:
    """A network whose addresses change when the test says so."""

    def __init__(self) -> None:
        self.names = Names(("192.168.1.20", "fd00::5"), ("shop.local", "shop"))

    def ask(self) -> Names:
        return self.names


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
def moment() -> Iterator[FrozenClock]:
    """A clock that stands at the present of the devices, whose own clocks cannot be set."""
    frozen = FrozenClock(clock.now())
    with use_clock(frozen):
        yield frozen


@pytest.fixture
def keeper(tmp_path: Path, network: Network) -> Keeper:
    return Keeper(tmp_path, "Tradepost", network.ask)


@pytest.fixture
def visit() -> Visit:
    return shake_hands


def shake_hands(server_file: Path, trusted: Path | None, host: str) -> dict[str, object]:
    """Return the certificate that the device has accepted; raises ssl.SSLCertVerificationError when it does not."""
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(server_file)
    visiting = ssl.create_default_context(cafile=trusted)
    to_server, to_device = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = serving.wrap_bio(to_server, to_device, server_side=True)
    device = visiting.wrap_bio(to_device, to_server, server_hostname=host)
    for _ in range(4):
        for side in (device, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return dict(device.getpeercert() or {})
