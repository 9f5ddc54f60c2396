"""The worker's own schedule: forgets that jobs were carried out long ago, and tidies the marks of watched tables."""

from mainstay.db import topics
from mainstay.messages.job import Schedule
from mainstay.work import UnitOfWork

# Nothing waits in the queue for so long: the longest run of retries takes hours.
FORGET = "DELETE FROM mainstay_job_done WHERE done_at < now() - interval '30 days'"


async def forget_done_jobs(uow: UnitOfWork) -> None:
    """Delete the records of jobs that were carried out more than 30 days ago."""
    await uow.write(FORGET)


async def tidy_topics(uow: UnitOfWork) -> None:
    """Make one mark of each watched table's many."""
    await uow.write(topics.TIDY)


UPKEEP = (
    Schedule(name="mainstay.forget_done_jobs", run=forget_done_jobs, cron="17 3 * * *"),
    Schedule(name="mainstay.tidy_topics", run=tidy_topics, cron="*/5 * * * *"),
)
