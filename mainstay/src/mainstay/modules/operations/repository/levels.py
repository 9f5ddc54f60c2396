"""Every statement of what loggers are to write for a while."""

from datetime import datetime
from typing import Final

from mainstay.work import Row, UnitOfWork

CHANNEL: Final = "mainstay_log_levels"
NOTIFY: Final = "SELECT pg_notify($1, '')"
WANTED = "SELECT logger, level, until FROM operations_log_level WHERE until > $1 ORDER BY logger"
PUT = """
INSERT INTO operations_log_level (logger, level, until) VALUES ($1, $2, $3)
ON CONFLICT (logger) DO UPDATE SET level = excluded.level, until = excluded.until
"""
REMOVE = "DELETE FROM operations_log_level WHERE logger = $1"
FORGET = "DELETE FROM operations_log_level WHERE until < $1"


async def wanted(uow: UnitOfWork, now: datetime) -> list[Row]:
    """Return what has not ended yet, by name."""
    return await uow.read(WANTED, now)


async def put(uow: UnitOfWork, name: str, level: str, until: datetime) -> None:
    """Have a logger write so much until a moment, and tell all processes when that is committed."""
    await uow.write(PUT, name, level, until)
    await uow.write(NOTIFY, CHANNEL)


async def remove(uow: UnitOfWork, name: str) -> None:
    """Have a logger write as all others, and tell all processes when that is committed."""
    await uow.write(REMOVE, name)
    await uow.write(NOTIFY, CHANNEL)


async def forget_before(uow: UnitOfWork, moment: datetime) -> None:
    """Forget what has ended before a moment."""
    await uow.write(FORGET, moment)
