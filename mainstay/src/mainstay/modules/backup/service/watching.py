"""The alarm: owners are told when no verified archive is young enough, daily while it lasts, and when it is well."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from mainstay import clock
from mainstay.modules.backup import repository
from mainstay.modules.backup.service import letters, sources
from mainstay.observe.counters import Counters
from mainstay.work import Row, UnitOfWork

# A little less than a day, so that an hourly look tells at the same hour each day.
AGAIN: Final = timedelta(hours=23, minutes=30)
AGE: Final = "mainstay_backup_age_seconds"
OUTCOME: Final = "mainstay_backup_last_outcome"
BEHIND: Final = "mainstay_recovery_behind_seconds"
BASE_AGE: Final = "mainstay_recovery_base_age_seconds"
# Seconds that stand for what was never received.
NEVER: Final = 1e9
OUTCOMES: Final = ("verified", "unverified", "broken", "failed")

logger = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """How backups stand: the newest verified one, since when there might be one, and what became of the newest."""

    verified_at: datetime | None
    known_since: datetime
    alarm_since: datetime | None
    last_state: str | None
    reason: str | None

    @property
    def age(self) -> timedelta:
        """For how long nothing newer has been safe."""
        return clock.now() - (self.verified_at or self.known_since)


async def standing(uow: UnitOfWork) -> Standing | None:
    """Say how backups stand; None before the first look at them."""
    row = await repository.database(uow)
    return None if row is None else await _standing(uow, row)


async def _standing(uow: UnitOfWork, row: Row) -> Standing:
    latest = await repository.latest(uow, row["id"])
    state, reason = (None, None) if latest is None else (latest["state"], latest["reason"])
    verified_at = await repository.verified_at(uow, row["id"], clock.now())
    return Standing(verified_at, row["known_since"], row["alarm_since"], state, reason)


async def watch(uow: UnitOfWork) -> None:
    """Raise the alarm, repeat it, or end it, as things stand."""
    row = await repository.hold_database(uow)
    settings = sources.chosen(uow)
    if row is None or not settings.schedule:
        return
    now, found = clock.now(), await _standing(uow, row)
    if found.age > timedelta(hours=settings.max_age):
        logger.error("backup", outcome="missed", age_hours=round(found.age / timedelta(hours=1)), reason=found.reason)
        told_at = row["told_at"]
        if told_at is None or now - told_at >= AGAIN:
            await letters.tell_missed(uow, found)
            told_at = now
        await repository.note_alarm(uow, row["alarm_since"] or now, told_at)
    elif row["alarm_since"] is not None:
        await letters.tell_well(uow, found)
        await repository.note_alarm(uow, None, None)


async def observe(uow: UnitOfWork, counters: Counters) -> None:
    """Tell the numbers of a process how old the newest verified archive is, and what became of the newest backup.

    Where a second place receives the database's log, also how far it is behind, and how old its base copy is.
    """
    place = sources.second_place(uow)
    if place is not None:
        covered, bases = await asyncio.to_thread(lambda: (place.covered(), place.bases()))
        for name, moment in ((BEHIND, covered), (BASE_AGE, bases[-1].ended_at if bases else None)):
            counters.set(name, NEVER if moment is None else max(0.0, (clock.now() - moment).total_seconds()))
    found = await standing(uow)
    if found is None:
        return
    counters.set(AGE, found.age.total_seconds())
    for outcome in OUTCOMES:
        counters.set(OUTCOME, float(found.last_state == outcome), outcome=outcome)
