"""Identity forgets by itself, on a schedule that the program knows."""

from mainstay.bootstrap.program import Program
from mainstay.modules.identity.jobs import FORGET_THE_OLD
from mainstay.testing.clients import PersonFactory
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener


async def test_the_schedule_forgets_ended_sessions(
    program: Program, open_work: WorkOpener, uow: UnitOfWork, make_person: PersonFactory
) -> None:
    await make_person("cashier")
    await uow.write("UPDATE identity_session SET expires_at = now() - interval '1 second'")
    await uow.commit()
    schedule = next(each for each in program.schedules if each.name == "identity.forget_the_old")
    assert schedule is FORGET_THE_OLD

    async with open_work(SYSTEM) as work:
        await schedule.run(work)

    assert await uow.read_value("SELECT count(*) FROM identity_session") == 0
