"""Brings the API to an end without losing a request: answers what is under way, and asks every client to leave."""

import asyncio
from dataclasses import dataclass, field

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mainstay import clock

logger = structlog.stdlib.get_logger(__name__)

# Seconds without a request after which connections that are kept alive are taken for idle.
QUIET = 0.5
DISCONNECT: Message = {"type": "http.disconnect"}


async def _hear_of_leaving() -> Message:
    return DISCONNECT


async def _tell_nobody(_message: Message) -> None:
    """Take what is said after the end, which the server lets pass too."""


@dataclass(slots=True)
class _Exchange:
    """A request and its answer, as far as it has come, and the server's two ends of it."""

    receive: Receive
    send: Send
    is_body_read: bool = False
    is_stream: bool = False
    is_complete: bool = False
    cut: asyncio.Event = field(default_factory=asyncio.Event)

    async def hear(self) -> Message:
        """Return the next message; once the body is read, that the client left as soon as the stream is cut."""
        if self.is_body_read:
            return await _first_of(self.receive, self.cut)
        message = await self.receive()
        self.is_body_read = not message.get("more_body", False)
        return message

    def let_go(self) -> None:
        """Give the ends back to the server, whoever still holds the exchange.

        The server keeps a connection whose body was not read to its end until the ends are gone. An exception that
        was handled may hold its frames, and with them the exchange, until the next collection of garbage.
        """
        self.receive, self.send = _hear_of_leaving, _tell_nobody


class Draining:
    """Wraps the application; once `begin` was called, each answer asks its client to close the connection.

    Streams of server-sent events have no end of their own: they see their client leave, and end.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._is_draining = False
        self._under_way: set[int] = set()
        self._streams: set[asyncio.Event] = set()
        self._last_answer = 0.0

    def begin(self) -> None:
        """Start to bring the connections to an end."""
        self._is_draining = True
        for cut in self._streams:
            cut.set()

    async def ended(self, patience: float) -> None:
        """Return when nothing is under way and clients have been quiet for a while, at most after `patience` s."""
        deadline = clock.monotonic() + patience
        while self._under_way or clock.monotonic() - self._last_answer < QUIET:
            if clock.monotonic() > deadline:
                logger.warning("stopped with requests under way", count=len(self._under_way), patience_s=patience)
                return
            await asyncio.sleep(0.02)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the exchange on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(receive, send)
        del receive, send  # see `let_go`
        number = id(exchange)
        self._under_way.add(number)
        try:
            await self._app(scope, exchange.hear, self._telling(exchange))
            if exchange.is_stream and not exchange.is_complete:
                await exchange.send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            exchange.let_go()
            self._under_way.discard(number)
            self._streams.discard(exchange.cut)
            self._last_answer = clock.monotonic()

    def _telling(self, exchange: _Exchange) -> Send:
        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                if _is_event_stream(message):
                    self._follow(exchange)
                if self._is_draining:
                    message = {**message, "headers": [*message.get("headers", ()), (b"connection", b"close")]}
            elif not message.get("more_body", False):
                exchange.is_complete = True
            await exchange.send(message)

        return tell

    def _follow(self, exchange: _Exchange) -> None:
        exchange.is_stream = True
        self._streams.add(exchange.cut)
        if self._is_draining:
            exchange.cut.set()


async def _first_of(receive: Receive, cut: asyncio.Event) -> Message:
    """Return what `receive` brings, or that the client left as soon as `cut` is set."""
    coming = asyncio.ensure_future(receive())
    ending = asyncio.ensure_future(cut.wait())
    try:
        await asyncio.wait({coming, ending}, return_when=asyncio.FIRST_COMPLETED)
        return coming.result() if coming.done() else DISCONNECT
    finally:
        coming.cancel()
        ending.cancel()


def _is_event_stream(message: Message) -> bool:
    return any(
        name.lower() == b"content-type" and value.startswith(b"text/event-stream")
        for name, value in message.get("headers", ())
    )
