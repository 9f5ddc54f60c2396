"""The trail is sealed and thinned by schedules that the program knows."""

import pytest
from trail import NOTE, Record

from mainstay.bootstrap.program import Program
from mainstay.messages.audit import Entry
from mainstay.testing.database import as_owner
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

AGE = "ALTER TABLE audit_entry ALTER COLUMN happened_at SET DEFAULT clock_timestamp() - interval '8 years'"


async def run(program: Program, open_work: WorkOpener, name: str) -> None:
    schedule = next(each for each in program.schedules if each.name == name)
    async with open_work(SYSTEM) as work:
        await schedule.run(work)


@pytest.mark.practice(33)
async def test_the_schedules_seal_and_delete_what_has_had_its_time(
    program: Program, open_work: WorkOpener, record: Record, uow: UnitOfWork
) -> None:
    async with open_work(SYSTEM) as work, as_owner(work):
        await work.write(AGE)
    await record(Entry("sample.note_written", "sample.note", NOTE))

    await run(program, open_work, "audit.expire")
    assert await uow.read_value("SELECT count(*) FROM audit_entry") == 1
    await run(program, open_work, "audit.seal")
    assert await uow.read_value("SELECT count(*) FROM audit_pending") == 0
    await run(program, open_work, "audit.expire")

    acts = await uow.read("SELECT act FROM audit_entry")
    assert [row["act"] for row in acts] == ["audit.expired"]
