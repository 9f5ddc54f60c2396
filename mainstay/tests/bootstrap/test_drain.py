"""Draining: what is under way is answered, and every answer asks its client to leave."""

import asyncio
import weakref
from collections.abc import Awaitable, Callable

import pytest
from starlette.types import Message, Receive, Scope, Send
from structlog.testing import capture_logs

from mainstay import clock
from mainstay.bootstrap.drain import Draining

HTTP: Scope = {"type": "http"}
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def answering(content_type: bytes = b"text/plain") -> Application:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", content_type)]})
        await send({"type": "http.response.body", "body": b"hello"})

    return app


async def following(_scope: Scope, receive: Receive, send: Send) -> None:
    """A stream of events that ends when its client leaves, and never by itself."""
    listening = asyncio.ensure_future(_until_left(receive))
    headers = [(b"content-type", b"text/event-stream; charset=utf-8")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"data: 1\n\n", "more_body": True})
    await listening


async def _until_left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


class Caller:
    """The server's side of one exchange: a request without a body whose client never leaves."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self._is_asked = False

    async def receive(self) -> Message:
        if self._is_asked:
            await asyncio.Event().wait()
        self._is_asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.sent[0]["headers"])


async def test_answers_ask_the_client_to_leave_once_draining_has_begun() -> None:
    draining, before, after = Draining(answering()), Caller(), Caller()

    await draining(HTTP, before.receive, before.send)
    draining.begin()
    await draining(HTTP, after.receive, after.send)

    assert b"connection" not in before.headers
    assert after.headers[b"connection"] == b"close"
    assert after.headers[b"content-type"] == b"text/plain"


async def test_it_ends_when_what_is_under_way_is_answered_and_callers_are_quiet() -> None:
    may_answer = asyncio.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await may_answer.wait()
        await answering()(scope, receive, send)

    draining, caller = Draining(slow), Caller()
    under_way = asyncio.create_task(draining(HTTP, caller.receive, caller.send))
    await asyncio.sleep(0)
    draining.begin()
    ending = asyncio.create_task(draining.ended(patience=10))
    await asyncio.wait({ending}, timeout=0.1)
    assert not ending.done()

    began = clock.monotonic()
    may_answer.set()
    await ending

    assert caller.headers[b"connection"] == b"close"
    assert 0.4 < clock.monotonic() - began < 2
    await under_way


async def test_it_does_not_wait_longer_than_it_may_and_says_what_it_gave_up() -> None:
    async def stuck(_scope: Scope, _receive: Receive, _send: Send) -> None:
        await asyncio.Event().wait()

    draining, caller = Draining(stuck), Caller()
    under_way = asyncio.create_task(draining(HTTP, caller.receive, caller.send))
    await asyncio.sleep(0)
    with capture_logs() as lines:
        await draining.ended(patience=0.05)

    assert [(line["event"], line["count"]) for line in lines] == [("stopped with requests under way", 1)]
    under_way.cancel()
    await asyncio.gather(under_way, return_exceptions=True)


@pytest.mark.parametrize("is_draining_before", [False, True])
async def test_a_stream_of_events_sees_its_client_leave_and_its_reply_is_completed(is_draining_before: bool) -> None:
    draining, caller = Draining(following), Caller()
    if is_draining_before:
        draining.begin()
    stream = asyncio.create_task(draining(HTTP, caller.receive, caller.send))
    await asyncio.wait({stream}, timeout=0.05)
    if not is_draining_before:
        assert not stream.done()
        draining.begin()

    await asyncio.wait_for(stream, 1)

    assert caller.sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}


async def test_other_replies_are_not_cut_off_however_long_they_are() -> None:
    async def download(_scope: Scope, receive: Receive, send: Send) -> None:
        listening = asyncio.ensure_future(_until_left(receive))
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/csv")]})
        for _ in range(3):
            await asyncio.wait({listening}, timeout=0.05)
            assert not listening.done(), "the client was said to have left"
            await send({"type": "http.response.body", "body": b"row\n", "more_body": True})
        await send({"type": "http.response.body", "body": b""})
        listening.cancel()

    draining, caller = Draining(download), Caller()
    draining.begin()
    await draining(HTTP, caller.receive, caller.send)

    assert [message.get("body") for message in caller.sent[1:]] == [b"row\n", b"row\n", b"row\n", b""]


async def test_the_lifespan_passes_through() -> None:
    seen: list[str] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    caller = Caller()
    await Draining(app)({"type": "lifespan"}, caller.receive, caller.send)

    assert seen == ["lifespan"]


async def test_the_servers_ends_are_let_go_though_a_handled_failure_holds_the_exchange() -> None:
    """Granian keeps the connection of a body that was not read whole as long as somebody has its ends."""
    kept: list[Exception] = []

    async def failing(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            raise ValueError(scope, receive, send)
        except ValueError as failure:
            kept.append(failure)
            await answering()(scope, receive, send)

    caller = Caller()
    ends = weakref.ref(caller)
    await Draining(failing)(HTTP, caller.receive, caller.send)
    assert len(caller.sent) == 2
    del caller

    assert ends() is None
    _, receive, send = kept[0].args[0:3]
    assert await receive() == {"type": "http.disconnect"}
    await send({"type": "http.response.body", "body": b"too late"})
