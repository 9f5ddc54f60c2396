"""Forgetting: deliveries and messages after a month, former secrets, and events that nobody needs any more."""

from datetime import timedelta

import structlog

from mainstay.modules.webhooks.repository import deliveries, events, sources, subscriptions
from mainstay.modules.webhooks.settings import WebhookSettings
from mainstay.work import UnitOfWork

logger = structlog.stdlib.get_logger(__name__)


async def forget_the_old(uow: UnitOfWork) -> None:
    """Delete what has had its time; an event that the subscriptions have not come to stays, however old it is."""
    settings = uow.setup.settings.of(WebhookSettings)
    await deliveries.forget(uow, timedelta(days=settings.keep_days))
    await sources.forget(uow, timedelta(days=settings.keep_days))
    await subscriptions.forget_former(uow)
    up_to = await deliveries.place(uow) if await deliveries.is_any_wanted(uow) else None
    removed = await events.forget(uow, timedelta(days=settings.event_days), up_to)
    logger.info("events have had their time", removed=removed)
