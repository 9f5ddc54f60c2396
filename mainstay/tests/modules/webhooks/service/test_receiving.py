"""A message of a source is kept before anybody handles it, and handled once, however often it comes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from mainstay import clock, ids
from mainstay.bootstrap.program import Program
from mainstay.messages.job import Job, Retry
from mainstay.module import Module
from mainstay.modules.webhooks import api
from mainstay.modules.webhooks.events import WebhookReceived
from mainstay.modules.webhooks.service import signing
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener
from mainstay.worker.runner import Worker
from mainstay.worker.settings import WorkerSettings

BASE = "/api/v1/webhooks"
PATIENCE = 30.0
WAITING = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'orders.book' AND status IN ('todo', 'doing')"
DONE = "SELECT count(*) FROM mainstay_job_done WHERE job = 'orders.book'"
KEPT = "SELECT count(*) FROM webhooks_received"


class Desk:
    """Books what a web shop tells, and fails at its first try."""

    def __init__(self) -> None:
        self.tries: list[bytes] = []

    async def book(self, uow: UnitOfWork, event: WebhookReceived) -> None:
        """Read the message that an event is about."""
        message = await api.received(uow, event.received_id)
        assert message is not None, "what is handled is kept"
        self.tries.append(message.body)
        if len(self.tries) == 1:
            raise ConnectionError("the books are away")


@pytest.fixture(scope="session")
def desk() -> Desk:
    return Desk()


@pytest.fixture(scope="session")
def program(program: Program, desk: Desk) -> Program:
    """The program with a module that answers the messages of sources."""
    book = Job("orders.book", desk.book, (WebhookReceived,), retry=Retry(attempts=2, wait=1))
    return replace(program, modules=(*program.modules, Module(name="orders", jobs=(book,))))


@asynccontextmanager
async def working(program: Program, open_work: WorkOpener, url: str) -> AsyncIterator[None]:
    """Have a worker run inside the block."""
    worker = Worker(url, program.jobs, (), open_work, WorkerSettings.model_validate({"poll": 0.1}))
    task = asyncio.create_task(worker.run(is_alone=True))
    yield
    worker.stop()
    await task


async def count(open_work: WorkOpener, sql: str) -> int:
    async with open_work(SYSTEM) as uow:
        return int(await uow.read_value(sql))


async def until_idle(open_work: WorkOpener) -> None:
    """Wait until nothing is left to be handled, as often as it ever will be."""
    deadline = clock.monotonic() + PATIENCE
    while await count(open_work, WAITING):
        assert clock.monotonic() < deadline, "it is not handled"
        await asyncio.sleep(0.05)


async def test_a_message_is_kept_first_and_handled_once_however_often_it_comes_and_fails(
    committing: Client, committed: WorkOpener, program: Program, fresh_database_url: str, desk: Desk
) -> None:
    desk.tries.clear()
    new = {"id": str(ids.new_id()), "name": "web-shop", "description": "Orders"}
    source = (await committing.post(f"{BASE}/sources", json=new)).json()

    async def send(message_id: str, body: bytes, age: int) -> tuple[int, Any]:
        key, moment = signing.decoded(source["secret"]), clock.now() - timedelta(seconds=age)
        assert key is not None
        headers = {
            "Content-Type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": signing.signature(key, message_id, moment, body),
        }
        answer = await committing.post(f"{BASE}/in/web-shop", content=body, headers=headers)
        return answer.status_code, answer.json().get("is_new")

    # Nobody works yet: what was answered is kept, and waits.
    first, second = b'{"order": 1}', b'{"order": 2}'
    assert await send("msg_1", first, 90) == (202, True)
    assert (desk.tries, await count(committed, KEPT), await count(committed, WAITING)) == ([], 1, 1)
    # Its sender had no answer, and signs it anew; somebody copies it.
    assert await send("msg_1", first, 60) == (202, False)
    assert await send("msg_1", first, 60) == (409, None)
    assert await count(committed, WAITING) == 1

    async with working(program, committed, fresh_database_url):
        await until_idle(committed)
        assert desk.tries == [first, first], "the second try has the message that the first had"
        assert await send("msg_1", first, 30) == (202, False)
        assert await send("msg_2", second, 30) == (202, True)
        await until_idle(committed)

    assert desk.tries == [first, first, second]
    assert (await count(committed, DONE), await count(committed, KEPT)) == (2, 2)
