"""The HTTP server (granian, in this process) on a socket that somebody else opened, with a stop that loses nothing.

Granian by itself closes the socket and idle connections at once when it is told to stop; requests that sit in them at
that moment are lost. So the connections are brought to an end first: docs/decisions/0005-one-command.md.
"""

import asyncio
import os
import resource
import signal
import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog
from granian._granian import SocketHolder
from granian.asgi import LifespanProtocol
from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.embed import Server
from starlette.types import ASGIApp

from mainstay.bootstrap.certificate import CertificateFiles, TlsSettings
from mainstay.bootstrap.drain import Draining
from mainstay.bootstrap.listener import BACKLOG, refuse_newcomers
from mainstay.errors import ConfigurationError
from mainstay.web.transport import TransportSettings

logger = structlog.stdlib.get_logger(__name__)

# Granian's own lines go the way of all others, from warnings on.
LOGGING = {"handlers": {}, "loggers": {"_granian": {"handlers": [], "propagate": True}}}
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
# Connections at once: whoever opens a thousand and says nothing must leave room for all others.
CONNECTIONS = 16_384
# Bytes that the server keeps of a head before it has read it whole; what is too much is refused by `HeadLimit`.
BUFFER_BYTES = 128 * 1024
# Seconds that shaking hands may take: the server gives up by then.
HANDSHAKE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Manner:
    """How to serve: seconds for what is under way at a stop, the certificate for HTTPS, and seconds for a head.

    A connection may also stay without a request for `head_seconds`. For `notice_seconds` after it was told to stop the
    server takes everybody in as before, so that a balancer sees in time that the program is not ready any more.
    """

    patience: float
    certificate: CertificateFiles | None = None
    head_seconds: float = 15.0
    notice_seconds: float = 0.0


def manner_of(program: str, patience: float) -> Manner:
    """Return how the environment wants `program` served; raises ConfigurationError."""
    wished = TransportSettings.load(program)
    return Manner(patience, TlsSettings.load(program).files(), wished.head_seconds, wished.notice_seconds)


class _Server(Server):
    """Granian on a socket that is open already."""

    def __init__(self, app: ASGIApp, listener: socket.socket, manner: Manner) -> None:
        certificate = manner.certificate
        host, port = listener.getsockname()[:2]
        super().__init__(
            app,
            address=host,
            port=port,
            # `serve` runs the lifespan: one application may see several servers, one after the other.
            interface=Interfaces.ASGINL,
            # HTTP/1.1 alone, with TLS or without: what the drain says to clients exists there only.
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(
                header_read_timeout=int(manner.head_seconds * 1000), max_buffer_size=BUFFER_BYTES
            ),
            websockets=False,
            backlog=BACKLOG,
            backpressure=CONNECTIONS,
            log_level=LogLevels.error,
            log_dictconfig=LOGGING,
            ssl_cert=certificate.chain if certificate else None,
            ssl_key=certificate.key if certificate else None,
            # Tablets that are too old for 1.3 still stand beside tills; 1.2 here has forward secrecy and AEAD only.
            ssl_protocol_min=SSLProtocols.tls12,
        )
        # Granian closes the descriptor that it gets.
        self._descriptor = os.dup(listener.fileno())

    def _init_shared_socket(self) -> None:
        self._ssp = None
        # Granian's types know neither this constructor nor what these hold.
        self._sfd = self._descriptor  # type: ignore[assignment]  # see above
        self._shd = SocketHolder(self._descriptor, False, BACKLOG)  # type: ignore[call-arg, assignment]  # see above

    def leave_queue(self) -> None:
        """Accept nobody any more, and go on serving whoever has been accepted.

        Granian cannot be told to. Its descriptor becomes another listening socket, at which nobody knocks; the queue
        stays whole for the server that took over.
        """
        with socket.create_server(("127.0.0.1", 0)) as silent:
            silent.setblocking(False)  # its server's threads must not wait at it
            os.dup2(silent.fileno(), self._descriptor, inheritable=False)


class _Running:
    """A server that accepts, with all its connections."""

    def __init__(self, app: ASGIApp, listener: socket.socket, manner: Manner) -> None:
        self._manner = manner
        self._draining = Draining(app)
        self._server = _Server(self._draining, listener, manner)
        self.task = asyncio.create_task(self._server.serve(), name="serve")

    async def end(self) -> None:
        """Answer what is under way for as long as there is patience, and stop."""
        self._draining.begin()
        await self._draining.ended(self._manner.patience)
        self._server.stop()  # type: ignore[no-untyped-call]  # granian leaves it untyped
        await self.task

    async def retire(self, stopping: asyncio.Task[Any]) -> None:
        """Leave newcomers to the server that took over, see everybody off who had come before, and end.

        Whoever shakes hands or keeps a connection has as long as at other times, or until `stopping` is done.
        """
        self._server.leave_queue()
        self._draining.begin()
        await asyncio.wait({stopping}, timeout=HANDSHAKE_SECONDS + self._manner.head_seconds)
        await self.end()


class _Stop:
    """What the signals say: the first one to stop, and another one to be quick about it."""

    def __init__(self) -> None:
        self.told = asyncio.Event()
        self._hurried = asyncio.Event()

    def hear(self) -> None:
        """Take a signal."""
        (self._hurried if self.told.is_set() else self.told).set()

    async def noticed(self, seconds: float) -> None:
        """Return after so many seconds, or as soon as there is a hurry."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._hurried.wait()


async def serve(app: ASGIApp, listener: socket.socket, manner: Manner) -> None:
    """Serve `app` on `listener` until SIGTERM or SIGINT, then answer what is under way; a second one ends the notice.

    With a certificate it speaks HTTPS, and takes up a new one when the files change. Raises ConfigurationError when
    they are none.
    """
    if manner.certificate is not None:
        manner.certificate.check()
    allow_connections()
    stop = _Stop()
    loop = asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, stop.hear)
    lifespan = LifespanProtocol(app)  # type: ignore[no-untyped-call]  # granian leaves it untyped
    await lifespan.startup()  # type: ignore[no-untyped-call]  # see above
    if lifespan.interrupt:
        raise RuntimeError("The application refused to start.") from lifespan.exc
    host, port = listener.getsockname()[:2]
    logger.info("serving", host=host, port=port)
    try:
        await _serve_until(stop, app, listener, manner)
    finally:
        await lifespan.shutdown()  # type: ignore[no-untyped-call]  # see above


async def _serve_until(stop: _Stop, app: ASGIApp, listener: socket.socket, manner: Manner) -> None:
    certificate = manner.certificate
    mark = certificate.mark() if certificate else ()
    running = _Running(app, listener, manner)
    stopping = asyncio.create_task(stop.told.wait(), name="wait for a stop")
    retiring: list[asyncio.Task[None]] = []
    while certificate is not None:
        changing = asyncio.create_task(certificate.changed(mark), name="watch the certificate")
        await asyncio.wait({running.task, stopping, changing}, return_when=asyncio.FIRST_COMPLETED)
        if not changing.done() or stop.told.is_set() or running.task.done():
            changing.cancel()
            break
        mark = changing.result()
        if (fresh := _renewed(app, listener, manner)) is not None:
            retiring.append(asyncio.create_task(running.retire(stopping), name="retire"))
            running = fresh
    await asyncio.wait({running.task, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if stop.told.is_set():
        await stop.noticed(manner.notice_seconds)
        refuse_newcomers(listener)
        await running.end()
    stopping.cancel()
    await asyncio.gather(*retiring)
    await running.task


def _renewed(app: ASGIApp, listener: socket.socket, manner: Manner) -> _Running | None:
    """Return a server with the certificate that the files hold now; None while they are none (half exchanged)."""
    certificate = manner.certificate
    assert certificate is not None  # noqa: S101  only those that are watched are renewed
    try:
        certificate.check()
    except ConfigurationError as failure:
        logger.warning("the old certificate is kept", reason=str(failure))
        return None
    logger.info("the certificate was exchanged", file=str(certificate.chain))
    return _Running(app, listener, manner)


def allow_connections() -> None:
    """Allow this process as many open connections as the system lets it have: many are given 1,024 to begin with."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + 1024
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
