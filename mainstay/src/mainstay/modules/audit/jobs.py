"""What the audit trail does by itself: sealing every minute, and letting go of what has had its time."""

from mainstay.messages.job import BEHIND, Schedule
from mainstay.modules.audit.service import chain, removing
from mainstay.work import UnitOfWork


async def seal(uow: UnitOfWork) -> None:
    """Give new entries their place in the chain."""
    await chain.seal(uow)


async def expire(uow: UnitOfWork) -> None:
    """Delete entries that are older than the settings keep them, and leave a checkpoint."""
    await removing.expire(uow)


SEAL = Schedule("audit.seal", seal, cron="* * * * *")
EXPIRE = Schedule("audit.expire", expire, cron="41 3 * * *", priority=BEHIND)
