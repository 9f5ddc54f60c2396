"""A program with people, a queue to look at, and jobs to put into it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from sample.notes import ADD_EFFECT, MODULE, TRACE, NoteWritten

from mainstay.bootstrap.program import Program
from mainstay.messages.job import Job
from mainstay.modules.audit.module import AUDIT
from mainstay.modules.identity.module import IDENTITY
from mainstay.modules.queue.module import QUEUE
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

Queued = Callable[..., Awaitable[int]]


async def tell(uow: UnitOfWork, event: NoteWritten) -> None:
    """Leave a trace of a job that is not going to be done."""
    await uow.write(ADD_EFFECT, f"told of {event.text}", uow.request_id)


# One that whoever waits for it is told of, beside the one that nobody waits for.
TOLD = Job("sample.told", TRACE.run, (NoteWritten,), on_failure=tell)


@pytest.fixture(scope="session")
def program() -> Program:
    """The program under test."""
    notes = replace(MODULE, jobs=(TRACE, TOLD), authenticate=None, at_start=None, sample=None)
    return Program(
        name="backstage",
        title="Backstage",
        description="Works behind the scenes.",
        version="1.0.0",
        modules=(IDENTITY, AUDIT, QUEUE, notes),
        migrations=("mainstay.migrations", "sample.migrations"),
    )


@pytest.fixture
def queued(open_work: WorkOpener) -> Queued:
    """Has a job wait, or stand as the columns that are given say; returns its id."""

    async def queued(name: str = TRACE.name, text: str = "a note", **columns: object) -> int:
        async with open_work(SYSTEM) as uow:
            uow.publish(NoteWritten(note_id=uuid4(), text=text))
        async with open_work(SYSTEM) as uow:
            # The event defers both jobs; the other one is not looked at.
            newest = await uow.read("SELECT id, task_name FROM procrastinate_jobs ORDER BY id DESC LIMIT 2")
            ids = {row["task_name"]: int(row["id"]) for row in newest}
            await uow.write("DELETE FROM procrastinate_jobs WHERE id = ANY($1)", [ids[n] for n in ids if n != name])
            for column, value in columns.items():
                kind = "::procrastinate_job_status" if column == "status" else ""
                sql = f"UPDATE procrastinate_jobs SET {column} = $2{kind} WHERE id = $1"
                await uow.write(sql, ids[name], value)
        return ids[name]

    return queued
