"""The access log: one line per request, written when its reply has ended."""

from dataclasses import dataclass

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mainstay import clock, context
from mainstay.observe import traces
from mainstay.observe.counters import Counter, Counters, Histogram
from mainstay.observe.slowest import Slowest
from mainstay.observe.statements import Statements, Tally, in_hand
from mainstay.web.place import place_of, told_path
from mainstay.work import Actor

# What nginx logs for a caller who went away before there was a reply.
GONE = 499
ELSEWHERE = "elsewhere"
REQUESTS = "mainstay_requests_total"
SECONDS = "mainstay_request_seconds"
# Where a scope says how many seconds a request has waited for its turn, if it has: they are part of its time.
WAITED = "mainstay.waited"


class AccessLog:
    """Logs method, route, path, status, duration, actor, size and statements; not the query, which may hold secrets.

    Health checks are logged at the level "debug": they come every few seconds and say nothing. The same is counted by
    route: requests by status, and the time until a reply begins; samples of the slowest are kept.
    """

    def __init__(self, app: ASGIApp, counters: Counters, statements: Statements, slowest: Slowest) -> None:
        self._app = app
        self._counters = counters
        self._statements = statements
        self._slowest = slowest
        # By method, route and status: as many as the program has and answers with.
        self._numbers: dict[tuple[str, str | None, int], _Numbers] = {}
        self._logger: structlog.typing.FilteringBoundLogger = structlog.get_logger("access").bind()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        seen = _Seen(clock.monotonic() - scope.get(WAITED, 0.0), self._statements.begin())
        token, story = in_hand.set(seen.tally), context.story.set(context.Story())

        async def send_counted(message: Message) -> None:
            if message["type"] == "http.response.body":
                seen.size += len(message.get("body", b""))
            elif message["type"] == "http.response.start":
                seen.status = message["status"]
                seen.head_after = clock.monotonic() - seen.began
            await send(message)

        try:
            await self._app(scope, receive, send_counted)
        finally:
            in_hand.reset(token)
            self._write(scope, seen, clock.monotonic() - seen.began)
            context.story.reset(story)

    def _write(self, scope: Scope, seen: "_Seen", seconds: float) -> None:
        path: str = scope["path"]
        actor: Actor | None = scope.get("actor")
        route = place_of(scope).route
        write = self._logger.debug if path.startswith("/health/") else self._logger.info
        write(
            "request",
            method=scope["method"],
            route=route,
            path=told_path(scope),
            status=seen.status,
            duration_ms=round(seconds * 1000, 2),
            actor=actor.id if actor is not None else None,
            bytes=seen.size,
            statements=seen.tally.count,
            database_ms=round(seen.tally.seconds * 1000, 2),
        )
        numbers = self._numbers_of(scope["method"], route, seen.status)
        numbers.requests.add()
        if seen.head_after is not None:
            step = traces.current.get()
            numbers.seconds.take(seen.head_after, None if step is None else step.traced)
            self._slowest.take(numbers.place, seen.began + seconds, seen.head_after, seen.tally)
        self._statements.tell(numbers.place, seen.tally)

    def _numbers_of(self, stated: str, route: str | None, status: int) -> "_Numbers":
        # Addresses that are no operation's are as many as anybody likes to ask for, and so are methods there.
        method = stated if route else ELSEWHERE
        key = method, route, status
        numbers = self._numbers.get(key)
        if numbers is None:
            where = {"method": method, "route": route or ELSEWHERE}
            requests = self._counters.counter(REQUESTS, **where, status=str(status))
            place = f"{method} {route}" if route else ELSEWHERE
            numbers = self._numbers[key] = _Numbers(place, requests, self._counters.histogram(SECONDS, **where))
        return numbers


@dataclass(slots=True, frozen=True)
class _Numbers:
    """Where requests of one kind are counted: by route and status, and their seconds by route."""

    place: str
    requests: Counter
    seconds: Histogram


@dataclass(slots=True)
class _Seen:
    """What was seen of one request; `head_after` is when its reply began, in seconds after `began`."""

    began: float
    tally: Tally
    status: int = GONE
    size: int = 0
    head_after: float | None = None
