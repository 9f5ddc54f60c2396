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


async def test_failed_tries_and_progress_are_forgotten_a_day_after_their_job_is_gone(uow: UnitOfWork) -> None:
    defer = "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('default', 'a', 0, NULL, NULL, '{}', NULL)::"
    (kept,) = await uow.read_value(f"{defer}procrastinate_job_to_defer_v1])")
    for job_id, hours in ((kept, 30), (kept + 1, 23), (kept + 2, 25)):
        await uow.write(
            "INSERT INTO mainstay_job_failure (job_id, attempt, error, stack, request_id, duration_ms, failed_at) "
            "VALUES ($1, 1, '', '', '', 1, now() - make_interval(hours => $2))",
            job_id,
            hours,
        )

        await uow.write(
            "INSERT INTO mainstay_job_progress VALUES ($1, 1, 2, now() - make_interval(hours => $2))", job_id, hours
        )

    await forget_done_jobs(uow)

    for table in ("mainstay_job_failure", "mainstay_job_progress"):
        rows = await uow.read(f"SELECT job_id FROM {table} ORDER BY job_id")
        assert [row["job_id"] for row in rows] == [kept, kept + 1]
