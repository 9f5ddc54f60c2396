"""The statements that forget: calls with a key (`mainstay.web.repeats`), former states (`mainstay.versioned`)."""

from datetime import timedelta

from mainstay.db import former
from mainstay.messages import repeat
from mainstay.work import UnitOfWork


async def forget_repeats(uow: UnitOfWork, age: timedelta) -> None:
    """Forget calls that are older than `age`: one with such a key is a new one."""
    await uow.write(repeat.FORGET, age)


async def forget_former(uow: UnitOfWork, age: timedelta, most: int) -> None:
    """Forget what records were longer ago than `age`, and of each all but the latest `most` states."""
    await uow.write(former.TIDY, age, most)
