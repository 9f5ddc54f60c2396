"""What the interface does by itself: forgetting calls that nobody makes again."""

from datetime import timedelta

from mainstay.messages.job import BEHIND, Schedule
from mainstay.modules.interface import repository
from mainstay.modules.interface.settings import InterfaceSettings
from mainstay.work import UnitOfWork


async def forget_repeats(uow: UnitOfWork) -> None:
    """Forget answers to calls with a key that have had their time."""
    hours = uow.setup.settings.of(InterfaceSettings).repeat_hours
    await repository.forget_repeats(uow, timedelta(hours=hours))


FORGET_REPEATS = Schedule("interface.forget_repeats", forget_repeats, cron="17 * * * *", priority=BEHIND)
