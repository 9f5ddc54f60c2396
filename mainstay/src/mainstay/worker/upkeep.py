"""The worker's own schedules: forget what is known of jobs, and tidy the marks of watched tables."""

from mainstay.db import topics
from mainstay.messages.job import BEHIND, Schedule
from mainstay.work import UnitOfWork

# Nothing waits in the queue for so long: the longest run of retries takes hours.
FORGET = "DELETE FROM mainstay_job_done WHERE done_at < now() - interval '30 days'"
FORGET_FAILURES = """
DELETE FROM mainstay_job_failure AS failure WHERE failed_at < now() - interval '1 day'
    AND NOT EXISTS (SELECT FROM procrastinate_jobs AS job WHERE job.id = failure.job_id)
"""
FORGET_PROGRESS = """
DELETE FROM mainstay_job_progress AS progress WHERE told_at < now() - interval '1 day'
    AND NOT EXISTS (SELECT FROM procrastinate_jobs AS job WHERE job.id = progress.job_id)
"""


async def forget_done_jobs(uow: UnitOfWork) -> None:
    """Delete the records of jobs that were carried out over 30 days ago, and what is known of jobs that are gone."""
    await uow.write(FORGET)
    await uow.write(FORGET_FAILURES)
    await uow.write(FORGET_PROGRESS)


async def tidy_topics(uow: UnitOfWork) -> None:
    """Make one mark of each watched table's many."""
    await uow.write(topics.TIDY)


UPKEEP = (
    Schedule(name="mainstay.forget_done_jobs", run=forget_done_jobs, cron="17 3 * * *", priority=BEHIND),
    Schedule(name="mainstay.tidy_topics", run=tidy_topics, cron="*/5 * * * *"),
)
