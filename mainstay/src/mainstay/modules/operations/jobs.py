"""What operations does by itself: telling of errors, and forgetting what is old."""

from mainstay.messages.job import Schedule
from mainstay.modules.operations.service import errors, levels, news, promises
from mainstay.work import UnitOfWork


async def tell_errors(uow: UnitOfWork) -> None:
    """Tell of errors that are new or came again."""
    await news.tell(uow)


async def tidy_errors(uow: UnitOfWork) -> None:
    """Forget errors that have not come for long, counts from before the month of the promises, and ended levels."""
    await errors.tidy(uow)
    await promises.tidy(uow)
    await levels.tidy(uow)


TELL_ERRORS = Schedule("operations.tell_errors", tell_errors, cron="*/5 * * * *")
TIDY_ERRORS = Schedule("operations.tidy_errors", tidy_errors, cron="43 3 * * *")
