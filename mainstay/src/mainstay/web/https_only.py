"""HTTPS alone, in production: whoever comes in the clear is sent to the secure address, or refused."""

from urllib.parse import quote

from starlette.types import ASGIApp, Receive, Scope, Send

from mainstay.web.errors import HttpsNeeded
from mainstay.web.head import header
from mainstay.web.transport import Transport

# Service managers and load balancers ask in the clear, from inside; the answers hold nothing secret.
_OPEN = "/health/"


class HttpsOnly:
    """Redirects reads to HTTPS and refuses writes: what they carried has been seen by others already.

    It stands behind the check of the Host header, so that nobody is ever sent to a foreign site.
    """

    def __init__(self, app: ASGIApp, transport: Transport) -> None:
        self._app = app
        self._transport = transport

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; raises HttpsNeeded."""
        is_fine = scope["scheme"] == "https" or scope["path"].startswith(_OPEN)
        if not self._transport.is_https_forced or is_fine:
            await self._app(scope, receive, send)
            return
        if scope["method"] not in {"GET", "HEAD"}:
            raise HttpsNeeded("Use https:// for this; what was just sent in the clear may have been read by others.")
        headers = [(b"location", self._secure(scope)), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 308, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    def _secure(self, scope: Scope) -> bytes:
        host = (header(scope, b"host") or b"").lower()
        name = host if host.endswith(b"]") else host.rpartition(b":")[0] or host
        public = (self._transport.public_netloc or "").encode()
        netloc = public if public.rpartition(b":")[0] == name or public == name else name
        query: bytes = scope["query_string"]
        path = quote(scope["path"], safe="/:@!$&'()*+,;=~-._").encode()
        return b"https://" + netloc + path + (b"?" + query if query else b"")
