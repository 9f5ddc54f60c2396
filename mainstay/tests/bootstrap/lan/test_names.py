"""The machine knows by which private addresses and names devices reach it."""

import ipaddress
import socket
from typing import NamedTuple

import psutil
import pytest

from mainstay.bootstrap.lan.names import NETWORKS, Names, host_names, in_address, private_addresses, reachable


class Interface(NamedTuple):
    """What psutil tells of an interface, as far as it is asked for."""

    isup: bool


class Address(NamedTuple):
    """What psutil tells of an address, as far as it is asked for."""

    family: int
    address: str


INTERFACES = {
    "lo": ["127.0.0.1", "::1"],
    "docker0": ["172.17.0.1"],
    "wlan0": ["192.168.1.20", "192.168.1.20", "fd00::5", "fe80::1%wlan0", "2001:db8::1"],
    "eth0": ["10.0.0.7", "203.0.113.9", "169.254.3.4"],
    "eth1": ["10.9.9.9"],
}


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with many interfaces; `eth1` has no cable."""
    mac = Address(psutil.AF_LINK, "00:00:5e:00:53:01")
    found = {name: [*map(_address, texts), mac] for name, texts in INTERFACES.items()}
    monkeypatch.setattr(psutil, "net_if_addrs", lambda: found)
    monkeypatch.setattr(psutil, "net_if_stats", lambda: {name: Interface(name != "eth1") for name in found})
    monkeypatch.setattr(socket, "gethostname", lambda: "Shop-PC.lan")


def _address(text: str) -> Address:
    return Address(socket.AF_INET6 if ":" in text else socket.AF_INET, text)


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize(
    ("bound", "expected"),
    [
        ("0.0.0.0", Names(("10.0.0.7", "192.168.1.20", "172.17.0.1"), ("shop-pc.local", "shop-pc"))),
        ("::", Names(("10.0.0.7", "192.168.1.20", "fd00::5", "172.17.0.1"), ("shop-pc.local", "shop-pc"))),
        ("192.168.1.20", Names(("192.168.1.20",), ("shop-pc.local", "shop-pc"))),
        ("203.0.113.9", Names((), ("shop-pc.local", "shop-pc"))),
        ("127.0.0.1", Names()),
    ],
)
def test_only_private_addresses_where_it_listens_are_told(bound: str, expected: Names) -> None:
    assert reachable(bound) == expected


def test_the_addresses_of_this_very_machine_are_private() -> None:
    for number in private_addresses():
        assert any(number in ipaddress.ip_network(network) for network in NETWORKS)


@pytest.mark.parametrize(
    ("machine_name", "expected"),
    [
        ("shop", ("shop.local", "shop")),
        ("SHOP.example.com", ("shop.local", "shop")),
        ("localhost", ()),
        ("under_score", ()),
        ("", ()),
        ("-", ()),
    ],
)
def test_a_machine_is_known_by_its_first_label(machine_name: str, expected: tuple[str, ...]) -> None:
    assert host_names(machine_name) == expected


def test_a_host_header_is_recognised() -> None:
    found = Names(("192.168.1.20", "fd00::5"), ("shop.local", "shop"))

    assert all(found.has(host) for host in ("192.168.1.20", "[fd00::5]", "Shop.local"))
    assert not any(found.has(host) for host in ("192.168.1.2", "evil.example", ""))
    assert (in_address("fd00::5"), in_address("shop.local")) == ("[fd00::5]", "shop.local")
