"""The wire of `benchmarks.flood`: one kept connection, as cheap as Python has it, and what is seen on it."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

OK, REFUSED, OTHER = "answered", "refused", "failed"


@dataclass(slots=True)
class Seen:
    """What became of the requests of one kind in a load that is measured from `since` until `until`; in seconds."""

    since: float
    until: float
    sent: int = 0
    sent_again: int = 0
    in_time: int = 0
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    without_retry_after: int = 0
    statuses: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def take(self, status: int, head: bytes, due: float) -> None:
        """Take one answer; `in_time` counts those that were given while the load was measured."""
        now = time.monotonic()
        seconds = now - due
        self.statuses[status] += 1
        if status == 503:
            self.times[REFUSED].append(seconds)
            self.without_retry_after += b"retry-after:" not in head.lower()
        else:
            self.times[OK if status < 400 else OTHER].append(seconds)
            self.in_time += status < 400 and self.since <= now <= self.until

    def as_dict(self) -> dict[str, Any]:
        """Return it for the report."""
        told = {name: spread(times) for name, times in self.times.items()}
        return {
            "sent": self.sent,
            "sent again": self.sent_again,
            "in time": self.in_time,
            "without Retry-After": self.without_retry_after,
            "statuses": self.statuses,
            **told,
        }


def spread(times: list[float]) -> dict[str, float]:
    """Return how many, and how long they took in milliseconds."""
    times = sorted(times)
    at = {name: times[min(len(times) - 1, int(len(times) * share))] for name, share in SHARES.items()}
    return {"count": len(times), **{f"{name} ms": round(value * 1000, 1) for name, value in at.items()}}


SHARES = {"p50": 0.5, "p99": 0.99, "max": 1.0}


class Line(asyncio.Protocol):
    """One connection; it has one request under way at most."""

    def __init__(self, done: Callable[["Line"], None], cut: Callable[["Cut"], None]) -> None:
        self.done = done
        self._cut = cut
        self._buffer = b""
        self._request = b""
        self._due = 0.0
        self._answers = 0
        self.seen: Seen | None = None
        self.transport: asyncio.Transport | None = None
        self.is_closed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection."""
        self.transport = cast("asyncio.Transport", transport)

    def ask(self, request: bytes, due: float, seen: Seen) -> None:
        """Send a request."""
        assert self.transport is not None  # noqa: S101  it is connected
        self._request, self._due, self.seen = request, due, seen
        seen.sent += 1
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Take a piece of the answer."""
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._buffer[:end]
        low = head.lower()
        start = low.find(b"content-length:")
        length = int(low[start + 15 : low.find(b"\r\n", start) if b"\r\n" in low[start:] else None]) if start > 0 else 0
        if len(self._buffer) < end + 4 + length:
            return
        self._buffer = self._buffer[end + 4 + length :]
        self._answer(int(head[9:12]), head)
        if b"connection: close" in low:
            self._close()
        self.done(self)

    def connection_lost(self, _exc: Exception | None) -> None:
        """Count a request that was cut off, or have a read sent again whose kept connection was closed meanwhile."""
        self.is_closed = True
        if self.seen is None:
            return
        if self._answers and not self._buffer and self._request.startswith(b"GET "):
            self._cut(Cut(self._request, self._due, self.seen))
            self.seen = None
            return
        self._answer(599, b"")
        self.done(self)

    def _answer(self, status: int, head: bytes) -> None:
        if self.seen is not None:
            self.seen.take(status, head, self._due)
            self.seen = None
            self._answers += 1

    def _close(self) -> None:
        self.is_closed = True
        if self.transport is not None:
            self.transport.close()


@dataclass(frozen=True, slots=True)
class Cut:
    """A read that found its connection closed."""

    request: bytes
    due: float
    seen: Seen
