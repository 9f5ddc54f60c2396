"""The queue as people see it: when schedules are due, and that a long queue is not read for what is few in it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sample.notes import TICK

from mainstay.work import UnitOfWork
from mainstay.worker import queue

NOON = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cron", "moment"),
    [
        ("* * * * *", datetime(2027, 3, 1, 12, 1, tzinfo=UTC)),
        ("17 3 * * *", datetime(2027, 3, 2, 3, 17, tzinfo=UTC)),
        ("0 0 29 2 *", datetime(2028, 2, 29, tzinfo=UTC)),
        ("* * * * * */10", datetime(2027, 3, 1, 12, 0, 10, tzinfo=UTC)),
    ],
)
def test_a_schedule_is_due_when_its_cron_says(cron: str, moment: datetime) -> None:
    assert queue.next_moment(replace(TICK, cron=cron), NOON) == moment


async def test_the_few_that_failed_are_found_by_an_index(uow: UnitOfWork) -> None:
    await uow.write(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status) "
        "SELECT 'default', 'a', CASE WHEN n % 5000 = 0 THEN 'failed' ELSE 'todo' END::procrastinate_job_status "
        "FROM generate_series(1, 20000) AS n"
    )
    await uow.write("ANALYZE procrastinate_jobs")
    sql = f"EXPLAIN {queue.FACTS} WHERE {queue.STATES['failed']} ORDER BY job.id DESC LIMIT 51"

    plan = "\n".join(row["QUERY PLAN"] for row in await uow.read(sql))

    assert "mainstay_job_failed" in plan
