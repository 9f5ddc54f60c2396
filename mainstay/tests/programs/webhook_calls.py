"""What tests of webhooks do: add a subscription, look at deliveries, have the dispatcher do rounds."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from mainstay import clock, ids
from mainstay.modules.webhooks.repository import subscriptions
from mainstay.modules.webhooks.repository.subscriptions import Wanted
from mainstay.modules.webhooks.service import signing
from mainstay.modules.webhooks.service.delivering import Dispatcher
from mainstay.work import SYSTEM, Row, UnitOfWork, WorkOpener


@dataclass(frozen=True, slots=True)
class Added:
    """A subscription and its secret."""

    id: UUID
    secret: bytes


async def added(open_work: WorkOpener, url: str, events: Sequence[str] = ("*",)) -> Added:
    """Add a subscription."""
    made = Added(ids.new_id(), signing.new_secret())
    async with open_work(SYSTEM) as uow:
        await subscriptions.add(
            uow, made.id, Wanted(url, "A test", events, ()), signing.seal(uow, made.secret, made.id)
        )
    return made


async def delivery_rows(open_work: WorkOpener) -> list[Row]:
    """Return all deliveries, the oldest first."""
    async with open_work(SYSTEM) as uow:
        return await uow.read("SELECT * FROM webhooks_delivery ORDER BY position")


async def rounds(dispatcher: Dispatcher, is_enough: Callable[[], bool], patience: float = 30.0) -> None:
    """Have the dispatcher do rounds until it is enough."""
    deadline = clock.monotonic() + patience
    while not is_enough():
        assert clock.monotonic() < deadline, "it did not come to it"
        await dispatcher.round()
        await asyncio.sleep(0.01)


async def until_somebody_waits(uow: UnitOfWork) -> None:
    """Return when somebody waits for a lock in the database."""
    deadline = clock.monotonic() + 5
    sql = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    while not await uow.read_value(sql):
        assert clock.monotonic() < deadline, "nobody waits"
        await asyncio.sleep(0.01)
