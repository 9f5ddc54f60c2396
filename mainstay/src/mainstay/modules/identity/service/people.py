"""People: who is here, and what is forgotten in time."""

from datetime import datetime, timedelta
from uuid import UUID

from mainstay.modules.identity.repository import people as repository
from mainstay.modules.identity.repository import upkeep
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.work import Row, UnitOfWork


async def is_set_up(uow: UnitOfWork) -> bool:
    """Whether the program has an owner."""
    return await repository.has_owner(uow)


async def list_people(uow: UnitOfWork, after: tuple[datetime, UUID] | None, limit: int) -> tuple[list[Row], int]:
    """Return up to `limit` people after a (joined, id), oldest first, and how many there are in all."""
    return await repository.people(uow, after, limit)


async def forget_the_old(uow: UnitOfWork) -> None:
    """Delete what identity has no use for any more: ended sessions, old attempts, invitations nobody took up."""
    settings = uow.setup.settings.of(IdentitySettings)
    idle, refresh_idle = timedelta(seconds=settings.session_idle), timedelta(seconds=settings.refresh_idle)
    await upkeep.forget_the_old(uow, idle, refresh_idle, timedelta(days=settings.sign_up_waiting_days))
