"""Forgetting: what was read long ago, what is very old, and all of a person who was deleted."""

from datetime import timedelta
from uuid import UUID

from mainstay.modules.notifications.repository import items, people
from mainstay.modules.notifications.settings import NotificationSettings
from mainstay.work import UnitOfWork


async def forget_the_old(uow: UnitOfWork) -> None:
    """Delete what has had its time."""
    settings = uow.setup.settings.of(NotificationSettings)
    await items.forget(uow, timedelta(days=settings.read_days), timedelta(days=settings.keep_days))


async def forget_person(uow: UnitOfWork, person_id: UUID) -> None:
    """Delete what a person was told, and how they wanted it."""
    await people.forget(uow, person_id)
