"""Calls with a key are forgotten by their age."""

from datetime import timedelta

from mainstay import clock, ids
from mainstay.modules.interface import repository
from mainstay.work import UnitOfWork

ADD = """
INSERT INTO mainstay_repeat (actor_id, call, key, fingerprint, status, headers, content, made_at)
VALUES ($1, 'POST /a', $2, '', 204, '{}', '', $3)
"""


async def test_those_that_are_older_are_forgotten_and_no_others(uow: UnitOfWork) -> None:
    for key, minutes in (("young", 59), ("old", 61)):
        await uow.write(ADD, ids.new_id(), key, clock.now() - timedelta(minutes=minutes))

    await repository.forget_repeats(uow, timedelta(hours=1))

    assert [row["key"] for row in await uow.read("SELECT key FROM mainstay_repeat")] == ["young"]
