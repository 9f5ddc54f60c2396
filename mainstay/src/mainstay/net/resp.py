"""One connection to Redis (or Valkey) that many share: commands go out at once, answers come in the same order.

The usual client takes a connection for each request in flight, five times as long for each, and cannot be hurried when
the server hangs: docs/decisions/0027-rate-limits.md has the measurements.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import unquote, urlsplit

import hiredis

from mainstay.errors import ConfigurationError

Argument = str | bytes | int
DEFAULT_PORT = 6379


class Lost(ConnectionError):
    """The connection ended before the answer came."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a Redis is, and what it wants to be told first."""

    host: str = ""
    port: int = DEFAULT_PORT
    socket: str | None = None
    is_secure: bool = False
    greeting: tuple[tuple[Argument, ...], ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, url: str) -> "Place":
        """Read `redis://`, `rediss://` or `unix://`; raises ConfigurationError."""
        parts = urlsplit(url)
        greeting: list[tuple[Argument, ...]] = []
        if parts.password:
            login = tuple(unquote(part) for part in (parts.username, parts.password) if part)
            greeting.append(("AUTH", *login))
        if parts.scheme == "unix" and parts.path:
            return cls(socket=unquote(parts.path), greeting=tuple(greeting))
        database = parts.path.strip("/")
        if parts.scheme not in {"redis", "rediss"} or not parts.hostname or not (database or "0").isdigit():
            raise ConfigurationError("The address of Redis must look like redis://user:password@host:6379/0.")
        if database:
            greeting.append(("SELECT", int(database)))
        secure = parts.scheme == "rediss"
        return cls(parts.hostname, parts.port or DEFAULT_PORT, is_secure=secure, greeting=tuple(greeting))


class Line(asyncio.Protocol):
    """A connection that is open; `connect` makes it."""

    def __init__(self) -> None:
        self._reader = hiredis.Reader()
        self._waiting: deque[asyncio.Future[object]] = deque()
        self._transport: asyncio.Transport | None = None
        self.is_open = False

    @classmethod
    async def connect(cls, place: Place) -> "Line":
        """Open a connection and say what has to be said first; raises OSError and hiredis.ReplyError."""
        loop = asyncio.get_running_loop()
        if place.socket is not None:
            _, line = await loop.create_unix_connection(cls, place.socket)
        else:
            secure = ssl.create_default_context() if place.is_secure else None
            _, line = await loop.create_connection(cls, place.host, place.port, ssl=secure)
        try:
            # One that hangs takes connections too: it must have answered once.
            for command in (*place.greeting, ("PING",)):
                answer = await line.ask(command)
                if isinstance(answer, Exception):
                    raise answer
        except BaseException:
            line.close()
            raise
        return line

    def ask(self, command: Sequence[Argument]) -> asyncio.Future[object]:
        """Send a command; the future has its answer, an error that the server says is an answer too."""
        future = asyncio.get_running_loop().create_future()
        if self._transport is None or not self.is_open:
            future.set_exception(Lost("the connection has ended"))
            return future
        self._waiting.append(future)
        packed = hiredis.pack_command(tuple(command))  # type: ignore[arg-type]  # their type is a tuple of one
        self._transport.write(packed)
        return future

    def close(self) -> None:
        """End the connection at once; whoever waits is told."""
        if self._transport is not None:
            self._transport.abort()
        self._end()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin (called by the loop)."""
        # A stream's protocol is given one that writes; uvloop's are of no common class.
        self._transport, self.is_open = cast(asyncio.Transport, transport), True

    def data_received(self, data: bytes) -> None:
        """Give out answers (called by the loop)."""
        self._reader.feed(data)
        while (answer := self._reader.gets()) is not False:
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(answer)

    def connection_lost(self, _failure: Exception | None) -> None:
        """End (called by the loop)."""
        self._end()

    def _end(self) -> None:
        self.is_open = False
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_exception(Lost("the connection has ended"))
                future.exception()  # nobody may be waiting for it any more
