"""What all processes keep together, in Redis; without it each goes on with its own memory."""

from collections.abc import Callable
from typing import Protocol

from mainstay import clock

# Seconds without writing after a write was refused, as by a Redis that is full or only copies another one.
REST = 2.0
# Bytes of an answer from which the way to Redis costs more than the statement.
LARGEST = 128 * 1024


class Link(Protocol):
    """The way to Redis: never waited for longer than a moment; see `mainstay.net.redis`."""

    async def call(self, *command: str | bytes | int) -> object | None:
        """Return what a command answers, or None when Redis is away or refuses it."""
        ...


class Shared:
    """Answers by key, each with the version of its tables that it was read under."""

    def __init__(self, link: Link, prefix: str, now: Callable[[], float] = clock.monotonic) -> None:
        self._link, self._prefix, self._now = link, prefix, now
        self._rests_until = 0.0

    async def get(self, key: str, version: str) -> bytes | None:
        """Return the answer under `key` if it was read under `version`."""
        found = await self._link.call("GET", self._prefix + key)
        if not isinstance(found, bytes):
            return None
        kept, _, packed = found.partition(b"\n")
        return packed if kept == version.encode() else None

    async def put(self, key: str, version: str, packed: bytes, seconds: float) -> None:
        """Keep an answer for some seconds."""
        if len(packed) > LARGEST or self._now() < self._rests_until:
            return
        value = version.encode() + b"\n" + packed
        if await self._link.call("SET", self._prefix + key, value, "PX", int(seconds * 1000)) is None:
            self._rests_until = self._now() + REST
