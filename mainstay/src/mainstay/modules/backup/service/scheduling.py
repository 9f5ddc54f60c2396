"""When a backup is due: once a day at the hour of the settings, and as soon as possible when that was missed."""

from datetime import datetime, timedelta

from mainstay import clock, ids
from mainstay.modules.backup import repository
from mainstay.modules.backup.errors import BackupUnderWay
from mainstay.modules.backup.events import BackupWanted
from mainstay.modules.backup.service import making, sources, tidying, watching
from mainstay.modules.backup.service.tidying import Tidied
from mainstay.work import UnitOfWork


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
    # What becomes of it decides about the alarm, and is its reason.
    if is_due and await _begin(uow):
        return
    await watching.watch(uow)


async def _begin(uow: UnitOfWork) -> bool:
    key = ids.new_id()
    try:
        await making.begin(uow, key, "scheduled")
    except BackupUnderWay:
        # It was begun before the hour; the next tick sees what became of it.
        return False
    uow.publish(BackupWanted(backup_id=key))
    return True


def last_due(moment: datetime, hour: int) -> datetime:
    """Return the latest moment before `moment` at which the clock said `hour`."""
    today = moment.replace(hour=hour, minute=0, second=0, microsecond=0)
    return today if today <= moment else today - timedelta(days=1)
