"""Deferred jobs run on the caller's own connection."""

from uuid import uuid4

import pytest
from sample.notes import NoteWritten

from mainstay import context
from mainstay.bootstrap.program import Program
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener
from mainstay.worker.inline import run_deferred


async def publish(open_work: WorkOpener, *texts: str) -> None:
    async with open_work(SYSTEM) as uow:
        for text in texts:
            uow.publish(NoteWritten(note_id=uuid4(), text=text))


async def test_what_is_deferred_runs_in_order_and_once(
    program: Program, open_work: WorkOpener, uow: UnitOfWork
) -> None:
    token = context.request_id.set("request-17")
    await publish(open_work, "one", "two")
    context.request_id.reset(token)

    assert await run_deferred(program, open_work) == 2
    assert await run_deferred(program, open_work) == 0

    rows = await uow.read("SELECT about, request_id FROM sample_effect ORDER BY position")
    assert [tuple(row.values()) for row in rows] == [("one", "request-17"), ("two", "request-17")]


async def test_a_job_that_fails_raises_and_stays(program: Program, open_work: WorkOpener) -> None:
    await publish(open_work, "fail")

    for _ in range(2):
        with pytest.raises(RuntimeError, match="makes its job fail"):
            await run_deferred(program, open_work)
