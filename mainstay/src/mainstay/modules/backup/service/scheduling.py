"""When a backup is due: once a day at the hour of the settings, and as soon as possible when that was missed."""

from datetime import datetime, timedelta
from typing import Final

from mainstay import clock, ids
from mainstay.modules.backup import repository
from mainstay.modules.backup.errors import BackupUnderWay
from mainstay.modules.backup.events import BackupWanted
from mainstay.modules.backup.service import making, sources, tidying, watching
from mainstay.modules.backup.service.tidying import Tidied
from mainstay.work import UnitOfWork

# What becomes of a backup decides about the alarm, and is its reason. One that has been made for longer than this, a
# little less than the hour between two looks, is not waited for any more.
DECIDES: Final = timedelta(minutes=50)


async def look(uow: UnitOfWork) -> Tidied:
    """See which archives are there, and let go of what has had its time; it writes nothing in the database."""
    return await tidying.clear(uow) if sources.chosen(uow).schedule else Tidied()


async def tick(uow: UnitOfWork, tidied: Tidied) -> None:
    """Have a backup made when one is due, and tell owners when none came; asked every hour."""
    settings = sources.chosen(uow)
    moment = clock.now()
    await repository.correct(uow, moment)
    database = await repository.introduce(uow, ids.new_id(), moment)
    await repository.give_up_stale(uow, moment - making.PATIENCE, moment)
    if not settings.schedule:
        return
    await tidying.note(uow, tidied)
    due = last_due(moment, settings.hour)
    is_due = database["known_since"] < due and not await repository.has_sound_between(uow, database["id"], due, moment)
    if is_due:
        await _begin(uow)
    # One that a look beside this one began is later than `moment`.
    if not await repository.is_under_way(uow, database["id"], moment - DECIDES, moment + DECIDES):
        await watching.watch(uow)


async def _begin(uow: UnitOfWork) -> None:
    key = ids.new_id()
    try:
        await making.begin(uow, key, "scheduled")
    except BackupUnderWay:
        # It was begun before the hour; the next tick sees what became of it.
        return
    uow.publish(BackupWanted(backup_id=key))


def last_due(moment: datetime, hour: int) -> datetime:
    """Return the latest moment before `moment` at which the clock said `hour`."""
    today = moment.replace(hour=hour, minute=0, second=0, microsecond=0)
    return today if today <= moment else today - timedelta(days=1)
