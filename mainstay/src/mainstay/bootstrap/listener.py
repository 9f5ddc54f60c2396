"""The listening socket: opened before anything else starts, shared with the API, closed without losing a request."""

import ctypes
import errno
import socket
import struct
import sys

from mainstay.errors import ConfigurationError

BACKLOG = 1024

# From <asm-generic/socket.h> and <linux/filter.h>; Python names neither.
SO_ATTACH_FILTER = 26
# A classic BPF program over the TCP header: packets that ask for a new connection (SYN) are dropped, all others pass.
# Each instruction is (code, jump if true, jump if false, value).
DROP_NEWCOMERS = (
    (0x30, 0, 0, 13),  # load the byte with the flags
    (0x45, 0, 1, 0x02),  # is SYN among them?
    (0x06, 0, 0, 0),  # return 0: drop the packet
    (0x06, 0, 0, 0xFFFFFFFF),  # return all: keep the packet
)


def open_listener(host: str, port: int) -> socket.socket:
    """Listen on `host` and `port` (0 takes a free one); connections wait until the API accepts them.

    Raises ConfigurationError with one sentence when the address is taken, unknown or not allowed.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, UnicodeError) as failure:
        raise ConfigurationError(f"The host {host!r} is not an address of this machine.") from failure
    listener = socket.socket(family, kind, protocol)
    try:
        # Connections of an earlier run may still be in TIME_WAIT; a living listener is refused all the same.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as failure:
        listener.close()
        raise ConfigurationError(_explain(failure, host, port)) from None
    return listener


def _explain(failure: OSError, host: str, port: int) -> str:
    if failure.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use by another program; stop that one or choose a port with --port."
    if failure.errno == errno.EACCES:
        return f"Port {port} is reserved for the system; choose one above 1023 with --port."
    return f"The program cannot listen on {host}, port {port}: {failure.strerror}."


def refuse_newcomers(listener: socket.socket) -> bool:
    """Let no further connection begin, while those that have begun are still accepted; say whether it worked.

    Closing a listening socket resets the connections that wait in its queue, with requests in them. With this filter
    the queue runs empty first; whoever knocks meanwhile is told "refused" as soon as the socket is closed. It needs
    Linux and no rights; elsewhere the moment of closing may cost a request.
    """
    if sys.platform != "linux":
        return False
    program = b"".join(struct.pack("HBBI", *instruction) for instruction in DROP_NEWCOMERS)
    buffer = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog: the number of instructions and a pointer to them.
    fprog = struct.pack("HP", len(DROP_NEWCOMERS), ctypes.addressof(buffer))
    try:
        listener.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, fprog)
    except OSError:
        return False
    return True
