"""The page's process: what it makes of its orders, and that it is nothing without a socket."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from mainstay.bootstrap.lan.authority import FILE
from mainstay.bootstrap.lan.keeper import Keeper
from mainstay.bootstrap.lan.page_role import door
from mainstay.bootstrap.orders import BEGIN, Orders

PATIENCE = 20.0


@pytest.fixture
def page(keeper: Keeper) -> dict[str, str]:
    """What the parent tells the page of."""
    assert keeper.authority.certificate is not None
    return {"title": "Sample", "secure_port": "8443", "authority": str(keeper.folder / FILE), "bound": "127.0.0.1"}


def test_the_page_is_made_of_its_orders(page: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert door(page, listener) is not None


def test_a_page_without_a_socket_is_refused(page: dict[str, str]) -> None:
    child = subprocess.run(
        [sys.executable, "-m", "sample", "child", "page"],
        input=Orders(os.getpid(), page=page).line(),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        check=False,
    )

    assert child.returncode != 0
    assert b"without a socket" in child.stderr


def test_the_process_serves_the_page_until_it_is_stopped(page: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        child = subprocess.Popen(
            [sys.executable, "-m", "sample", "child", "page"],
            stdin=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            pass_fds=[listener.fileno()],
        )
        assert child.stdin is not None
        child.stdin.write(Orders(os.getpid(), listener=listener.fileno(), page=page).line() + BEGIN)
        child.stdin.flush()
        answer = ask(listener.getsockname()[1])
        child.send_signal(signal.SIGTERM)

        assert child.wait(PATIENCE) == 0
        child.stdin.close()
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"Sample" in answer


def ask(port: int) -> bytes:
    """Return what the page answers; the socket is open from before, so that the request waits for the process."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        found, deadline = b"", time.monotonic() + PATIENCE
        while (part := connection.recv(65536)) and time.monotonic() < deadline:
            found += part
        return found
