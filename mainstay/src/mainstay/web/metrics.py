"""The page that tells the numbers of the program to Prometheus, when it brings the token of the settings."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

from pydantic import Field, SecretStr
from starlette.types import Receive, Scope, Send

from mainstay import crypto
from mainstay.errors import NotFound, NotSignedIn
from mainstay.observe.exposition import Exposition
from mainstay.settings import Settings
from mainstay.web.head import header

PATH = "/metrics"
# Tells all numbers.
Tell = Callable[[], Awaitable[Exposition]]
TEXT = b"text/plain; version=0.0.4; charset=utf-8"
OPEN = b"application/openmetrics-text; version=1.0.0; charset=utf-8"


class MetricsSettings(Settings):
    """Who may read the numbers."""

    section = "metrics"

    token: SecretStr | None = Field(
        default=None, min_length=16, description="What Prometheus sends as its bearer token; without it nobody reads"
    )
    worker_port: int | None = Field(
        default=None, ge=1, le=65_535, description="Where a worker tells its own numbers, on this machine alone"
    )
    certificates: tuple[Path, ...] = Field(
        default=(),
        description="PEM files whose end is told, such as the proxy's; that of the program's own is anyway",
    )


class WrongToken(NotSignedIn):
    """The numbers were asked for without the token of the settings (401)."""

    code = "metrics.wrong_token"
    title = "The token is missing or wrong"


class Metrics:
    """Answers with all numbers in Prometheus' text form, or in that of OpenMetrics to who takes it.

    It is no part of the API and has no rate limit.
    """

    def __init__(self, settings: MetricsSettings, tell: Tell) -> None:
        self._token = settings.token
        self._tell = tell

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Handle one request; raises NotFound when the settings have no token, and WrongToken."""
        if self._token is None:
            raise NotFound("There is nothing at this address.")
        given = (header(scope, b"authorization") or b"").decode("latin-1")
        if not crypto.is_equal(given, f"Bearer {self._token.get_secret_value()}"):
            raise WrongToken("Send the token of the settings as bearer.", headers={"WWW-Authenticate": "Bearer"})
        numbers, is_open = await self._tell(), takes_open(header(scope, b"accept") or b"")
        content = (numbers.open_text() if is_open else numbers.text()).encode()
        headers = [
            (b"content-type", OPEN if is_open else TEXT),
            (b"content-length", str(len(content)).encode()),
            (b"vary", b"Accept"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else content})


def takes_open(accept: bytes) -> bool:
    """Whether an `Accept` header names OpenMetrics and does not rule it out (RFC 9110, 12.5.1)."""
    for stated in accept.lower().split(b","):
        kind, *parameters = (part.strip() for part in stated.split(b";"))
        if kind == OPEN.partition(b";")[0]:
            return not any(re.fullmatch(rb"q=0(\.0*)?", each) for each in parameters)
    return False
