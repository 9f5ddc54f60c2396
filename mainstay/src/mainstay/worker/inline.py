"""Runs deferred jobs without a worker, on the caller's own connection: for tests, inside their transaction."""

from typing import Protocol

from mainstay.context import in_request
from mainstay.messages.job import Job
from mainstay.work import SYSTEM, WorkOpener
from mainstay.worker.body import perform

NEXT = """
SELECT id, task_name, args FROM procrastinate_jobs
WHERE status = 'todo' AND task_name = ANY($1::text[]) ORDER BY priority DESC, id LIMIT 1
"""
FORGET = "DELETE FROM procrastinate_jobs WHERE id = $1"


class HasJobs(Protocol):
    """What is needed of a program."""

    @property
    def jobs(self) -> tuple[Job, ...]:
        """All jobs of all modules."""
        ...


async def run_deferred(program: HasJobs, open_work: WorkOpener) -> int:
    """Run every deferred job of `program`, and those that they defer in turn; return how many ran.

    Scheduled retries count as due. A job that fails raises here, and stays in the queue as it would for its next try.
    """
    jobs = {job.name: job for job in program.jobs}
    count = 0
    while True:
        async with open_work(SYSTEM) as uow:
            row = await uow.read_row(NEXT, list(jobs))
        if row is None:
            return count
        envelope = row["args"]["event"]
        with in_request(envelope["request_id"]):
            await perform(jobs[row["task_name"]], open_work, envelope)
        async with open_work(SYSTEM) as uow:
            await uow.write(FORGET, row["id"])
        count += 1
