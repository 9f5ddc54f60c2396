"""The schedule forgets calls whose time has come by the setting, and no others."""

from datetime import timedelta

from mainstay import clock, ids
from mainstay.modules.interface.jobs import FORGET_FORMER, FORGET_REPEATS
from mainstay.work import UnitOfWork

ADD = """
INSERT INTO mainstay_repeat (actor_id, call, key, fingerprint, status, headers, content, made_at)
VALUES ($1, 'POST /a', $2, '', 204, '{}', '', $3)
"""
ADD_FORMER = """
INSERT INTO mainstay_former (kind, object_id, version, facts, kept_at) VALUES ('probe.thing', 'a', $1, '{}', $2)
"""


async def test_a_call_is_known_for_a_day(uow: UnitOfWork) -> None:
    for key, age in (("young", timedelta(hours=23)), ("old", timedelta(hours=25))):
        await uow.write(ADD, ids.new_id(), key, clock.now() - age)

    await FORGET_REPEATS.run(uow)

    assert [row["key"] for row in await uow.read("SELECT key FROM mainstay_repeat")] == ["young"]


async def test_who_is_two_days_behind_reads_the_record_anew(uow: UnitOfWork) -> None:
    for version, hours in ((1, 49), (2, 47)):
        await uow.write(ADD_FORMER, version, clock.now() - timedelta(hours=hours))

    await FORGET_FORMER.run(uow)

    assert [row["version"] for row in await uow.read("SELECT version FROM mainstay_former")] == [2]
