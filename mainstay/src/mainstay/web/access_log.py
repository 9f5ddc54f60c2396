"""The access log: one line per request, written when its reply has ended."""

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mainstay import clock
from mainstay.web.place import place_of
from mainstay.work import Actor

# What nginx logs for a caller who went away before there was a reply.
GONE = 499
MAX_PATH = 500


class AccessLog:
    """Logs method, route, path, status, duration, actor and size; the query is left out, it may hold secrets.

    Health checks are logged at the level "debug": they come every few seconds and say nothing.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._logger: structlog.typing.FilteringBoundLogger = structlog.get_logger("access").bind()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        started = clock.monotonic()
        status = GONE
        size = 0

        async def send_counted(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.body":
                size += len(message.get("body", b""))
            elif message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_counted)
        finally:
            self._write(scope, status, size, clock.monotonic() - started)

    def _write(self, scope: Scope, status: int, size: int, seconds: float) -> None:
        path: str = scope["path"]
        actor: Actor | None = scope.get("actor")
        write = self._logger.debug if path.startswith("/health/") else self._logger.info
        write(
            "request",
            method=scope["method"],
            route=place_of(scope).route,
            path=path[:MAX_PATH],
            status=status,
            duration_ms=round(seconds * 1000, 2),
            actor=actor.id if actor is not None else None,
            bytes=size,
        )
