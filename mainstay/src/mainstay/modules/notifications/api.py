"""The front door of notifications: have people told of something, by name or by a right that they hold."""

from collections.abc import Iterable
from uuid import UUID

from mainstay.modules.notifications.service import telling
from mainstay.modules.notifications.service.telling import Notice
from mainstay.work import UnitOfWork

__all__ = ["Notice", "notify", "notify_people"]


async def notify(uow: UnitOfWork, notice: Notice, place_id: UUID | None = None) -> None:
    """Tell everybody who holds the right of the notice's kind today, and reaches `place_id` if there is one.

    It is in this transaction: who is told in an inbox or by mail is told when this work has committed, and by no work
    that failed.
    """
    await telling.tell_holders(uow, notice, place_id)


async def notify_people(uow: UnitOfWork, notice: Notice, person_ids: Iterable[UUID]) -> None:
    """Tell some people; those who are gone are not told."""
    await telling.tell_people(uow, notice, person_ids)
