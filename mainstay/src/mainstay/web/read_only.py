"""Read-only mode: while somebody has switched it on, every call that could change something is refused at once."""

from collections.abc import Callable
from typing import Final, TypeVar

from starlette.types import ASGIApp, Receive, Scope, Send

from mainstay.flags.state import Flags
from mainstay.web.csrf import SAFE
from mainstay.web.errors import ReadOnly
from mainstay.web.place import place_of

_NAME: Final = "mainstay_while_read_only"
# Seconds; whoever repeats a call sooner only adds load, and a till should not wait for long after the end.
RETRY_AFTER: Final = 10
REFUSED: Final = "The program is in read-only mode: nothing was changed, and tills keep their sales. Try again later."

Endpoint = TypeVar("Endpoint", bound=Callable[..., object])


def while_read_only(endpoint: Endpoint) -> Endpoint:
    """Mark a route, under its own decorator, that read-only mode leaves open: signing in and out, and its switch."""
    endpoint.__dict__[_NAME] = True
    return endpoint


def is_open_while_read_only(endpoint: Callable[..., object]) -> bool:
    """Whether a route's function is marked so."""
    return bool(endpoint.__dict__.get(_NAME))


class ReadOnlyGuard:
    """Refuses calls of operations by unsafe methods, whoever asks, before anything is read or done for them."""

    def __init__(self, app: ASGIApp, flags: Flags) -> None:
        self._app = app
        self._flags = flags

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; raises ReadOnly."""
        if scope["method"] not in SAFE and self._flags.is_read_only:
            operation = place_of(scope).operation
            if operation is not None and not is_open_while_read_only(operation.endpoint):
                raise ReadOnly(REFUSED, headers={"Retry-After": str(RETRY_AFTER)})
        await self._app(scope, receive, send)
