"""What webhooks do by themselves: sending, and forgetting."""

import asyncio

from mainstay.messages.job import BEHIND, Loop, Schedule
from mainstay.modules.webhooks.service import upkeep
from mainstay.modules.webhooks.service.delivering import Dispatcher
from mainstay.work import UnitOfWork, WorkOpener


async def dispatch(open_work: WorkOpener, stopping: asyncio.Event) -> None:
    """Read the log and send what is due, until the worker stops."""
    await Dispatcher(open_work, stopping).run()


async def forget_the_old(uow: UnitOfWork) -> None:
    """Delete deliveries, messages and events that have had their time."""
    await upkeep.forget_the_old(uow)


DISPATCH = Loop("webhooks.dispatch", dispatch)
FORGET_THE_OLD = Schedule("webhooks.forget_the_old", forget_the_old, cron="51 3 * * *", priority=BEHIND)
