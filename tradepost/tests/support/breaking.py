"""Breaks a guard in the database, so that a test sees what it guards against."""

from mainstay.testing.database import as_owner
from mainstay.work import UnitOfWork


async def break_function(uow: UnitOfWork, name: str, guard: str, instead: str) -> None:
    """Replace `guard`, a part of an SQL function, by something else; it must be there exactly once."""
    source: str = await uow.read_value("SELECT pg_get_functiondef($1::text::regproc)", name)
    assert source.count(guard) == 1, f"{name} has changed: {guard!r} is not there once"
    async with as_owner(uow):
        await uow.write(source.replace(guard, instead))
