"""Which addresses may be called: sixty ways to write or to mean the inside of a network, each refused."""

from collections.abc import Iterator, Sequence

import pytest

from mainstay.net.destination import Destination
from mainstay.net.failures import UNKNOWN_HOST, AddressRefused, CallFailed
from mainstay.net.guard import Allowed, Guard, look_up

PUBLIC = "93.184.215.14"
# What the names of these tests stand for.
NAMES: dict[str, Sequence[str]] = {
    "good.example": (PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c"),
    "loopback.example": ("127.0.0.1",),
    "one-bad.example": (PUBLIC, "10.0.0.5"),
    "mapped.example": ("::ffff:127.0.0.1",),
    "metadata.example": ("169.254.169.254",),
    "nothing.example": (),
    "localhost": ("127.0.0.1", "::1"),
}
REFUSED = [
    # Plain numbers that are not public: loopback, private, link-local, shared, this network.
    *("http://127.0.0.1/", "http://127.8.9.1/", "http://10.0.0.1/", "http://172.16.0.1/", "http://172.31.255.255/"),
    *("http://192.168.1.1/", "http://169.254.169.254/latest/meta-data/", "http://100.64.0.1/", "http://0.0.0.0/"),
    *("http://0.1.2.3/", "http://100.127.255.255/"),
    # Multicast, reserved, broadcast, documentation, benchmarks, protocol assignments, the old relay of 6to4.
    *("http://224.0.0.1/", "http://239.255.255.250/", "http://240.0.0.1/", "http://255.255.255.255/"),
    *("http://192.0.2.1/", "http://198.51.100.1/", "http://203.0.113.1/", "http://198.18.0.1/", "http://192.0.0.8/"),
    "http://192.88.99.1/",
    # Version 6: unspecified, loopback, unique local, link-local, site-local, multicast, documentation, discard.
    *("http://[::]/", "http://[::1]/", "http://[fc00::1]/", "http://[fd12:3456::1]/", "http://[fe80::1]/"),
    *("http://[fec0::1]/", "http://[ff02::1]/", "http://[2001:db8::1]/", "http://[3fff::1]/", "http://[100::1]/"),
    # An address of version 4 inside: mapped, compatible, NAT64 twice, 6to4, Teredo.
    *("http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/", "http://[::ffff:0:10.0.0.1]/"),
    *("http://[64:ff9b::7f00:1]/", "http://[64:ff9b::10.0.0.1]/", "http://[64:ff9b:1::a00:1]/"),
    *("http://[2002:7f00:1::]/", "http://[2002:a00:1::1]/", "http://[2001:0:7f00:1::]/", "http://[2001::f5ff:fffe]/"),
    # Numbers as inet_aton reads them: one number, octal, hexadecimal, short, and with a dot behind.
    *("http://2130706433/", "http://017700000001/", "http://0x7f000001/", "http://0x7f.0.0.1/", "http://0177.0.0.1/"),
    *("http://127.1/", "http://127.0.1/", "http://127.0.0.1./", "http://0/", "http://0x/", "http://1.2.3.4.5/"),
    # Letters that become others, percent signs, zones, dots, and who seems to be the host.
    *("http://\uff11\uff12\uff17.0.0.1/", "http://127\u30020\u30020\u30021/", "http://\u24db\u24de\u24d2al.example/"),
    *(
        "http://%31%32%37.0.0.1/",
        "http://[fe80::1%25eth0]/",
        "http://localhost/",
        "http://localhost./",
        "http://LOCALHOST/",
    ),
    *("http://good.example@127.0.0.1/", "http://127.0.0.1@good.example/", "http://good.example\\@127.0.0.1/"),
    *(
        "http://good.example\t/",
        "http:// good.example/",
        "http:///etc/passwd",
        "file:///etc/passwd",
        "gopher://good.example/",
    ),
    # Names that stand for such numbers, one bad number among good ones included.
    *("http://loopback.example/", "http://one-bad.example/", "http://mapped.example/", "https://metadata.example/"),
]


def looked_up(host: str, _port: int) -> Sequence[str]:
    if host not in NAMES:
        raise OSError("no such name")
    return NAMES[host]


@pytest.fixture
def guard() -> Iterator[Guard]:
    guard = Guard(lookup=looked_up)
    yield guard
    guard.close()


async def called(guard: Guard, url: str) -> Sequence[str]:
    place = Destination.of(url)
    return await guard.addresses(place.host, place.port)


@pytest.mark.parametrize("url", REFUSED)
async def test_the_inside_of_a_network_is_refused_however_it_is_written(guard: Guard, url: str) -> None:
    with pytest.raises(AddressRefused):
        await called(guard, url)


async def test_the_public_internet_may_be_called(guard: Guard) -> None:
    assert await called(guard, "https://good.example/") == NAMES["good.example"]
    assert await called(guard, f"https://{PUBLIC}/") == (PUBLIC,)
    assert await called(guard, "https://[2606:4700::6810:84e5]/") == ("2606:4700::6810:84e5",)


async def test_a_name_without_an_address_is_no_refusal(guard: Guard) -> None:
    for host in ("nowhere.example", "nothing.example"):
        with pytest.raises(CallFailed) as failed:
            await called(guard, f"http://{host}/")
        assert failed.value.code == UNKNOWN_HOST


async def test_the_owner_may_name_networks_hosts_and_ports() -> None:
    guard = Guard(Allowed.of(("10.0.0.0/24", "loopback.example", "::1"), (443,)), looked_up)
    assert await called(guard, "https://10.0.0.7/") == ("10.0.0.7",)
    assert await called(guard, "https://loopback.example/") == ("127.0.0.1",)
    assert await called(guard, "https://[::1]/") == ("::1",)
    for url in ("https://10.0.1.7/", "https://127.0.0.1/", "https://good.example:8443/", "https://localhost/"):
        with pytest.raises(AddressRefused):
            await called(guard, url)
    guard.close()


def test_the_system_is_asked_for_names() -> None:
    assert set(look_up("localhost", 80)) <= {"127.0.0.1", "::1"}
