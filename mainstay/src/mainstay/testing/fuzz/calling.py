"""Calling an application as a server would, in this process, and keeping all of its answer."""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from starlette.types import ASGIApp, Message

from mainstay.testing.fuzz.cases import Request
from mainstay.web.place import place_of

_EVENTS = b"text/event-stream"


@dataclass(slots=True)
class Answer:
    """What came back; `route` is the path of the operation that the request reached, None when it reached none.

    `statements` are those that the database was sent meanwhile.
    """

    method: str
    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    route: str | None = None
    failure: BaseException | None = None
    seconds: float = 0.0
    statements: list[str] = field(default_factory=list)

    def header(self, name: bytes) -> bytes | None:
        """Return the first header called `name` (lower case), or None."""
        return next((value for key, value in self.headers if key.lower() == name), None)


class _Conversation:
    """Hands a request to the application and takes the answer; of events the first is enough."""

    def __init__(self, request: Request) -> None:
        self.answer = Answer(request.method)
        self._body: bytes | None = request.body
        self._ended = asyncio.Event()

    async def receive(self) -> Message:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self._ended.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.answer.status = message["status"]
            self.answer.headers = list(message.get("headers", ()))
        elif message["type"] == "http.response.body":
            self.answer.body += message.get("body", b"")
            is_events = (self.answer.header(b"content-type") or b"").startswith(_EVENTS)
            if is_events or not message.get("more_body", False):
                self._ended.set()


async def call(app: ASGIApp, request: Request, *, host: bytes = b"localhost", patience: float = 20.0) -> Answer:
    """Send a request and return the answer; what the application raised is in it, a TimeoutError after `patience`."""
    conversation = _Conversation(request)
    scope = _scope(request, host)
    loop = asyncio.get_running_loop()
    began = loop.time()
    try:
        async with asyncio.timeout(patience):
            await app(scope, conversation.receive, conversation.send)
    except Exception as failure:  # noqa: BLE001  the judge says what it means
        conversation.answer.failure = failure
    conversation.answer.seconds = loop.time() - began
    conversation.answer.route = place_of(scope).route
    return conversation.answer


def _scope(request: Request, host: bytes) -> dict[str, Any]:
    raw = request.raw_path
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": unquote(raw.decode("latin-1"), errors="replace"),
        "raw_path": raw,
        "query_string": request.raw_query,
        "root_path": "",
        "headers": [(b"host", host), *request.headers],
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 80),
    }
