"""The request id: taken from the caller when it is harmless, made otherwise, and returned with every reply."""

import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mainstay import context, crypto
from mainstay.web.head import header

# No line breaks, quotes or anything else that could forge a log line or a header.
_HARMLESS = re.compile(rb"[A-Za-z0-9._-]{1,64}")


class RequestId:
    """Puts the id of the request into the context, so that logs, events and problems carry it.

    The address of the caller goes there too, for the audit trail.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        given = header(scope, b"x-request-id")
        name = given if given is not None and _HARMLESS.fullmatch(given) else crypto.new_token(12).encode()

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", name)]
            await send(message)

        client = scope.get("client")
        token = context.request_id.set(name.decode())
        address = context.address.set(client[0] if client else None)
        try:
            await self._app(scope, receive, send_with_id)
        finally:
            context.address.reset(address)
            context.request_id.reset(token)
