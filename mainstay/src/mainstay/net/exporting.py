"""Sends what a process tells of itself to where it is gathered, beside its work and never in its way."""

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

import structlog

from mainstay.net.destination import Destination
from mainstay.net.exchange import Headers, Patience, Request, default_trust, exchange
from mainstay.net.failures import CallFailed
from mainstay.net.guard import Allowed, Guard
from mainstay.observe.counters import Counters

TRIES: Final = 3
FIRST_PAUSE = 1.0
# Statuses by which a gatherer asks to be sent the same once more (OTLP specification, "Retryable response codes").
PASSING: Final = frozenset({429, 502, 503, 504})
PATIENCE: Final = Patience(total=5.0, connect=2.0, silence=5.0)
# Seconds that the end of a process waits for what has not been sent yet.
STOP_SECONDS = 3.0

logger = structlog.stdlib.get_logger(__name__)

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Target:
    """Where to and how: `what` names it in numbers and logs, `queue` is how many wait at most, `batch` go together."""

    what: str
    url: str = field(repr=False)
    headers: Headers = field(repr=False)
    seconds: float
    queue: int
    batch: int


class Exporter(Generic[Item]):
    """Takes items at any moment and sends them from time to time; of too many the new ones are dropped, and counted."""

    def __init__(self, target: Target, pack: Callable[[Sequence[Item]], bytes], counters: Counters) -> None:
        self._target = target
        self._pack = pack
        self._counters = counters
        self._waiting: deque[Item] = deque()
        self._stopping = asyncio.Event()
        self._is_away = False

    def take(self, item: Item) -> None:
        """Have an item sent some time; at once, without waiting for anything, from any thread."""
        if len(self._waiting) < self._target.queue:
            self._waiting.append(item)
        else:
            self._counters.add(f"mainstay_{self._target.what}_dropped_total", reason="too_many")

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send inside the block, and in the end what is left, for a few seconds at most."""
        # The owner named the target: it may be anywhere, also inside of the network.
        guard = Guard(Allowed.of(("0.0.0.0/0", "::/0")))
        trust = await asyncio.to_thread(default_trust)
        task = asyncio.create_task(self._run(guard, trust), name=f"send {self._target.what}")
        try:
            yield
        finally:
            self._stopping.set()
            await asyncio.wait({task}, timeout=STOP_SECONDS)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            guard.close()
            if self._waiting:
                logger.warning(self._target.what, outcome="not sent", count=len(self._waiting))

    async def _run(self, guard: Guard, trust: ssl.SSLContext) -> None:
        while not self._stopping.is_set():
            await self._pause(self._target.seconds)
            await self._send_all(guard, trust)
        await self._send_all(guard, trust)

    async def _send_all(self, guard: Guard, trust: ssl.SSLContext) -> None:
        what, most = self._target.what, self._target.batch
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]
            try:
                reason = await self._sent(guard, trust, self._pack(batch))
            except asyncio.CancelledError:
                self._waiting.extendleft(reversed(batch))
                raise
            except Exception as failure:  # one bad batch must not end the sending of all others
                self._counters.add(f"mainstay_{what}_dropped_total", len(batch), reason="not_sendable")
                # No error: that would be told in turn.
                logger.warning(what, outcome="dropped", count=len(batch), exc_info=failure)
                continue
            if reason is None:
                self._counters.add(f"mainstay_{what}_sent_total", len(batch))
            else:
                self._counters.add(f"mainstay_{what}_dropped_total", len(batch), reason="not_taken")
            self._tell(reason)

    async def _sent(self, guard: Guard, trust: ssl.SSLContext, body: bytes) -> str | None:
        """Send a batch, a few times if need be; return why it was not taken, or None."""
        request = Request("POST", self._target.url, self._target.headers, body, may_be_cut=True)
        place, reason = Destination.of(self._target.url), ""
        for attempt in range(TRIES):
            if attempt:
                await self._pause(FIRST_PAUSE * 2.0 ** (attempt - 1))
            try:
                async with asyncio.timeout(PATIENCE.total):
                    answer = await exchange(guard, trust, request, place, PATIENCE)
            except TimeoutError:
                reason = "timeout"
            except CallFailed as failure:
                reason = failure.code
            else:
                if 200 <= answer.status < 300:
                    return None
                reason = f"status_{answer.status}"
                if answer.status not in PASSING:
                    return reason
        return reason

    def _tell(self, reason: str | None) -> None:
        """Log that the target is away, or back: once each."""
        if (reason is not None) != self._is_away:
            self._is_away = reason is not None
            write = logger.warning if self._is_away else logger.info
            write(self._target.what, outcome="dropped" if self._is_away else "taken again", reason=reason)

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):  # the pause is over and nobody wants to stop
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
