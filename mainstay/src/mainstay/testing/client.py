"""An HTTP client that behaves as a browser does on our pages: it sends the origin, the CSRF token and request ids."""

import ssl
from collections.abc import Awaitable, Callable
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from uuid import UUID

import httpx2

from mainstay import ids

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@cache
def _trust() -> ssl.SSLContext:
    """Return whom clients trust, read once: reading it takes longer than most requests of a test."""
    return httpx2.create_ssl_context(trust_env=False)


class Client(httpx2.AsyncClient):
    """One browser: cookies are kept, and after `sign_in` every write carries the CSRF token.

    `before_call` is awaited before each request leaves, `after_call` with each answer.
    """

    def __init__(
        self,
        base_url: str,
        *,
        transport: httpx2.AsyncBaseTransport | None = None,
        before_call: Callable[[], Awaitable[None]] | None = None,
        after_call: Callable[[httpx2.Response], Awaitable[None]] | None = None,
        timeout: float = 10.0,
    ) -> None:
        # A browser sends cookies marked Secure over plain HTTP to its own machine as well.
        jar = CookieJar(DefaultCookiePolicy(secure_protocols=("http", "https")))
        super().__init__(
            base_url=base_url,
            transport=transport,
            timeout=timeout,
            cookies=jar,
            event_hooks={"request": [self._prepare], "response": [after_call] if after_call else []},
            trust_env=False,
            verify=_trust(),
        )
        self._before_call = before_call
        self.csrf_token: str | None = None
        self.person_id: UUID | None = None

    async def _prepare(self, request: httpx2.Request) -> None:
        if self._before_call is not None:
            await self._before_call()
        request.headers.setdefault("X-Request-ID", f"test-{ids.new_id().hex}")
        if request.method in SAFE_METHODS:
            return
        request.headers.setdefault("Origin", str(self.base_url).rstrip("/"))
        if self.csrf_token is not None:
            request.headers.setdefault("X-CSRF-Token", self.csrf_token)

    async def sign_in(self, email: str, password: str) -> dict[str, Any]:
        """Sign in through the front door and return the session; raises AssertionError when it is refused."""
        answer = await self.post("/api/v1/identity/session", json={"email": email, "password": password})
        return self.adopt(answer)

    def adopt(self, answer: httpx2.Response) -> dict[str, Any]:
        """Take the CSRF token from an `answer` that began a session; raises AssertionError when it did not."""
        assert answer.status_code == 201, answer.text
        session: dict[str, Any] = answer.json()
        self.csrf_token = session["csrf_token"]
        self.person_id = UUID(session["person"]["id"])
        return session
