"""The head limit: a request whose headers together are too large is refused, however they came."""

from starlette.types import ASGIApp, Receive, Scope, Send

from mainstay.web.errors import HeadTooLarge

# Bytes of all names and values, and of the path with its query: four times what browsers and proxies make of cookies.
LIMIT = 32 * 1024


class HeadLimit:
    """Counts what the server has read already; the server itself gives up at four times as much (`BUFFER_BYTES`)."""

    def __init__(self, app: ASGIApp, limit: int = LIMIT) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; raises HeadTooLarge."""
        size = len(scope["path"]) + len(scope["query_string"])
        for name, value in scope["headers"]:
            size += len(name) + len(value)
        if size > self._limit:
            raise HeadTooLarge(f"Address and headers together may have at most {self._limit:,} bytes.")
        await self._app(scope, receive, send)
