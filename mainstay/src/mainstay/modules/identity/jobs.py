"""What identity does by itself: forgetting."""

from mainstay.messages.job import Schedule
from mainstay.modules.identity.service import people, second_step
from mainstay.work import UnitOfWork


async def forget_the_old(uow: UnitOfWork) -> None:
    """Delete ended sessions, old attempts, invitations that nobody took up, and steps on the way that have ended."""
    await people.forget_the_old(uow)
    await second_step.forget_the_old(uow)


FORGET_THE_OLD = Schedule("identity.forget_the_old", forget_the_old, cron="23 * * * *")
