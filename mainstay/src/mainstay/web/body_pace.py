"""The body's pace: whoever sends a body drop by drop is cut off, however long it may be."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mainstay.web.errors import BodyTooSlow
from mainstay.web.head import has_body

# Bytes a second that must arrive on average once the first seconds are over: a tenth of a bad mobile connection.
PACE = 4096


class BodyPace:
    """Gives a body `seconds` and as many more as its bytes earn at the slowest pace."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; raises BodyTooSlow while the body is read."""
        if not has_body(scope):
            await self._app(scope, receive, send)
            return
        loop = asyncio.get_running_loop()
        began: float | None = None
        received, is_whole = 0, False

        async def receive_in_time() -> Message:
            nonlocal began, received, is_whole
            if is_whole:  # what comes now is the caller's leaving, which may take as long as it likes
                return await receive()
            began = loop.time() if began is None else began
            try:
                async with asyncio.timeout_at(began + self._seconds + received / PACE):
                    message = await receive()
            except TimeoutError as failure:
                raise BodyTooSlow(
                    "The body came too slowly and was given up.", headers={"Connection": "close"}
                ) from failure
            received += len(message.get("body", b""))
            is_whole = not message.get("more_body", False)
            return message

        await self._app(scope, receive_in_time, send)
