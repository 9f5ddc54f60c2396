"""Reading the log of events, and what leaves it. The statements belong to the log itself (`mainstay.messages.log`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mainstay.messages import log
from mainstay.work import Row, UnitOfWork


@dataclass(frozen=True, slots=True)
class Range:
    """From when to when, and from which position to which; None is open."""

    since: datetime | None = None
    until: datetime | None = None
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """Events of these names, all where there are none, without those of the modules `hidden`."""

    names: Sequence[str] = ()
    hidden: Sequence[str] = ()


async def following(uow: UnitOfWork, after: tuple[int, int], limit: int, chosen: Chosen | None = None) -> list[Row]:
    """Return up to `limit` settled events behind a place (transaction, position) of the log, in its order."""
    wanted = chosen or Chosen()
    return await uow.read(log.NEXT, *after, list(wanted.names) or None, list(wanted.hidden), limit)


async def in_range(uow: UnitOfWork, wanted: Range, limit: int) -> list[Row]:
    """Return up to `limit` settled events of a part of the log."""
    return await uow.read(log.PART, wanted.since, wanted.until, wanted.first, wanted.last, limit)


async def place_of(uow: UnitOfWork, position: int) -> tuple[int, int] | None:
    """Return the place of an event; None when there is none at the position (any more)."""
    row = await uow.read_row(log.PLACE_OF, position)
    return None if row is None else (row["transaction_id"], row["position"])


async def oldest(uow: UnitOfWork) -> int | None:
    """Return where the log begins; None while it is empty."""
    found: int | None = await uow.read_value(log.OLDEST)
    return found


async def forget(uow: UnitOfWork, age: timedelta, up_to: tuple[int, int] | None) -> int:
    """Delete events older than `age`, those that lie up to a place alone where one is given; return how many."""
    await uow.take_time()
    rows = await uow.write(log.FORGET, age, *(up_to or (None, None)))
    removed: int = rows[0]["removed"]
    return removed
