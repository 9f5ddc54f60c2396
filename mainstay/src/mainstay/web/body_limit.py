"""The body limit: no route reads more than it said it takes, whatever the sender announces."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mainstay.web.errors import BodyTooLarge, UnsupportedMediaType
from mainstay.web.head import has_body, header
from mainstay.web.place import place_of

DEFAULT_LIMIT = 1024 * 1024


class BodyLimit:
    """Counts the bytes of bodies; a route takes more, or less, with FastAPI's `max_body_size=…` (bytes)."""

    def __init__(self, app: ASGIApp, limit: int = DEFAULT_LIMIT) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; raises BodyTooLarge at once when too much is announced, or while it arrives.

        Raises UnsupportedMediaType for a packed body.
        """
        if not has_body(scope):
            await self._app(scope, receive, send)
            return
        packed = header(scope, b"content-encoding")
        if packed is not None and packed.strip().lower() not in {b"", b"identity"}:
            # Nothing here unpacks bodies: a few bytes could become gigabytes (RFC 9110, 15.5.16 for the header).
            raise UnsupportedMediaType(
                "Send the body as it is, without Content-Encoding.", headers={"Accept-Encoding": "identity"}
            )
        operation = place_of(scope).operation
        stated = operation.max_body_size if operation is not None else None
        limit = self._limit if stated is None else stated
        announced = header(scope, b"content-length")
        if announced is not None and announced.isdigit() and int(announced) > limit:
            raise _too_large(limit)
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            if message["type"] == "http.request":
                received += len(message.get("body", b""))
                if received > limit:
                    raise _too_large(limit)
            return message

        await self._app(scope, receive_counted, send)


def _too_large(limit: int) -> BodyTooLarge:
    return BodyTooLarge(f"This address takes at most {limit:,} bytes.")
