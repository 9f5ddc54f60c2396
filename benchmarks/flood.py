"""The load maker of `benchmarks.overload`, a process of its own: `python -m benchmarks.flood`, a plan in, figures out.

Closed, each connection asks again as soon as it is answered. Open, requests are sent when they are due, whatever became
of those before; times are counted from when they were due, so that a late answer cannot hide (coordinated omission).
A read whose kept connection closes before any answer is asked once more on a new one, as browsers and HTTP libraries do
(RFC 9112, 9.3.1), and told as such.
"""

import asyncio
import contextlib
import json
import random
import resource
import ssl
import sys
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import uvloop

from mainstay import ids

SEED = 20261130
# Seconds between two looks at what is due.
TICK = 0.001
# Seconds for the last answers.
LAST_SECONDS = 3.0
# The shipped proxy gives one address 200 connections.
PER_ADDRESS = 150
# So long may all that is asked stay unanswered before what is due waits for a connection.
KEPT_SECONDS = 0.4
OK, REFUSED, OTHER = "answered", "refused", "failed"


@dataclass(slots=True)
class Kind:
    """One kind of request: its share of the load, and how its bytes are made."""

    name: str
    weight: float
    make: Callable[[], bytes]


@dataclass(slots=True)
class Seen:
    """What became of the requests of one kind; times in seconds."""

    sent: int = 0
    sent_again: int = 0
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    without_retry_after: int = 0
    statuses: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def take(self, status: int, head: bytes, seconds: float) -> None:
        """Take one answer."""
        self.statuses[status] += 1
        if status == 503:
            self.times[REFUSED].append(seconds)
            self.without_retry_after += b"retry-after:" not in head.lower()
        else:
            self.times[OK if status < 400 else OTHER].append(seconds)

    def as_dict(self) -> dict[str, Any]:
        """Return it for the report."""
        told = {name: spread(times) for name, times in self.times.items()}
        return {
            "sent": self.sent,
            "sent again": self.sent_again,
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

    def __init__(self, done: Callable[["Line"], None], cut: Callable[["Cut"], None] | None = None) -> None:
        self._done = done
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
        self._done(self)

    def connection_lost(self, _exc: Exception | None) -> None:
        """Count a request that was cut off, or have a read sent again whose kept connection was closed meanwhile."""
        self.is_closed = True
        if self.seen is None:
            return
        if self._cut and self._answers and not self._buffer and self._request.startswith(b"GET "):
            self._cut(Cut(self._request, self._due, self.seen))
            self.seen = None
            return
        self._answer(599, b"")
        self._done(self)

    def _answer(self, status: int, head: bytes) -> None:
        if self.seen is not None:
            self.seen.take(status, head, time.monotonic() - self._due)
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


class Flood:
    """A load on one address."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self._plan = plan
        self._draw = random.Random(SEED)
        self._makers = Makers(plan)
        self.kinds = [Kind(name, weight, self._makers.of(name)) for name, weight in plan["mix"].items()]
        self.seen = {kind.name: Seen() for kind in self.kinds}
        self._free: deque[Line] = deque()
        self._sending_again: set[asyncio.Task[None]] = set()
        self._opened = 0
        self._context: ssl.SSLContext | None = None
        if plan["tls"]:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            self._context.check_hostname = False
            self._context.verify_mode = ssl.CERT_NONE
        self.health: list[tuple[int, float]] = []
        self.late: list[float] = []

    async def run(self) -> dict[str, Any]:
        """Make the load and return what was seen."""
        asking = asyncio.create_task(self._ask_health())
        began, used = time.monotonic(), _used()
        await (self._open() if self._plan["rate"] else self._closed())
        elapsed = time.monotonic() - began
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        return {
            "seconds": self._plan["seconds"],
            "kinds": {name: seen.as_dict() for name, seen in self.seen.items()},
            "health": {"failed": sum(status != 200 for status, _ in self.health)}
            | (spread([seconds for _, seconds in self.health]) if self.health else {}),
            "load maker": {
                "share of a processor": round((_used() - used) / elapsed, 3),
                "connections": self._opened,
                "late": spread(self.late) if self.late else {},
            },
        }

    def _pick(self) -> Kind:
        return self._draw.choices(self.kinds, [kind.weight for kind in self.kinds])[0]

    async def _connect(self, done: Callable[[Line], None]) -> Line:
        self._opened += 1
        source = f"127.0.1.{1 + self._opened // PER_ADDRESS % 250}"
        loop, plan = asyncio.get_running_loop(), self._plan
        _, line = await loop.create_connection(
            lambda: Line(done, lambda cut: self._send_again(done, cut)),
            "127.0.0.1",
            plan["port"],
            ssl=self._context,
            local_addr=(source, 0),
        )
        return line

    def _send_again(self, done: Callable[[Line], None], cut: Cut) -> None:
        """Send on a new connection, which cannot be cut in this way: what fails there is a failure."""

        async def send() -> None:
            try:
                line = await self._connect(done)
            except OSError:
                cut.seen.take(599, b"", time.monotonic() - cut.due)
                return
            line.ask(cut.request, cut.due, cut.seen)
            cut.seen.sent -= 1
            cut.seen.sent_again += 1

        task = asyncio.create_task(send())
        self._sending_again.add(task)
        task.add_done_callback(self._sending_again.discard)

    async def _closed(self) -> None:
        end = time.monotonic() + self._plan["seconds"]
        over = asyncio.Event()

        def again(line: Line) -> None:
            now = time.monotonic()
            if now > end:
                over.set()
                return
            if line.is_closed:
                reopening.add(asyncio.create_task(self._reopen(again)))
                return
            kind = self._pick()
            line.ask(kind.make(), now, self.seen[kind.name])

        reopening: set[asyncio.Task[None]] = set()
        lines = [await self._connect(again) for _ in range(self._plan["connections"])]
        end = time.monotonic() + self._plan["seconds"]
        for line in lines:
            again(line)
        with contextlib.suppress(TimeoutError):  # nobody answers any more, which the figures tell
            await asyncio.wait_for(over.wait(), self._plan["seconds"] + LAST_SECONDS)
        for line in lines:
            line.seen = None
            line._close()  # noqa: SLF001  ours

    async def _reopen(self, again: Callable[[Line], None]) -> None:
        with contextlib.suppress(OSError):
            again(await self._connect(again))

    async def _open(self) -> None:
        """Send what is due; what finds no connection waits for one, and its time counts from when it was due."""
        plan = self._plan
        # Those who knock are others than those who ask: opening connections is no part of what is measured.
        for _ in range(max(plan["connections"], int(plan["rate"] * KEPT_SECONDS))):
            self._free.append(await self._connect(self._free.append))
        start = time.monotonic()
        number = 0
        while (now := time.monotonic()) < start + plan["seconds"]:
            while (due := start + number / plan["rate"]) <= now and await self._send(due):
                number += 1
            await asyncio.sleep(TICK)
        await asyncio.sleep(LAST_SECONDS)

    async def _send(self, due: float) -> bool:
        while self._free:
            line = self._free.popleft()
            if line.is_closed or line.transport is None or line.transport.is_closing():
                with contextlib.suppress(OSError):
                    line = await self._connect(self._free.append)
            if line.is_closed:
                continue
            kind = self._pick()
            self.late.append(time.monotonic() - due)
            line.ask(kind.make(), due, self.seen[kind.name])
            return True
        return False

    async def _ask_health(self) -> None:
        """Ask, on a connection of its own and ten times a second, whether the program lives and is ready."""
        seen = Seen()
        answered: asyncio.Queue[Line] = asyncio.Queue()
        line = await self._connect(answered.put_nowait)
        for number in range(1_000_000):
            began = time.monotonic()
            path = ("/health/live", "/health/ready")[number % 2]
            if line.is_closed:
                line = await self._connect(answered.put_nowait)
            line.ask(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(), began, seen)
            try:
                await asyncio.wait_for(answered.get(), 5)
                self.health.append((next(iter(seen.statuses)), time.monotonic() - began))
            except TimeoutError:
                self.health.append((0, time.monotonic() - began))
                line.is_closed = True
            seen.statuses.clear()
            await asyncio.sleep(0.1)


class Makers:
    """Makes the bytes of each kind of request."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self._plan = plan
        self._draw = random.Random(SEED)
        lines = [f"{name}: {value}\r\n" for name, value in plan["headers"].items()]
        self._headers = "".join(lines)

    def of(self, name: str) -> Callable[[], bytes]:
        """Return what makes requests of a kind."""
        if name == "payment":
            return self._payment
        paths = self._plan["paths"][name]
        ready = [f"GET {path} HTTP/1.1\r\n{self._headers}\r\n".encode() for path in paths]
        return lambda: self._draw.choice(ready)

    def _payment(self) -> bytes:
        register, shift = self._draw.choice(self._plan["tills"])
        lines = [self._draw.choice(self._plan["variants"]) for _ in range(3)]
        total = sum(price for _, price in lines)
        sale = {
            "id": str(ids.new_id()),
            "register_id": register,
            "shift_id": shift,
            "device_at": "2026-11-30T10:00:00Z",
            "lines": [{"id": str(ids.new_id()), "variant_id": variant, "quantity": "1"} for variant, _ in lines],
            "tenders": [{"id": str(ids.new_id()), "kind": "cash", "amount_minor": total}],
            "expected_total_minor": total,
        }
        body = json.dumps(sale)
        return (
            f"POST /api/v1/pos/sales HTTP/1.1\r\n{self._headers}"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        ).encode()


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Read the plan, make the load, and write what was seen."""
    plan = json.load(sys.stdin)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

    async def flood() -> dict[str, Any]:
        return await Flood(plan).run()

    json.dump(uvloop.run(flood()), sys.stdout)


if __name__ == "__main__":
    main()
