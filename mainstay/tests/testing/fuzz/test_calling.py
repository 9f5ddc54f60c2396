"""The application is called as a server calls it, and whatever it does is an answer."""

import asyncio

from starlette.types import Receive, Scope, Send

from mainstay.testing.fuzz.calling import call
from mainstay.testing.fuzz.cases import Request
from mainstay.testing.fuzz.vectors import Raw

REQUEST = Request("POST", "/things/{name}", query=[("q", "a b")], path={"name": Raw(b"%ff/%41")}, body=b"content")


async def repeat(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with what came in, in two pieces, and with what comes after it."""
    message = await receive()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"X-Kind", b"thing")]})
    parts = [scope["path"].encode(), scope["raw_path"], scope["query_string"], message["body"]]
    await send({"type": "http.response.body", "body": b"|".join(parts), "more_body": True})
    await send({"type": "http.response.body", "body": b"|"})
    assert (await receive())["type"] == "http.disconnect"


async def test_path_query_and_body_arrive_and_the_whole_answer_is_kept() -> None:
    answer = await call(repeat, REQUEST)

    assert answer.failure is None
    assert (answer.method, answer.status, answer.header(b"x-kind"), answer.header(b"x")) == (
        "POST",
        200,
        b"thing",
        None,
    )
    assert answer.body == b"|".join(["/things/\ufffd/A".encode(), b"/things/%ff/%41", b"q=a%20b", b"content", b""])


async def test_of_a_stream_of_events_the_first_is_enough() -> None:
    async def stream(_scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
        await send({"type": "http.response.body", "body": b"data: 1\n\n", "more_body": True})
        assert (await receive())["type"] == "http.disconnect"

    answer = await call(stream, REQUEST)

    assert (answer.failure, answer.body) == (None, b"data: 1\n\n")


async def test_an_error_and_an_endless_wait_are_answers_too() -> None:
    async def fail(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise RuntimeError

    async def wait(_scope: Scope, _receive: Receive, _send: Send) -> None:
        await asyncio.Event().wait()

    assert isinstance((await call(fail, REQUEST)).failure, RuntimeError)
    assert isinstance((await call(wait, REQUEST, patience=0.01)).failure, TimeoutError)
