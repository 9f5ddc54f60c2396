"""The layers stand in their order, and every kind of request finds its end."""

import asyncio
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from mainstay.testing.client import Client
from mainstay.web.files import File
from mainstay.web.pages import Pages
from mainstay.web.stack import Dispatch, Entrance


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/api/v1/probe/notes", "GET, POST"),
        ("HEAD", "/api/v1/probe/me", "GET"),
        ("OPTIONS", "/api/v1/probe/me", "GET"),
        ("POST", "/api/openapi.json", "GET, HEAD"),
        ("DELETE", "/api/docs", "GET, HEAD"),
    ],
)
async def test_a_wrong_method_is_told_the_right_ones(api: Client, method: str, path: str, allowed: str) -> None:
    reply = await api.request(method, path)

    assert (reply.status_code, reply.headers["Allow"]) == (405, allowed)


async def test_who_asks_is_settled_before_what_is_sent(api: Client) -> None:
    """Nobody learns the shape of an input without the right to send it."""
    reply = await api.post("/api/v1/probe/notes", content=b"{", headers={"Content-Type": "application/json"})

    assert reply.status_code == 401


async def test_a_right_is_asked_for_before_anything_else_is_looked_at(cashier: Client) -> None:
    reply = await cashier.post("/api/v1/probe/notes", json={"id": "no-id"})

    assert (reply.status_code, reply.json()["code"]) == (403, "not_allowed")
    assert reply.json()["permission"] == "probe.write"


async def test_documents_answer_get_and_head(api: Client) -> None:
    whole, head = await api.get("/api/problems"), await api.head("/api/problems")

    assert whole.headers["Content-Type"] == "application/json"
    assert (head.status_code, head.content) == (200, b"")


async def test_a_document_that_many_ask_for_at_once_is_made_once() -> None:
    """One takes most of a second of a processor: whoever asks often must not keep the others from working."""
    made: list[str] = []
    sent: list[Message] = []

    def make() -> File:
        made.append("made")
        return File.of(b"{}", "application/json", "no-cache")

    async def nothing(_scope: Scope, _receive: Receive, _send: Send) -> None:
        """Answer nothing."""

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    dispatch = Dispatch({"/document": make}, Pages(None), nothing)
    scope = {"type": "http", "method": "GET", "path": "/document", "headers": []}
    asking = [asyncio.create_task(dispatch({**scope}, receive, send)) for _ in range(3)]
    await asyncio.gather(*asking)
    await dispatch({**scope}, receive, send)

    assert made == ["made"]
    assert [message["body"] for message in sent if message["type"] == "http.response.body"] == [b"{}"] * 4


async def test_web_sockets_are_turned_away_and_the_lifespan_is_the_routers() -> None:
    seen: list[str] = []
    sent: list[Message] = []

    def app(name: str) -> Any:  # noqa: ANN401  an ASGI application
        async def note(_scope: Scope, _receive: Receive, _send: Send) -> None:
            seen.append(name)

        return note

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    entrance = Entrance(app("stack"), app("router"))
    for kind in ("http", "lifespan", "websocket"):
        await entrance({"type": kind}, receive, send)

    assert seen == ["stack", "router"]
    assert sent == [{"type": "websocket.close", "code": 1003}]
