"""The network is closed for tests: this machine answers, everything else is refused before a packet leaves."""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx2
import pytest

from mainstay.testing.network import OutsideNetwork, is_here, refuse_outside

# Numbers for documentation (RFC 5737, RFC 3849): nobody has them.
OUTSIDE = ("192.0.2.1", "2001:db8::1")


@pytest.mark.parametrize("host", OUTSIDE)
def test_another_machine_cannot_be_reached_by_its_number(host: str) -> None:
    with pytest.raises(OutsideNetwork, match=r"do not reach other machines"):
        socket.create_connection((host, 80), timeout=1)


def test_no_name_of_another_machine_is_looked_up() -> None:
    with pytest.raises(OutsideNetwork, match=r"shop\.example"):
        socket.getaddrinfo("shop.example", 443)
    with pytest.raises(OutsideNetwork):
        socket.gethostbyname("shop.example")


def test_no_packet_is_sent_without_a_connection_either() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as packets:
        with pytest.raises(OutsideNetwork):
            packets.sendto(b"x", (OUTSIDE[0], 53))
        with pytest.raises(OutsideNetwork):
            packets.sendmsg([b"x"], [], 0, (OUTSIDE[0], 53))


async def test_the_event_loop_and_clients_are_held_to_it_too() -> None:
    with pytest.raises(OutsideNetwork):
        await asyncio.open_connection(OUTSIDE[0], 80)
    async with httpx2.AsyncClient() as client:
        with pytest.raises(OutsideNetwork):
            await client.get("https://shop.example/")


async def test_this_machine_is_reached_by_its_numbers_its_name_and_its_sockets() -> None:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    for host in ("127.0.0.1", "localhost"):
        reader, writer = await asyncio.open_connection(host, port)
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()
    server.close()
    await server.wait_closed()


def test_a_socket_file_is_reached() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "socket"))
        with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
            server.bind(path)
            server.listen()
            client.connect(path)
            assert client.getpeername() == path


TRACED = """
import socket, sys
from mainstay.testing import network

seen = set()
sys.settrace(lambda frame, event, argument: seen.add(frame.f_code.co_name))
socket.getaddrinfo("localhost", 1)
sys.settrace(None)
print(sorted(seen & {"refuse_outside", "is_here"}))
"""


def test_what_the_hook_does_can_be_measured() -> None:
    """Otherwise its coverage is that of direct calls, and depends on which process of a run makes them."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    told = subprocess.run([sys.executable, "-c", TRACED], env=environment, capture_output=True, text=True, check=True)

    assert told.stdout == "['is_here', 'refuse_outside']\n"


@pytest.mark.parametrize("host", [None, "", "localhost", "127.0.0.1", "127.8.8.8", "::1", "0.0.0.0", b"localhost"])
def test_these_are_this_machine(host: object) -> None:
    assert is_here(host)


@pytest.mark.parametrize(
    "host", ["shop.example", "10.0.0.1", "169.254.169.254", b"shop.example", "localhost.example", 7]
)
def test_these_are_others(host: object) -> None:
    assert not is_here(host)


def test_the_server_that_the_developer_chose_is_let_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", "postgresql://tester@db.example:5433/tests")

    assert is_here("db.example")
    assert not is_here("shop.example")


def test_the_hook_looks_at_sockets_and_nothing_else() -> None:
    with socket.socket(socket.AF_INET) as plain, socket.socket(socket.AF_UNIX) as local:
        for event, arguments in (
            ("open", ("/etc/hosts", "r", 0)),
            ("socket.connect", (plain, ("127.0.0.1", 1))),
            ("socket.sendmsg", (plain, None)),
            ("socket.connect", (local, "/tmp/socket")),  # noqa: S108  nothing is made there
            ("socket.getaddrinfo", ("localhost", 1)),
        ):
            assert refuse_outside(event, arguments) is None  # type: ignore[func-returns-value]  # it does not raise
        with pytest.raises(OutsideNetwork):
            refuse_outside("socket.connect", (plain, ("203.0.113.1", 1)))
        with pytest.raises(OutsideNetwork):
            refuse_outside("socket.getaddrinfo", ("shop.example", 1))
