"""The routes of the queue."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query

from mainstay.bulk.schemas import NumberedBulkOut
from mainstay.db.query import decode_position_cursor, encode_position_cursor, page_size
from mainstay.modules.queue import service
from mainstay.modules.queue.permissions import MANAGE, READ
from mainstay.modules.queue.schemas import (
    JobDetailOut,
    JobsBulkIn,
    JobsOut,
    ManyIn,
    ManyOut,
    SchedulesOut,
    StandingOut,
)
from mainstay.web.paging import Cursor, Limit
from mainstay.web.repeats import repeatable
from mainstay.web.routing import work
from mainstay.web.versions import outdated
from mainstay.work import UnitOfWork

router = APIRouter(tags=["Work in the background"])

# Beyond the largest number that the queue has.
ID_LIMIT = 2**63
JobId = Annotated[int, Path(ge=1, lt=ID_LIMIT)]
Name = Annotated[str, Path(max_length=128, pattern=r"^[a-z_]+\.[a-z_]+$", examples=["audit.seal"])]
ReadWork = Annotated[UnitOfWork, work(READ)]
ManageWork = Annotated[UnitOfWork, work(MANAGE)]
State = Literal["waiting", "retrying", "running", "failed", "cancelled"]


@router.get("/jobs/standing")
async def read_standing(uow: ReadWork) -> StandingOut:
    """How many jobs wait, run and have failed, and which processes run them."""
    return await service.standing(uow)


@router.get("/jobs")
async def list_jobs(
    uow: ReadWork,
    state: State | None = None,
    name: Annotated[str | None, Query(max_length=128)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> JobsOut:
    """The jobs in the queue, the newest first; those that are done are not kept."""
    size = page_size(limit)
    found = await service.jobs(uow, state, name, decode_position_cursor(cursor), size + 1)
    return JobsOut(
        items=found[:size], next_cursor=encode_position_cursor(found[size - 1].id) if len(found) > size else None
    )


@router.get("/jobs/{job_id}")
async def read_job(uow: ManageWork, job_id: JobId) -> JobDetailOut:
    """A job with what its event says and how its tries failed."""
    return await service.job(uow, job_id)


@router.post("/jobs/{job_id}/retry", status_code=204)
@repeatable
async def retry_job(uow: ManageWork, job_id: JobId) -> None:
    """Have a job tried again that failed for good, was cancelled or waits for its next try."""
    await service.change(uow, job_id, "retry")


@router.post("/jobs/{job_id}/cancel", status_code=204)
@repeatable
async def cancel_job(uow: ManageWork, job_id: JobId) -> None:
    """Have a job not run, or broken off when it runs."""
    await service.change(uow, job_id, "cancel")


@router.delete("/jobs/{job_id}", status_code=204)
async def discard_job(uow: ManageWork, job_id: JobId) -> None:
    """Forget a job that failed for good or was cancelled."""
    await service.change(uow, job_id, "discard")


@router.post("/jobs/bulk")
@repeatable
async def change_jobs(uow: ManageWork, wanted: JobsBulkIn) -> NumberedBulkOut:
    """Try many jobs again, cancel or forget them; each is told of by itself."""
    return await service.change_many(uow, wanted)


@router.post("/jobs/retry")
@outdated(since="2026-11-30", until="2027-06-30", successor="/api/v1/jobs/bulk")
@repeatable
async def retry_jobs(uow: ManageWork, many: ManyIn) -> ManyOut:
    """Have many jobs tried again; each is told of by itself."""
    return ManyOut.of(await service.change_many(uow, many.bulk("retry")))


@router.post("/jobs/discard")
@outdated(since="2026-11-30", until="2027-06-30", successor="/api/v1/jobs/bulk")
@repeatable
async def discard_jobs(uow: ManageWork, many: ManyIn) -> ManyOut:
    """Forget many jobs that failed for good or were cancelled; each is told of by itself."""
    return ManyOut.of(await service.change_many(uow, many.bulk("discard")))


@router.get("/schedules")
async def list_schedules(uow: ReadWork) -> SchedulesOut:
    """What the program does by itself, when next, and how it went the last time."""
    return SchedulesOut(items=await service.schedules(uow))


@router.post("/schedules/{name}/run", status_code=202)
@repeatable
async def run_schedule(uow: ManageWork, name: Name) -> None:
    """Have a schedule run at once, beside its own moments."""
    await service.run_now(uow, name)
