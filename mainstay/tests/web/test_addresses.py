"""Only requests for this program's own addresses are answered."""

import asyncio
import socket

import pytest
from probe.served import Served

from mainstay.errors import ConfigurationError
from mainstay.testing.client import Client
from mainstay.web.addresses import Addresses


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:8000", "127.0.0.1.evil.example"]
)
async def test_a_request_for_another_site_is_refused(api: Client, host: str) -> None:
    reply = await api.get("/health/live", headers={"Host": host})

    assert (reply.status_code, reply.json()["code"]) == (400, "untrusted_host")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:9", "192.168.1.20:8000", "[::1]:8000", "shop.localhost"])
async def test_this_machine_and_plain_numbers_are_always_ours(api: Client, host: str) -> None:
    assert (await api.get("/health/live", headers={"Host": host})).status_code == 200


async def test_a_request_without_a_host_is_refused(served: Served) -> None:
    host, port = served.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"GET /health/live HTTP/1.0\r\n\r\n")
    reply = await reader.read()
    writer.close()
    await writer.wait_closed()

    assert reply.startswith(b"HTTP/1.0 400")


@pytest.mark.parametrize(
    "head",
    [
        b"Host: localhost\r\nHost: localhost",
        b"Host: localhost\r\nHost: evil.example",
        b"Host: evil.example\r\nHost: localhost",
        b"Host: localhost\r\nhOST: localhost",
        b"Host: localhost, evil.example",
        b"Host:",
        b"X-Forwarded-Host: localhost",
    ],
)
async def test_no_host_or_two_are_refused(served: Served, head: bytes) -> None:
    """A proxy that believes the other one would have been led past its own rules."""
    host, port = served.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"GET /health/live HTTP/1.1\r\nConnection: close\r\n" + head + b"\r\n\r\n")
    reply = await reader.read()
    writer.close()

    assert reply.startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(
    "host", [b"", b"one two", b"user@localhost", b"localhost/path", b"localhost:port", b"[::1", b"\xff", b"a" * 300]
)
def test_what_is_no_host_is_not_ours(host: bytes) -> None:
    assert not Addresses().has_host(host)


def test_the_name_of_this_machine_is_ours() -> None:
    name = socket.gethostname().encode()

    assert Addresses().has_host(name)
    assert Addresses().has_host(name + b".local:8000")


def test_a_machine_with_a_long_name_is_known_by_its_first_part_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "Till.shop.example")

    assert Addresses().has_host(b"till.local")
    assert Addresses().has_host(b"till.shop.example")
    assert not Addresses().has_host(b"shop.example")


def test_stated_addresses_are_ours_as_hosts_and_as_origins() -> None:
    addresses = Addresses(("https://shop.example", "tills.example:8443"))

    assert addresses.has_host(b"shop.example")
    assert addresses.has_host(b"tills.example:8443")
    assert not addresses.has_host(b"other.example")
    assert addresses.has_origin("https://shop.example", "inside:8000")
    assert not addresses.has_origin("http://shop.example", "inside:8000")
    assert addresses.has_origin("https://tills.example:8443", "inside:8000")
    assert not addresses.has_origin("https://tills.example", "inside:8000")


@pytest.mark.parametrize("address", ["", "https://", "ftp://shop.example", "https://shop.example/path"])
def test_an_address_that_is_none_stops_the_start(address: str) -> None:
    with pytest.raises(ConfigurationError, match="must look like"):
        Addresses((address,))


@pytest.mark.parametrize(
    ("host", "origins"),
    [
        ("shop.example", ("https://shop.example",)),
        ("SHOP.example:8443", ("https://shop.example:8443", "https://shop.example")),
        ("localhost:8000", ("https://localhost:8000", "http://localhost:8000")),
        ("till.localhost", ("https://till.localhost", "http://till.localhost")),
        ("old.example", ("https://old.example",)),
    ],
)
def test_a_site_has_the_safe_origins_of_its_name(host: str, origins: tuple[str, ...]) -> None:
    addresses = Addresses(["https://shop.example", "http://old.example"])

    site = addresses.site_of(host)

    assert site is not None
    assert site.name == host.lower().partition(":")[0]
    assert site.origins == origins


@pytest.mark.parametrize("host", ["", "evil.example", "127.0.0.1:8000", "[::1]", "two words", "ключ.example"])
def test_a_number_or_a_foreign_name_is_no_site(host: str) -> None:
    assert Addresses(["https://shop.example"]).site_of(host) is None
