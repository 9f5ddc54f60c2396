"""The worker forgets what cannot be delivered any more."""

from uuid import uuid4

from mainstay.work import UnitOfWork
from mainstay.worker.upkeep import forget_done_jobs


async def test_records_of_jobs_are_forgotten_after_thirty_days(uow: UnitOfWork) -> None:
    for days in (0, 29, 31):
        await uow.write(
            "INSERT INTO mainstay_job_done VALUES ($1, $2, now() - make_interval(days => $3))",
            uuid4(),
            f"{days} days",
            days,
        )

    await forget_done_jobs(uow)

    rows = await uow.read("SELECT job FROM mainstay_job_done ORDER BY done_at DESC")
    assert [row["job"] for row in rows] == ["0 days", "29 days"]
