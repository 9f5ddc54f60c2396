"""The process of the page for new devices: a child of `serve --lan`, with the public certificate and nothing secret."""

import socket
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import uvloop

from mainstay.bootstrap.lan.door import Door, Entry
from mainstay.bootstrap.lan.names import reachable
from mainstay.bootstrap.orders import Orders, end_with_parent, wait_to_begin
from mainstay.bootstrap.server import Manner, serve
from mainstay.errors import ConfigurationError
from mainstay.observe.logs import LogSettings, configure_logging_by

PATIENCE = 2.0


def main(package: str, _arguments: Sequence[str]) -> int:
    """Serve the page on the socket that the parent opened, until it says stop."""
    end_with_parent()
    orders = Orders.receive()
    if orders.listener is None:
        raise ConfigurationError("The page was started without a socket.")
    configure_logging_by(LogSettings.load(package))
    wait_to_begin()
    with socket.socket(fileno=orders.listener) as listener:
        uvloop.run(serve(door(orders.page, listener), listener, Manner(PATIENCE)))
    return 0


def door(page: dict[str, str], listener: socket.socket) -> Door:
    """Return the page that the orders describe, for the names under which it and the program are reached."""
    entry = Entry(page["title"], int(page["secure_port"]), listener.getsockname()[1])
    return Door(entry, Path(page["authority"]), partial(reachable, page["bound"]))
