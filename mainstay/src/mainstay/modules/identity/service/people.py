"""People: who is here, and what is forgotten in time."""

from datetime import timedelta

from mainstay.db.grammar import Asked
from mainstay.modules.identity.repository import people as repository
from mainstay.modules.identity.repository import upkeep
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.work import Row, UnitOfWork


async def is_set_up(uow: UnitOfWork) -> bool:
    """Whether the program has an owner."""
    return await repository.has_owner(uow)


async def list_people(
    uow: UnitOfWork, asked: Asked, cursor: str | None, size: int
) -> tuple[list[Row], str | None, int]:
    """Return a page of the people who fit, the cursor of the next one, and how many fit in all."""
    rows, following = await repository.people(uow, asked, cursor, size)
    return rows, following, await repository.count_people(uow, asked)


async def forget_the_old(uow: UnitOfWork) -> None:
    """Delete what identity has no use for any more: ended sessions, old attempts, invitations nobody took up."""
    settings = uow.setup.settings.of(IdentitySettings)
    idle, refresh_idle = timedelta(seconds=settings.session_idle), timedelta(seconds=settings.refresh_idle)
    await upkeep.forget_the_old(uow, idle, refresh_idle, timedelta(days=settings.sign_up_waiting_days))
