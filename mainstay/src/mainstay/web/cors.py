"""Calls from pages of other sites (CORS): closed, except for the origins that were named, and never with cookies."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mainstay.web.head import header

_API = "/api/"
METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
TAKEN = "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Request-ID"
SHOWN = (
    "Content-Disposition, Deprecation, ETag, Idempotent-Replayed, Link, Location, RateLimit, RateLimit-Policy, "
    "Retry-After, Sunset, X-Request-ID"
)
# Seconds that a browser keeps what it was told: a site that is taken off the list is out after that.
KEPT = b"600"


class Cors:
    """Tells browsers that a named origin may read replies of the API, and which requests it may send.

    An origin is compared letter by letter, scheme and port included: `null`, other ports, sub-domains and look-alikes
    are others. Cookies are never allowed, so what such a page may do is what its token may.
    """

    def __init__(self, app: ASGIApp, origins: frozenset[str]) -> None:
        self._app = app
        self._origins = frozenset(origin.encode() for origin in origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if not self._origins or not scope["path"].startswith(_API):
            await self._app(scope, receive, send)
            return
        origin = header(scope, b"origin")
        # A cache must not hand what one origin may read to another.
        added = [(b"vary", b"Origin")]
        if origin in self._origins:
            added += [(b"access-control-allow-origin", origin), (b"access-control-expose-headers", SHOWN.encode())]
            if scope["method"] == "OPTIONS" and header(scope, b"access-control-request-method") is not None:
                await _allow(send, added)
                return

        async def send_allowed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *added]
            await send(message)

        await self._app(scope, receive, send_allowed)


async def _allow(send: Send, added: list[tuple[bytes, bytes]]) -> None:
    """Answer a browser that asks before it sends (a preflight)."""
    headers = [
        *added,
        (b"access-control-allow-methods", METHODS.encode()),
        (b"access-control-allow-headers", TAKEN.encode()),
        (b"access-control-max-age", KEPT),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
