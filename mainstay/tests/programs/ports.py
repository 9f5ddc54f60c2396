"""Ports of this machine: free ones for programs that cannot take any by themselves."""

import socket


def free_ports(count: int) -> list[int]:
    """Return ports that are free now."""
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in taken]
    for one in taken:
        one.close()
    return ports


def is_listened_at(port: int) -> bool:
    """Say whether somebody takes connections at a port."""
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return False
    return True
