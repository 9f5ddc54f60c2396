"""What the interface does by itself: forgetting calls that nobody makes again."""

from datetime import timedelta

from mainstay.messages.job import Schedule
from mainstay.modules.interface.settings import InterfaceSettings
from mainstay.web import repeats
from mainstay.work import UnitOfWork


async def forget_repeats(uow: UnitOfWork) -> None:
    """Forget answers to calls with a key that have had their time."""
    await repeats.forget(uow, timedelta(hours=uow.setup.settings.of(InterfaceSettings).repeat_hours))


FORGET_REPEATS = Schedule("interface.forget_repeats", forget_repeats, cron="17 * * * *")
