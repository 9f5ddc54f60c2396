"""The error shield answers whatever is raised, also in the middle of a reply."""

import asyncio
import socket

import httpx2
import pytest
from probe.served import Served
from probe.trouble import SECRET
from starlette.types import Message, Receive, Scope, Send

from mainstay import ids
from mainstay.errors import NotFound
from mainstay.testing.client import Client
from mainstay.web.shield import ErrorShield


async def test_a_reply_that_breaks_off_is_not_taken_for_a_whole_one(api: Client, served: Served) -> None:
    name = ids.new_id().hex

    with pytest.raises(httpx2.RemoteProtocolError):
        await api.get("/api/v1/trouble/half", headers={"X-Request-ID": name})

    assert SECRET in served.line(request_id=name, level="error")["exception"]
    assert served.line(request_id=name, logger="access")["bytes"] == len(b"the first half")


async def test_what_passes_by_itself_is_a_warning_with_its_cause_and_no_trace(api: Client, served: Served) -> None:
    name = ids.new_id().hex

    reply = await api.post("/api/v1/trouble/failures/busy", headers={"X-Request-ID": name})

    assert reply.status_code == 503
    line = served.line(request_id=name, level="warning")
    assert "DeadlockDetectedError" in line["reason"]
    assert "exception" not in line


async def test_what_the_caller_did_wrong_is_no_matter_for_the_log(api: Client, served: Served) -> None:
    name = ids.new_id().hex

    await api.post("/api/v1/trouble/failures/conflict", headers={"X-Request-ID": name})

    served.line(request_id=name, logger="access")
    assert len(served.lines(request_id=name)) == 1


async def test_a_caller_who_leaves_in_the_middle_of_sending_is_no_mistake_of_ours(served: Served) -> None:
    name = ids.new_id().hex
    address = httpx2.URL(served.url)
    head = (
        "POST /api/v1/trouble/echo HTTP/1.1",
        f"Host: localhost:{address.port}",
        f"Origin: http://localhost:{address.port}",
        f"X-Request-ID: {name}",
        "Content-Type: application/json",
        "Content-Length: 100",
    )
    with socket.create_connection((address.host, address.port or 80)) as caller:
        caller.sendall("\r\n".join((*head, "", '{"half":')).encode())

    line = await asyncio.to_thread(served.line, request_id=name, logger="access")
    assert line["status"] == 499
    assert [line["level"] for line in served.lines(request_id=name)] == ["info", "info"]


async def test_a_refused_request_without_a_body_is_over_with_its_reply() -> None:
    """Whoever waited for its next message let the caller's next request in first, and it was counted too late."""
    sent: list[Message] = []

    async def refuse(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise NotFound("There is nothing at this address.")

    async def wait_for_ever() -> Message:
        return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return]  # it has no result

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {"type": "http", "method": "GET", "path": "/made-up", "http_version": "1.1", "headers": []}
    answering = ErrorShield(refuse)(scope, wait_for_ever, send)

    with pytest.raises(StopIteration):
        answering.send(None)  # it never yields to the loop
    assert [message.get("status") for message in sent] == [404, None]
