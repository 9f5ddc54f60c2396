"""What the interface does by itself: forgetting calls that nobody makes again, and what records were."""

from datetime import timedelta
from typing import Final

from mainstay.messages.job import Schedule
from mainstay.modules.interface import repository
from mainstay.modules.interface.settings import InterfaceSettings
from mainstay.work import UnitOfWork

# Of one record: who is further behind reads it anew.
MOST_STATES: Final = 50


async def forget_repeats(uow: UnitOfWork) -> None:
    """Forget answers to calls with a key that have had their time."""
    hours = uow.setup.settings.of(InterfaceSettings).repeat_hours
    await repository.forget_repeats(uow, timedelta(hours=hours))


async def forget_former(uow: UnitOfWork) -> None:
    """Forget former states of records that nobody bases a change on any more."""
    hours = uow.setup.settings.of(InterfaceSettings).former_hours
    await repository.forget_former(uow, timedelta(hours=hours), MOST_STATES)


FORGET_REPEATS = Schedule("interface.forget_repeats", forget_repeats, cron="17 * * * *")
FORGET_FORMER = Schedule("interface.forget_former", forget_former, cron="37 * * * *")
