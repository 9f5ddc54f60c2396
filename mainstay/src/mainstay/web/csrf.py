"""Protection against forged writes (CSRF): they must come from our own pages and carry the session's token."""

from starlette.types import ASGIApp, Receive, Scope, Send

from mainstay.keyring import Keyring
from mainstay.permission import Public
from mainstay.web.addresses import Addresses
from mainstay.web.errors import CsrfFailed
from mainstay.web.head import bearer, cookie, header
from mainstay.web.place import place_of
from mainstay.web.routing import Edge

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
HEADER = "X-CSRF-Token"
PURPOSE = "csrf"


def csrf_token(keyring: Keyring, session_token: str) -> str:
    """Return the token that writes of a session must carry in the header `X-CSRF-Token`."""
    return keyring.sign(PURPOSE, session_token)


class CsrfGuard:
    """Refuses writes from foreign pages, and writes with a session cookie but without its token.

    Callers that are no browsers send neither `Origin` nor `Sec-Fetch-Site` nor cookies; they pass. Public routes need
    no token: a browser with the cookie of a session that has ended must still be able to sign in. Neither do bearers:
    no page of another site can make a browser send their header, and cookies beside it are not looked at.
    """

    def __init__(self, app: ASGIApp, edge: Edge, addresses: Addresses) -> None:
        self._app = app
        self._keyring = edge.keyring
        self._cookie = edge.cookie_name
        self._addresses = addresses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; raises CsrfFailed."""
        if scope["method"] not in SAFE and bearer(scope) is None:
            self._check(scope)
        await self._app(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        session = cookie(scope, self._cookie)
        is_ours = self._is_ours(scope)
        if is_ours is False or (is_ours is None and session is not None):
            raise CsrfFailed("This request did not come from a page of this program.")
        operation = place_of(scope).operation
        if session is None or (operation is not None and isinstance(operation.right, Public)):
            return
        given = header(scope, HEADER.lower().encode()) or b""
        if not self._keyring.is_genuine(PURPOSE, session, given.decode("latin-1")):
            raise CsrfFailed(f"The header {HEADER} is missing or is not this session's; load the page again.")

    def _is_ours(self, scope: Scope) -> bool | None:
        """Whether the request comes from our own pages; None when the caller does not say."""
        origin = header(scope, b"origin")
        if origin is not None:
            host = header(scope, b"host") or b""
            is_secure = scope["scheme"] == "https"
            return self._addresses.has_origin(origin.decode("latin-1"), host.decode("latin-1"), is_secure=is_secure)
        site = header(scope, b"sec-fetch-site")
        return None if site is None else site in {b"same-origin", b"none"}
