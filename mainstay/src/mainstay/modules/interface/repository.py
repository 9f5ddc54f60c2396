"""The statement that forgets calls with a key; what keeps them is `mainstay.web.repeats`."""

from datetime import timedelta

from mainstay.work import UnitOfWork

_FORGET = "DELETE FROM mainstay_repeat WHERE made_at < now() - $1::interval"


async def forget_repeats(uow: UnitOfWork, age: timedelta) -> None:
    """Forget calls that are older than `age`: one with such a key is a new one."""
    await uow.write(_FORGET, age)
