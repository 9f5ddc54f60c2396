"""Who calls what is going away is written down; without a database the call is answered, and counted later."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from starlette.types import Message, Receive, Scope, Send
from structlog.testing import capture_logs

from mainstay.errors import ServiceUnavailable
from mainstay.observe.counters import Counters
from mainstay.web import outdated
from mainstay.web.outdated import OutdatedOperation, uses
from mainstay.web.versions import Outdated, _moment
from mainstay.work import SYSTEM, Actor, WorkOpener

GOING = Outdated(_moment("2026-11-30"), None, None)


async def answer(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def call(operation: OutdatedOperation, open_work: Any, actor: Actor | None = None) -> Message:  # noqa: ANN401  or one that fails
    sent: list[Message] = []

    async def receive() -> Message:
        raise AssertionError("nothing is read")

    async def send(message: Message) -> None:
        sent.append(message)

    state = SimpleNamespace(counters=Counters(), edge=SimpleNamespace(open_work=open_work))
    scope: Scope = {"app": SimpleNamespace(state=state), "path_params": {}, "actor": actor}
    await operation(scope, receive, send)
    return sent[0]


async def test_a_service_is_known_by_its_key(open_work: WorkOpener) -> None:
    service = Actor("service", UUID(int=7), "Web shop")

    head = await call(OutdatedOperation(answer, "GET /x", GOING), open_work, service)

    assert (b"deprecation", b"@1795996800") in head["headers"]
    async with open_work(SYSTEM) as uow:
        (row,) = await uses(uow)
    assert (row["operation"], row["caller"], row["calls"]) == ("GET /x", f"service:{UUID(int=7)}", 1)


@pytest.mark.parametrize(
    "failure", [ServiceUnavailable("The database is away."), asyncpg.QueryCanceledError("statement timeout"), OSError()]
)
async def test_without_a_database_the_call_is_answered_and_counted_later(
    open_work: WorkOpener, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    """The reply is on its way: what fails now would break it."""
    monkeypatch.setattr(outdated, "GATHERED", 0.0)
    operation = OutdatedOperation(answer, "GET /x", GOING)

    def away(_actor: Actor) -> WorkOpener:
        raise failure

    with capture_logs() as lines:
        head = await call(operation, away)
    await call(operation, open_work)

    assert head["status"] == 200
    assert [line["event"] for line in lines] == ["the caller of an outdated operation was not written down"]
    async with open_work(SYSTEM) as uow:
        (row,) = await uses(uow)
    assert row["calls"] == 2
