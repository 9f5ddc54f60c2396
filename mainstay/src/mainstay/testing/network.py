"""Closes the network for tests: nothing but this machine can be reached."""

import contextlib
import ipaddress
import os
import socket
import sys
from typing import Any

from sqlalchemy import make_url


class OutsideNetwork(RuntimeError):
    """A test wanted to reach another machine."""


def is_here(host: object) -> bool:
    """Whether `host`, a name or a number, is this machine, or the server that the developer chose for the tests."""
    if isinstance(host, bytes):
        host = host.decode()
    if host in {None, "", "localhost", _database_host()}:
        return True
    with contextlib.suppress(ValueError):  # a name: only those above are known to be here
        address = ipaddress.ip_address(str(host))
        return address.is_loopback or address.is_unspecified
    return False


def _database_host() -> str | None:
    """Return the host of the database server that the developer chose for the tests, if there is one."""
    url = os.environ.get("TEST_DATABASE_URL")
    return make_url(url).host if url else None


def refuse_outside(event: str, arguments: tuple[Any, ...]) -> None:
    """Raise OutsideNetwork when the audit `event` of a socket is about another machine; others are let pass."""
    if event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = arguments[0]
    elif event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        used, address = arguments[0], arguments[1]
        if used.family not in {socket.AF_INET, socket.AF_INET6} or address is None:
            return
        host = address[0]
    else:
        return
    if not is_here(host):
        raise OutsideNetwork(f"Tests do not reach other machines: {event} to {host!r} was refused.")


# Python switches tracing off inside audit hooks that do not ask for it, and so the measuring of coverage: only direct
# calls counted, in whichever process they happened to be made.
refuse_outside.__cantrace__ = True  # type: ignore[attr-defined]  # the interpreter reads it
# An audit hook sees every socket of the process, whichever library opens it, and cannot be taken away again.
sys.addaudithook(refuse_outside)
