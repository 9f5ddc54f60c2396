"""Sends spans to a collector (OTLP over HTTP), beside the work that they tell of and never in its way."""

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Final
from urllib.parse import urlsplit

import structlog
from pydantic import Field, SecretStr, field_validator

from mainstay.net.destination import Destination
from mainstay.net.exchange import Patience, Request, default_trust, exchange
from mainstay.net.failures import AddressRefused, CallFailed
from mainstay.net.guard import Allowed, Guard
from mainstay.observe.counters import Counters
from mainstay.observe.otlp import CONTENT_TYPE, packed
from mainstay.observe.traces import Span, Value
from mainstay.settings import Settings

SENT: Final = "mainstay_spans_sent_total"
DROPPED: Final = "mainstay_spans_dropped_total"
PATH: Final = "/v1/traces"
# Spans of one request to the collector.
BATCH: Final = 500
TRIES: Final = 3
FIRST_PAUSE = 1.0
# Statuses by which a collector asks to be sent the same once more (OTLP specification, "Retryable response codes").
PASSING: Final = frozenset({429, 502, 503, 504})
PATIENCE: Final = Patience(total=5.0, connect=2.0, silence=5.0)
# Seconds that the end of a process waits for what has not been sent yet.
STOP_SECONDS = 3.0

logger = structlog.stdlib.get_logger(__name__)


class TraceSettings(Settings):
    """Whether requests and jobs are traced, and who takes the traces."""

    section = "traces"

    url: str | None = Field(
        default=None, description="A collector that takes OTLP over HTTP, such as http://collector:4318; none for none"
    )
    ratio: float = Field(default=1.0, ge=0, le=1, description="Of requests that no traced caller sends, how many")
    headers: SecretStr | None = Field(
        default=None, description="What the collector wants to see: name=value, several of them apart by commas"
    )
    seconds: float = Field(default=1.0, gt=0, le=60, description="How often spans are sent")
    queue: int = Field(default=10_000, ge=1, le=1_000_000, description="Spans that wait at most; others are dropped")

    @field_validator("url", mode="after")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            Destination.of(value)
        except AddressRefused as failure:
            raise ValueError("it must be an address that begins with http:// or https://") from failure
        return value if urlsplit(value).path.strip("/") else value.rstrip("/") + PATH

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return the headers for the collector."""
        text = self.headers.get_secret_value() if self.headers is not None else ""
        parts = (each.partition("=") for each in text.split(",") if "=" in each)
        return tuple((name.strip(), value.strip()) for name, _, value in parts)


class SpanExporter:
    """Takes spans that ended and sends them from time to time; of too many the new ones are dropped, and counted."""

    def __init__(self, settings: TraceSettings, url: str, resource: Mapping[str, Value], counters: Counters) -> None:
        self._settings = settings
        self._url = url
        self._resource = resource
        self._counters = counters
        self._waiting: deque[Span] = deque()
        self._stopping = asyncio.Event()
        self._is_away = False

    def take(self, span: Span) -> None:
        """Have a span sent some time; at once, without waiting for anything."""
        if len(self._waiting) < self._settings.queue:
            self._waiting.append(span)
        else:
            self._counters.add(DROPPED, reason="too_many")

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send inside the block, and in the end what is left, for a few seconds at most."""
        # The owner named the collector: it may be anywhere, also inside of the network.
        guard = Guard(Allowed.of(("0.0.0.0/0", "::/0")))
        trust = await asyncio.to_thread(default_trust)
        task = asyncio.create_task(self._run(guard, trust), name="send spans")
        try:
            yield
        finally:
            self._stopping.set()
            await asyncio.wait({task}, timeout=STOP_SECONDS)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            guard.close()
            if self._waiting:
                logger.warning("spans", outcome="not sent", count=len(self._waiting))

    async def _run(self, guard: Guard, trust: ssl.SSLContext) -> None:
        while not self._stopping.is_set():
            await self._pause(self._settings.seconds)
            await self._send_all(guard, trust)
        await self._send_all(guard, trust)

    async def _send_all(self, guard: Guard, trust: ssl.SSLContext) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
            try:
                reason = await self._sent(guard, trust, packed(self._resource, batch))
            except asyncio.CancelledError:
                self._waiting.extendleft(reversed(batch))
                raise
            if reason is None:
                self._counters.add(SENT, len(batch))
            else:
                self._counters.add(DROPPED, len(batch), reason="not_taken")
            self._tell(reason)

    async def _sent(self, guard: Guard, trust: ssl.SSLContext, body: bytes) -> str | None:
        """Send a batch, a few times if need be; return why the collector did not take it, or None."""
        headers = (("Content-Type", CONTENT_TYPE), *self._settings.pairs())
        request = Request("POST", self._url, headers, body, may_be_cut=True)
        place, reason = Destination.of(self._url), ""
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
        """Log that the collector is away, or back: once each."""
        if (reason is not None) != self._is_away:
            self._is_away = reason is not None
            write = logger.warning if self._is_away else logger.info
            write("spans", outcome="dropped" if self._is_away else "taken again", reason=reason)

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):  # the pause is over and nobody wants to stop
            await asyncio.wait_for(self._stopping.wait(), seconds)
