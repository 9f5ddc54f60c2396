"""What the queue does by itself: telling that jobs failed for good."""

from mainstay.messages.job import Schedule
from mainstay.modules.queue import service
from mainstay.work import UnitOfWork


async def tell_failed(uow: UnitOfWork) -> None:
    """Tell of jobs that failed for good."""
    await service.tell_failed(uow)


TELL_FAILED = Schedule("queue.tell_failed", tell_failed, cron="*/5 * * * *")
