"""Holds every answer of the in-process clients against the API description: statuses that it does not have fail."""

from collections.abc import Mapping
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mainstay.web.place import place_of


class UndescribedStatus(AssertionError):
    """An operation answered with a status that its description does not have."""


class Described:
    """An application whose answers are held against its `description` (OpenAPI)."""

    def __init__(self, app: ASGIApp, description: Mapping[str, Any]) -> None:
        self._app = app
        self._paths = description["paths"]
        self._found: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; answers of no operation, or of one outside of the API, are let pass."""

        async def send_watched(message: Message) -> None:
            operation = place_of(scope).operation
            is_described = operation is not None and operation.include_in_schema
            if message["type"] == "http.response.start" and operation is not None and is_described:
                method, path = scope["method"], operation.path_format
                described = self._paths[path][method.lower()]["responses"]
                if str(message["status"]) not in described:
                    known = ", ".join(described)
                    self._found.append(f"{method} {path} answered {message['status']}; it describes {known}")
            await send(message)

        await self._app(scope, receive, send_watched)

    async def check(self, _answer: object) -> None:
        """Raise UndescribedStatus when an answer since the last check was not described."""
        found, self._found = self._found, []
        if found:
            raise UndescribedStatus("; ".join(found))
