"""A program that is identity, mail and webhooks, which may call this machine, and what its dispatcher does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any
from uuid import UUID

import pytest

from mainstay import ids
from mainstay.bootstrap.program import Program
from mainstay.modules.audit.module import AUDIT
from mainstay.modules.identity.events import PersonChanged, RoleChanged
from mainstay.modules.identity.module import IDENTITY
from mainstay.modules.mail.module import MAIL
from mainstay.modules.notifications.module import NOTIFICATIONS
from mainstay.modules.webhooks.module import WEBHOOKS
from mainstay.modules.webhooks.service.delivering import Dispatcher
from mainstay.testing.client import Client
from mainstay.testing.receiver import Receiver
from mainstay.work import SYSTEM, WorkOpener

SUBSCRIPTIONS = "/api/v1/webhooks/subscriptions"
SETTINGS = {
    "SECRET_KEY": "wet paint on ninety wooden chairs",
    "PUBLIC_URL": "https://shop.example",
    "MAIL_SENDER": "desk@shop.example",
    "NET_ALLOWED": '["127.0.0.1"]',
    "NET_FAILURES": "1000",
    "WEBHOOKS_TIMEOUT": "1",
    "WEBHOOKS_POLL": "0.05",
    "WEBHOOKS_FIRST_PAUSE": "0.01",
}

Publish = Callable[..., Awaitable[None]]
Subscribe = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture(scope="session")
def program(post_office_url: str) -> Iterator[Program]:
    """The program under test."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in {**SETTINGS, "MAIL_URL": post_office_url}.items():
            environment.setenv(f"TELLER_{name}", value)
        modules = (MAIL, IDENTITY, NOTIFICATIONS, AUDIT, WEBHOOKS)
        yield Program("teller", "Teller", "Tells others.", "1.0.0", modules, ("mainstay.migrations",))


@pytest.fixture
def subscribe(owner: Client, receiver: Receiver) -> Subscribe:
    """Adds a webhook over the API, and returns the answer, with its secret."""

    async def subscribe(url: str | None = None, **fields: object) -> dict[str, Any]:
        body = {"id": str(ids.new_id()), "url": url or receiver.url, "description": "A test", "events": ["*"], **fields}
        answer = await owner.post(SUBSCRIPTIONS, json=body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    return subscribe


@pytest.fixture
async def dispatcher(committed: WorkOpener) -> AsyncIterator[Dispatcher]:
    """The dispatcher on a database of the test's own; it does a round when it is told to."""
    dispatcher = Dispatcher(committed, asyncio.Event())
    yield dispatcher
    await dispatcher.settled()


@pytest.fixture
def publish(committed: WorkOpener) -> Publish:
    """Publishes that people were changed: an event for each id, all of one transaction."""

    async def publish(*people: UUID) -> None:
        async with committed(SYSTEM) as uow:
            for person in people:
                uow.publish(PersonChanged(person_id=person))

    return publish


@pytest.fixture
def publish_role(committed: WorkOpener) -> Callable[[str], Awaitable[None]]:
    """Publishes that a role was changed."""

    async def publish_role(key: str) -> None:
        async with committed(SYSTEM) as uow:
            uow.publish(RoleChanged(key=key))

    return publish_role
