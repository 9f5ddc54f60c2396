"""The socket is opened with a clear refusal, and closed so that whoever is in its queue is still served."""

import socket
import subprocess
import sys

import pytest

from mainstay.bootstrap.listener import open_listener, refuse_newcomers
from mainstay.errors import ConfigurationError


def test_a_free_port_is_taken_on_request() -> None:
    with open_listener("127.0.0.1", 0) as listener:
        assert listener.getsockname()[1] > 0


def test_a_port_that_is_taken_is_refused_in_one_sentence() -> None:
    with open_listener("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(ConfigurationError, match=rf"^Port {port} on 127\.0\.0\.1 is in use by another program;"):
            open_listener("127.0.0.1", port)


def test_the_port_of_an_earlier_run_can_be_taken_again_at_once() -> None:
    """Connections that it closed are still in TIME_WAIT."""
    with open_listener("127.0.0.1", 0) as listener:
        address = listener.getsockname()
        with socket.create_connection(address) as caller:
            accepted, _ = listener.accept()
            accepted.close()
            caller.recv(1)

    with open_listener(*address) as again:
        assert again.getsockname() == address


OPEN = """
import sys
from mainstay.bootstrap.listener import open_listener
from mainstay.errors import ConfigurationError
try:
    open_listener(sys.argv[1], 8017)
except ConfigurationError as refusal:
    print(refusal)
"""


def refusal(host: str) -> str:
    """Return what a program that listens on `host` says; the network is closed for the tests themselves."""
    return subprocess.run([sys.executable, "-c", OPEN, host], capture_output=True, text=True, check=True).stdout


def test_an_address_of_another_machine_is_refused_in_one_sentence() -> None:
    assert refusal("192.0.2.1") == (
        "The program cannot listen on 192.0.2.1, port 8017: Cannot assign requested address.\n"
    )


def test_a_host_that_is_no_address_is_refused_in_one_sentence() -> None:
    assert refusal("no..host") == "The host 'no..host' is not an address of this machine.\n"


def test_who_is_in_the_queue_is_served_and_who_comes_later_is_not_let_in() -> None:
    with open_listener("127.0.0.1", 0) as listener:
        address = listener.getsockname()
        with socket.create_connection(address) as early, socket.socket() as late:
            early.sendall(b"request")
            assert refuse_newcomers(listener)
            late.settimeout(0.3)
            with pytest.raises(TimeoutError):
                late.connect(address)

            accepted, _ = listener.accept()
            with accepted:
                assert accepted.recv(7) == b"request"
                accepted.sendall(b"answer")
            assert early.recv(6) == b"answer"

            listener.settimeout(0)
            with pytest.raises(BlockingIOError):
                listener.accept()


def test_who_knocks_after_the_end_is_told_so() -> None:
    with open_listener("127.0.0.1", 0) as listener:
        address = listener.getsockname()
        refuse_newcomers(listener)

    with socket.socket() as late, pytest.raises(ConnectionRefusedError):
        late.connect(address)


def test_a_socket_that_is_closed_already_has_no_newcomers_to_refuse() -> None:
    listener = open_listener("127.0.0.1", 0)
    listener.close()

    assert refuse_newcomers(listener) is False
