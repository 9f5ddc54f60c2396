"""The statement that forgets calls with a key; what keeps them is `mainstay.web.repeats`."""

from datetime import timedelta

from mainstay.messages import repeat
from mainstay.work import UnitOfWork


async def forget_repeats(uow: UnitOfWork, age: timedelta) -> None:
    """Forget calls that are older than `age`: one with such a key is a new one."""
    await uow.write(repeat.FORGET, age)
