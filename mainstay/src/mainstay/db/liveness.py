"""Liveness of connections: a network that falls silent is noticed in seconds, not after TCP's quarter of an hour."""

import socket
from typing import Any, Final

# How often a side is knocked at that has said nothing, before it is given up.
KNOCKS: Final = 3


def guard(connection: Any, seconds: float) -> None:  # noqa: ANN401  asyncpg ships no types
    """Have the system end asyncpg's `connection` when its other side acknowledges nothing for `seconds`.

    One that waits for an answer, or for nothing, is knocked at after as long. Sockets of this machine end with their
    other side. What the system does not know of (TCP_USER_TIMEOUT is Linux's) is left out.
    """
    used: socket.socket = connection._transport.get_extra_info("socket")  # noqa: SLF001  there is no other way to it
    if used.family not in {socket.AF_INET, socket.AF_INET6}:
        return
    used.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    wanted = {
        "TCP_KEEPIDLE": _whole(seconds),
        "TCP_KEEPINTVL": _whole(seconds / KNOCKS),
        "TCP_KEEPCNT": KNOCKS,
        "TCP_USER_TIMEOUT": int(seconds * 1000),
    }
    for name, value in wanted.items():
        if (option := getattr(socket, name, None)) is not None:
            used.setsockopt(socket.IPPROTO_TCP, option, value)


def parameters(seconds: float) -> dict[str, int]:
    """Return the same for libpq and psycopg (PostgreSQL's manual, 34.1.2)."""
    return {
        "keepalives": 1,
        "keepalives_idle": _whole(seconds),
        "keepalives_interval": _whole(seconds / KNOCKS),
        "keepalives_count": KNOCKS,
        "tcp_user_timeout": int(seconds * 1000),
    }


def _whole(seconds: float) -> int:
    return max(1, round(seconds))
