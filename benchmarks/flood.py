"""The load maker of `benchmarks.overload`, a process of its own: `python -m benchmarks.flood`, a plan in, figures out.

It plays loads one after the other, again and again, on connections that stay: what is compared is seconds apart.

Closed, each connection asks again as soon as it is answered. Open, requests are sent when they are due, whatever became
of those before; times are counted from when they were due, so that a late answer cannot hide (coordinated omission).
A read whose kept connection closes before any answer is asked once more on a new one, as browsers and HTTP libraries do
(RFC 9112, 9.3.1), and told as such.
"""

import asyncio
import contextlib
import itertools
import json
import math
import random
import resource
import ssl
import statistics
import sys
import time
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import uvloop

from benchmarks.wire import Cut, Line, Seen, spread
from mainstay import ids

SEED = 20261130
# Seconds between two looks at what is due: each costs what a request does, and the machine is the one that is measured.
TICK = 0.004
# Seconds of a load before it is measured: then as many are under way at the beginning of that as at its end.
WARM = 0.25
# Kinds that are drawn at once, as drawing one by one costs several times as much.
DRAWN = 1000
# Seconds for the last answers, at most.
LAST_SECONDS = 3.0
# The shipped proxy gives one address 200 connections.
PER_ADDRESS = 150
# So long may all that is asked stay unanswered before what is due waits for a connection.
KEPT_SECONDS = 0.4


@dataclass(slots=True)
class Kind:
    """One kind of request: its share of the load, and how its bytes are made."""

    name: str
    weight: float
    make: Callable[[], bytes]


class Flood:
    """Loads on one address, one after the other."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self._plan = plan
        self._draw = random.Random(SEED)
        self._makers = Makers(plan)
        self._free: deque[Line] = deque()
        # What happens to a connection when it has been answered.
        self._next: Callable[[Line], None] = self._free.append
        self._working: set[asyncio.Task[None]] = set()
        self._opened = 0
        self._context: ssl.SSLContext | None = None
        if plan["tls"]:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            self._context.check_hostname = False
            self._context.verify_mode = ssl.CERT_NONE
        self._health: list[tuple[int, float]] = []
        self._is_over = False

    async def run(self) -> list[dict[str, Any]]:
        """Make all loads and return what was seen of each; one with `times` is that much of the peak of its mix."""
        asking = asyncio.create_task(self._ask_health())
        told: list[dict[str, Any]] = []
        for _ in range(self._plan["rounds"]):
            for load in self._plan["loads"]:
                rate = load["times"] * self._peak(told, load["name"]) if load["times"] else load["rate"]
                told.append(await self._play(load, rate))
        self._is_over = True
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        return told

    @staticmethod
    def _peak(told: list[dict[str, Any]], name: str) -> float:
        """Return what was answered in a second of that mix, in the middle of its closed loads so far."""
        peaks = [each for each in told if each["name"] == name and not each["rate"]]
        rates = [sum(kind["in time"] for kind in each["kinds"].values()) / each["seconds"] for each in peaks]
        return float(statistics.median(rates))

    async def _play(self, load: dict[str, Any], rate: float) -> dict[str, Any]:
        """Make one load, and wait for its last answers."""
        lines = max(self._plan["connections"], int(rate * KEPT_SECONDS))
        # Those who knock are others than those who ask: opening connections is no part of what is measured.
        while len(self._free) < lines:
            self._free.append(await self._connect())
        start, used = time.monotonic(), _used()
        drawn = Drawn(load["mix"], self._draw, self._makers, (start + WARM, start + WARM + load["seconds"]))
        late: list[float] = []
        if rate:
            await self._open(drawn, rate, late)
        else:
            await self._closed(drawn)
        elapsed, used = time.monotonic() - start, _used() - used
        last = time.monotonic() + LAST_SECONDS
        while drawn.asked() and time.monotonic() < last:  # noqa: ASYNC110  of thousands, nobody knows which is the last
            await asyncio.sleep(TICK)
        # What is answered between two loads, as after a time-out, is told with the next: none is left out.
        health, self._health = self._health, []
        return {
            "name": load["name"],
            "rate": rate,
            "offered per s": drawn.sent() / elapsed,
            "seconds": load["seconds"],
            "kinds": {name: seen.as_dict() for name, seen in drawn.seen.items()},
            "health": {"failed": sum(status != 200 for status, _ in health)}
            | (spread([seconds for _, seconds in health]) if health else {}),
            "load maker": {
                "share of a processor": round(used / elapsed, 3),
                "connections": lines,
                "late": spread(late) if late else {},
            },
        }

    async def _connect(self) -> Line:
        self._opened += 1
        source = f"127.0.1.{1 + self._opened // PER_ADDRESS % 250}"
        loop, plan = asyncio.get_running_loop(), self._plan
        _, line = await loop.create_connection(
            lambda: Line(self._answered, self._send_again),
            "127.0.0.1",
            plan["port"],
            ssl=self._context,
            local_addr=(source, 0),
        )
        return line

    def _answered(self, line: Line) -> None:
        self._next(line)

    def _send_again(self, cut: Cut) -> None:
        """Send on a new connection, which cannot be cut in this way: what fails there is a failure."""

        async def send() -> None:
            try:
                line = await self._connect()
            except OSError:
                cut.seen.take(599, b"", cut.due)
                return
            line.ask(cut.request, cut.due, cut.seen)
            cut.seen.sent -= 1
            cut.seen.sent_again += 1

        self._work(send())

    def _work(self, doing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(doing)
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def _closed(self, drawn: "Drawn") -> None:
        def again(line: Line) -> None:
            if time.monotonic() > drawn.until:
                self._free.append(line)
            elif line.is_closed:
                self._work(reopen())
            else:
                drawn.ask(line, time.monotonic())

        async def reopen() -> None:
            again(await self._connect())

        self._next = again
        try:
            for _ in range(self._plan["connections"]):
                again(self._free.popleft())
            await asyncio.sleep(drawn.until - time.monotonic())
        finally:
            self._next = self._free.append

    async def _open(self, drawn: "Drawn", rate: float, late: list[float]) -> None:
        """Send what is due; what finds no connection waits for one, and its time counts from when it was due."""
        start, number = time.monotonic(), 0
        while (now := time.monotonic()) < drawn.until:
            while (due := start + number / rate) <= now and (line := await self._take()):
                late.append(time.monotonic() - due)
                drawn.ask(line, due)
                number += 1
            await asyncio.sleep(TICK)

    async def _take(self) -> Line | None:
        """Return a free connection, a new one in place of one that was closed; None when all are busy."""
        while self._free:
            line = self._free.popleft()
            if line.is_closed or line.transport is None or line.transport.is_closing():
                with contextlib.suppress(OSError):
                    line = await self._connect()
            if not line.is_closed:
                return line
        return None

    async def _ask_health(self) -> None:
        """Ask, on a connection of its own and ten times a second, whether the program lives and is ready."""
        answered: asyncio.Queue[Line] = asyncio.Queue()
        seen = Seen(0.0, math.inf)

        async def connect() -> Line:
            line = await self._connect()
            line.done = answered.put_nowait
            return line

        line = await connect()
        # `wait_for` of Python 3.11 loses a cancellation that comes together with what it waits for.
        for number in itertools.takewhile(lambda _: not self._is_over, itertools.count()):
            began = time.monotonic()
            path = ("/health/live", "/health/ready")[number % 2]
            if line.is_closed:
                line = await connect()
            line.ask(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(), began, seen)
            try:
                await asyncio.wait_for(answered.get(), 5)
                self._health.append((next(iter(seen.statuses)), time.monotonic() - began))
            except TimeoutError:
                self._health.append((0, time.monotonic() - began))
                line.is_closed = True
            seen.statuses.clear()
            await asyncio.sleep(0.1)


class Drawn:
    """The requests of one load, drawn from its mix, and what became of them."""

    def __init__(
        self, mix: dict[str, float], draw: random.Random, makers: "Makers", measured: tuple[float, float]
    ) -> None:
        _, self.until = measured
        self.seen = {name: Seen(*measured) for name in mix}
        self._kinds = [Kind(name, weight, makers.of(name)) for name, weight in mix.items()]
        self._draw = draw
        self._drawn: list[Kind] = []

    def ask(self, line: Line, due: float) -> None:
        """Send the next one on `line`."""
        if not self._drawn:
            self._drawn = self._draw.choices(self._kinds, [kind.weight for kind in self._kinds], k=DRAWN)
        kind = self._drawn.pop()
        line.ask(kind.make(), due, self.seen[kind.name])

    def asked(self) -> int:
        """Return how many have no answer yet."""
        answered = sum(len(times) for seen in self.seen.values() for times in seen.times.values())
        return self.sent() - answered

    def sent(self) -> int:
        """Return how many were sent."""
        return sum(seen.sent for seen in self.seen.values())


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

    async def flood() -> list[dict[str, Any]]:
        return await Flood(plan).run()

    json.dump(uvloop.run(flood()), sys.stdout)


if __name__ == "__main__":
    main()
