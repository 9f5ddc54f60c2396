"""The statement that forgets calls with a key takes those of the age and no others."""

from datetime import timedelta

from mainstay import clock, ids
from mainstay.messages.repeat import FORGET
from mainstay.work import UnitOfWork

ADD = """
INSERT INTO mainstay_repeat (actor_id, call, key, fingerprint, status, headers, content, made_at)
VALUES ($1, 'POST /a', $2, '', 204, '{}', '', $3)
"""


async def test_those_that_are_older_are_forgotten_and_no_others(uow: UnitOfWork) -> None:
    for key, minutes in (("young", 59), ("old", 61)):
        await uow.write(ADD, ids.new_id(), key, clock.now() - timedelta(minutes=minutes))

    await uow.write(FORGET, timedelta(hours=1))

    assert [row["key"] for row in await uow.read("SELECT key FROM mainstay_repeat")] == ["young"]
