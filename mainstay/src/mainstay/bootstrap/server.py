"""The HTTP server (granian, in this process) on a socket that somebody else opened, with a stop that loses nothing.

Granian by itself closes the socket and idle connections at once when it is told to stop; requests that sit in them at
that moment are lost. So the connections are brought to an end first: docs/decisions/0005-one-command.md.
"""

import asyncio
import os
import signal
import socket

import structlog
from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.embed import Server
from starlette.types import ASGIApp

from mainstay.bootstrap.drain import Draining
from mainstay.bootstrap.listener import BACKLOG, refuse_newcomers

logger = structlog.stdlib.get_logger(__name__)

# Granian's own lines go the way of all others, from warnings on.
LOGGING = {"handlers": {}, "loggers": {"_granian": {"handlers": [], "propagate": True}}}
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class _Server(Server):
    """Granian on a socket that is open already."""

    def __init__(self, app: ASGIApp, listener: socket.socket) -> None:
        host, port = listener.getsockname()[:2]
        super().__init__(
            app,
            address=host,
            port=port,
            interface=Interfaces.ASGI,
            # HTTP/2 needs TLS, and whatever ends TLS in front of this program speaks HTTP/1.1 with it.
            http=HTTPModes.http1,
            websockets=False,
            backlog=BACKLOG,
            log_level=LogLevels.error,
            log_dictconfig=LOGGING,
        )
        self._listener = listener

    def _init_shared_socket(self) -> None:
        self._ssp = None
        # Granian closes the descriptor that it gets. Its types know neither this constructor nor what these hold.
        descriptor = os.dup(self._listener.fileno())
        self._sfd = descriptor  # type: ignore[assignment]  # see above
        self._shd = SocketHolder(descriptor, False, BACKLOG)  # type: ignore[call-arg, assignment]  # see above


async def serve(app: ASGIApp, listener: socket.socket, *, patience: float) -> None:
    """Serve `app` on `listener` until SIGTERM or SIGINT, then answer what is under way for up to `patience` seconds."""
    draining = Draining(app)
    server = _Server(draining, listener)
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, told.set)
    host, port = listener.getsockname()[:2]
    logger.info("serving", host=host, port=port)
    serving = asyncio.create_task(server.serve(), name="serve")
    stopping = asyncio.create_task(told.wait(), name="wait for a stop")
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if told.is_set():
        refuse_newcomers(listener)
        draining.begin()
        await draining.ended(patience)
        server.stop()  # type: ignore[no-untyped-call]  # granian leaves it untyped
    stopping.cancel()
    await serving
