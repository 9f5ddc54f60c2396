"""Client: the one way in which this program calls other services over HTTP."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

from mainstay import clock, context, crypto
from mainstay.net import failures
from mainstay.net.breakers import Breakers
from mainstay.net.calls import told
from mainstay.net.destination import Destination
from mainstay.net.exchange import Patience, Request, Response, default_trust, exchange
from mainstay.net.failures import CallFailed
from mainstay.net.guard import Allowed, Guard
from mainstay.net.partners import Partners
from mainstay.net.settings import NetSettings
from mainstay.observe.counters import Counters
from mainstay.observe.traces import Value, traceparent
from mainstay.settings import Configuration

# The first pause between two tries; it doubles, and up to as much again is added, so that callers come back apart.
SHORTEST_PAUSE: Final = 0.25
# Statuses by which a service says that the same request may go well a little later.
PASSING: Final = frozenset({429, 500, 502, 503, 504})
# RFC 9110, 9.2.2.
REPEATABLE: Final = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
IDEMPOTENCY_KEY: Final = "idempotency-key"


def spread() -> float:
    """Return a number from 0 to 1, by chance."""
    return crypto.digest(crypto.new_token())[0] / 255


@dataclass(frozen=True, slots=True)
class Pace:
    """How time passes for tries and the pauses between them."""

    now: Callable[[], float] = clock.monotonic
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = spread


@dataclass(frozen=True)
class Client:
    """Sends requests, bounded in time, size and tries, to addresses that may be called; certificates are verified."""

    guard: Guard
    counters: Counters
    breakers: Breakers | None = None
    trust: ssl.SSLContext = field(default_factory=default_trust)
    pace: Pace = field(default_factory=Pace)

    async def send(self, request: Request, patience: Patience | None = None, *, tries: int = 1) -> Response:
        """Return the answer, whatever its status. Raises CallFailed.

        It is over after `patience.total` seconds: the tries, the pauses, an answer byte by byte. Tried again is what
        cannot have reached the service, and, where sending twice does no harm, what broke off or may pass.
        """
        place = Destination.of(request.url)
        limits = patience or Patience()
        attributes: dict[str, Value] = {"server.address": place.host, "server.port": place.port}
        with told(self.counters, place.name, request.method, attributes) as call:
            try:
                answer = await self._tried(request, place, limits, tries)
            except CallFailed as failure:
                call.outcome = failure.code
                raise
            call.outcome = f"status_{answer.status}"
        return answer

    async def exchange(self, request: Request, patience: Patience, *, tries: int = 1) -> Response:
        """Return the answer as `send` does, inside of a call to a partner, which tells of it. Raises CallFailed."""
        return await self._tried(request, Destination.of(request.url), patience, tries)

    async def _tried(self, request: Request, place: Destination, limits: Patience, tries: int) -> Response:
        until = self.pace.now() + limits.total
        may_repeat = _may_repeat(request)
        for attempt in range(1, max(tries, 1)):
            wait = SHORTEST_PAUSE * 2.0 ** (attempt - 1) * (1 + self.pace.chance())
            try:
                answer = await self._admitted(request, place, limits, until)
            except CallFailed as failure:
                if failure.is_ours or not (failure.is_unsent or (may_repeat and failure.code == failures.BROKEN_OFF)):
                    raise
                if self.pace.now() + wait >= until:
                    raise
            else:
                asked = asked_pause(answer)
                wait = wait if asked is None else asked
                if not (may_repeat and answer.status in PASSING) or self.pace.now() + wait >= until:
                    return answer
            await self.pace.pause(wait)
        return await self._admitted(request, place, limits, until)

    async def _admitted(self, request: Request, place: Destination, limits: Patience, until: float) -> Response:
        """Call unless the destination is left alone, and tell its breaker how it went."""
        breakers = self.breakers
        if breakers is None:
            return await self._once(request, place, limits, until)
        if not await breakers.admit(place.name, limits.total):
            raise CallFailed("It is left alone for a while, because it failed several times.", failures.LEFT_ALONE)
        is_well: bool | None = None
        try:
            answer = await self._once(request, place, limits, until)
            is_well = answer.status < 500
        except CallFailed as failure:
            is_well = None if failure.is_ours else False
            raise
        finally:
            await breakers.record(place.name, is_well=is_well)
        return answer

    async def _once(self, request: Request, place: Destination, limits: Patience, until: float) -> Response:
        left = until - self.pace.now()
        if left <= 0:
            raise CallFailed("No time is left.", failures.TIMEOUT)
        try:
            async with asyncio.timeout(left):
                return await exchange(self.guard, self.trust, _with_ids(request), place, limits)
        except TimeoutError as error:
            raise CallFailed("It did not answer in time.", failures.TIMEOUT) from error


def _may_repeat(request: Request) -> bool:
    has_key = any(name.lower() == IDEMPOTENCY_KEY for name, _ in request.headers)
    return request.is_repeatable or has_key or request.method in REPEATABLE


def _with_ids(request: Request) -> Request:
    """Add the id of the request or job in hand and its trace: by them two programs' logs can be read together."""
    present, trace = context.request_id.get(), traceparent()
    given = {name.lower() for name, _ in request.headers}
    headers = list(request.headers)
    if present != "-" and "x-request-id" not in given:
        headers.append(("X-Request-ID", present))
    if trace is not None and "traceparent" not in given:
        headers.append(("traceparent", trace))
    return replace(request, headers=tuple(headers))


def asked_pause(answer: Response) -> float | None:
    """Return the seconds of a Retry-After, which holds them or a date (RFC 9110, 10.2.3); None without a sense."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    # Numbers of any length stand there too, if a receiver likes.
    with suppress(ValueError, OverflowError):
        moment = parsedate_to_datetime(text)
        return max((moment.replace(tzinfo=moment.tzinfo or UTC) - clock.now()).total_seconds(), 0.0)
    return None


@asynccontextmanager
async def open_client(configuration: Configuration, partners: Partners) -> AsyncIterator[Client]:
    """Give a process's client, by the settings."""
    settings = configuration.of(NetSettings)
    trust = await asyncio.to_thread(_trust, settings)
    guard = Guard(Allowed.of(settings.allowed, settings.ports))
    try:
        yield Client(guard, partners.counters, partners.breakers, trust)
    finally:
        guard.close()


def _trust(settings: NetSettings) -> ssl.SSLContext:
    trust = default_trust()
    if settings.ca_file is not None:
        trust.load_verify_locations(settings.ca_file)
    return trust
