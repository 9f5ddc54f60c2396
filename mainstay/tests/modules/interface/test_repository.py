"""Calls with a key are forgotten by their age, former states by age and number."""

from datetime import timedelta

from mainstay import clock, ids
from mainstay.modules.interface import repository
from mainstay.work import UnitOfWork

ADD = """
INSERT INTO mainstay_repeat (actor_id, call, key, fingerprint, status, headers, content, made_at)
VALUES ($1, 'POST /a', $2, '', 204, '{}', '', $3)
"""
ADD_FORMER = """
INSERT INTO mainstay_former (kind, object_id, version, facts, kept_at) VALUES ('probe.thing', 'a', $1, '{}', $2)
"""
FORMER = "SELECT version FROM mainstay_former ORDER BY version"


async def test_those_that_are_older_are_forgotten_and_no_others(uow: UnitOfWork) -> None:
    for key, minutes in (("young", 59), ("old", 61)):
        await uow.write(ADD, ids.new_id(), key, clock.now() - timedelta(minutes=minutes))

    await repository.forget_repeats(uow, timedelta(hours=1))

    assert [row["key"] for row in await uow.read("SELECT key FROM mainstay_repeat")] == ["young"]


async def test_former_states_go_by_age_and_number(uow: UnitOfWork) -> None:
    for version, minutes in ((1, 61), (2, 5), (3, 5), (4, 5)):
        await uow.write(ADD_FORMER, version, clock.now() - timedelta(minutes=minutes))

    await repository.forget_former(uow, timedelta(hours=1), 2)

    assert [row["version"] for row in await uow.read(FORMER)] == [3, 4]
