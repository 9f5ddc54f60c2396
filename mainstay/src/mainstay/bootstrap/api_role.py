"""The API process: one of the children of `serve`, or the command `api` by itself."""

import socket
from collections.abc import Sequence

import uvloop

from mainstay.bootstrap.collecting import keep_what_is_loaded
from mainstay.bootstrap.loading import load_api, load_program
from mainstay.bootstrap.orders import Orders, end_with_parent, wait_to_begin
from mainstay.bootstrap.server import manner_of, serve
from mainstay.errors import ConfigurationError
from mainstay.observe.logs import LogSettings, configure_logging_by

# Seconds that requests under way have at a stop; an import of a large file may take some.
PATIENCE = 15.0


def main(package: str, _arguments: Sequence[str]) -> int:
    """Serve the API on the socket that the parent opened, from the moment it says so until it says stop."""
    end_with_parent()
    load_program(package)
    orders = Orders.receive()
    if orders.listener is None:
        raise ConfigurationError("The API was started without a socket.")
    configure_logging_by(LogSettings.load(package))
    manner = manner_of(package, PATIENCE)
    app = load_api(package)
    keep_what_is_loaded()
    wait_to_begin()
    with socket.socket(fileno=orders.listener) as listener:
        uvloop.run(serve(app, listener, manner))
    return 0
