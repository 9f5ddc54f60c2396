"""What backup does by itself: looking every hour whether a backup is due, and making it."""

from typing import Final

from mainstay.messages.job import LONG, Job, Retry, Schedule
from mainstay.modules.backup.events import BackupWanted
from mainstay.modules.backup.service import making, scheduling
from mainstay.modules.backup.service.making import Outcome
from mainstay.modules.backup.service.tidying import Tidied
from mainstay.work import UnitOfWork

ONE_AT_A_TIME: Final = "backup"


async def look(uow: UnitOfWork) -> Tidied:
    """See which archives are there, outside of the transaction that records it."""
    return await scheduling.look(uow)


async def tick(uow: UnitOfWork, tidied: Tidied) -> None:
    """See whether a backup is due, and whether one is missed."""
    await scheduling.tick(uow, tidied)


async def carry_out(uow: UnitOfWork, event: BackupWanted) -> Outcome:
    """Make and rehearse the archive, outside of the transaction that records it."""
    return await making.carry_out(uow, event.backup_id)


async def record(uow: UnitOfWork, event: BackupWanted, outcome: Outcome) -> None:
    """Record what became of it."""
    await making.conclude(uow, event.backup_id, outcome)


async def give_up(uow: UnitOfWork, event: BackupWanted) -> None:
    """Record that it was not finished."""
    await making.give_up(uow, event.backup_id)


def _lock(_event: BackupWanted) -> str:
    return ONE_AT_A_TIME


TICK = Schedule("backup.tick", tick, cron="11 * * * *", prepare=look)
MAKE = Job(
    "backup.make",
    record,
    (BackupWanted,),
    queue=LONG,
    retry=Retry(attempts=1),
    time_limit=making.PATIENCE.total_seconds(),
    lock=_lock,
    prepare=carry_out,
    on_failure=give_up,
)
