"""What happens when a job runs: its own UnitOfWork, its effects exactly once, its time limit."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from mainstay.messages.event import Event
from mainstay.messages.job import Job, Schedule
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

# A second delivery waits here for the first one's transaction, and then finds that there is nothing left to do.
CLAIM = "INSERT INTO mainstay_job_done (event_id, job) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING true AS claimed"
# Looked at before what is slow; the claim decides.
IS_DONE = "SELECT EXISTS (SELECT FROM mainstay_job_done WHERE event_id = $1 AND job = $2)"
SCHEDULE_TIME_LIMIT = 300.0
FAILURE_TIME_LIMIT = 30.0

# The event as `mainstay_publish` hands it to the queue.
Envelope = Mapping[str, Any]


class UnknownEvent(Exception):
    """A job was deferred for an event that it does not answer (any more)."""


class WorkersDied(Exception):
    """Each worker that ran a job died, the job may be the cause: it is not run once more."""


async def perform(job: Job, open_work: WorkOpener, envelope: Envelope) -> bool:
    """Run `job` for the event in `envelope`; return False when it had been carried out before.

    Delivery is at least once; that the effects happen exactly once is due to the record that is written with them.
    Raises what the job raises, TimeoutError after its time limit, UnknownEvent, pydantic's ValidationError.
    """
    event = _event_class(job, envelope["name"]).model_validate(envelope["payload"])
    event_id = UUID(envelope["id"])
    async with asyncio.timeout(job.time_limit):
        if job.prepare is None:
            return await _run_once(open_work, event_id, job.name, lambda uow: job.run(uow, event))
        async with open_work(SYSTEM) as uow:
            if await _is_done(uow, event_id, job.name):
                return False
            prepared = await job.prepare(uow, event)
        return await _run_once(open_work, event_id, job.name, lambda uow: job.run(uow, event, prepared))


async def refuse() -> bool:
    """Stand for a job that is not run any more. Raises WorkersDied."""
    raise WorkersDied("Each worker that ran this job died, and its tries are used up.")


async def give_up(job: Job, open_work: WorkOpener, envelope: Envelope) -> None:
    """Run what `job` has for the case that its last try failed, in a UnitOfWork of its own; see `tell`."""
    if job.on_failure is not None:
        async with open_work(SYSTEM) as uow:
            await tell(job, uow, envelope)


async def tell(job: Job, uow: UnitOfWork, envelope: Envelope) -> None:
    """Have whoever waits for `job` told that it is not going to be done, within a time limit of its own.

    Raises what that raises, TimeoutError, UnknownEvent, pydantic's ValidationError.
    """
    if job.on_failure is None:
        return
    event = _event_class(job, envelope["name"]).model_validate(envelope["payload"])
    async with asyncio.timeout(FAILURE_TIME_LIMIT):
        await job.on_failure(uow, event)


async def perform_scheduled(schedule: Schedule, open_work: WorkOpener, timestamp: int) -> bool:
    """Run `schedule` for the moment `timestamp` (seconds since 1970, UTC); False when that was done before."""
    moment = uuid5(NAMESPACE_URL, f"{schedule.name}@{timestamp}")
    async with asyncio.timeout(SCHEDULE_TIME_LIMIT):
        if schedule.prepare is None:
            return await _run_once(open_work, moment, schedule.name, schedule.run)
        async with open_work(SYSTEM) as uow:
            if await _is_done(uow, moment, schedule.name):
                return False
            prepared = await schedule.prepare(uow)
        return await _run_once(open_work, moment, schedule.name, lambda uow: schedule.run(uow, prepared))


async def _is_done(uow: UnitOfWork, event_id: UUID, name: str) -> bool:
    """Whether the effects are there already; the connection is given back."""
    is_done = bool(await uow.read_value(IS_DONE, event_id, name))
    await uow.release()
    return is_done


async def _run_once(
    open_work: WorkOpener, event_id: UUID, name: str, run: Callable[[UnitOfWork], Awaitable[None]]
) -> bool:
    """Run in a UnitOfWork that records it; False when the effects are there already."""
    async with open_work(SYSTEM) as uow:
        if not await uow.write_row(CLAIM, event_id, name):
            return False
        await run(uow)
    return True


def _event_class(job: Job, name: str) -> type[Event]:
    for event in job.answers:
        if event.name == name:
            return event
    raise UnknownEvent(f"The job {job.name} does not answer the event {name}.")
