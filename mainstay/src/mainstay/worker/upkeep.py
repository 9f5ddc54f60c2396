"""The worker's own schedule: forgets that jobs were carried out once they cannot be delivered again."""

from mainstay.messages.job import Schedule
from mainstay.work import UnitOfWork

# Nothing waits in the queue for so long: the longest run of retries takes hours.
FORGET = "DELETE FROM mainstay_job_done WHERE done_at < now() - interval '30 days'"


async def forget_done_jobs(uow: UnitOfWork) -> None:
    """Delete the records of jobs that were carried out more than 30 days ago."""
    await uow.write(FORGET)


UPKEEP = (Schedule(name="mainstay.forget_done_jobs", run=forget_done_jobs, cron="17 3 * * *"),)
