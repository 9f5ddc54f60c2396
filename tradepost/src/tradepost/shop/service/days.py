"""The business day of a store: its zone and its cut-off, through both changes of the clock (rule 24)."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
ONE_SECOND = timedelta(seconds=1)


def business_day(time_zone: str, day_cutoff: time, moment: datetime) -> date:
    """Return the business day of an aware `moment` in a store: the one that began last (rule 24)."""
    day = moment.astimezone(ZoneInfo(time_zone)).date()
    if moment < day_start(time_zone, day_cutoff, day):
        return day - ONE_DAY
    # A clock that is set back across midnight shows the old date again, but the new business day has begun.
    if moment >= day_start(time_zone, day_cutoff, day + ONE_DAY):
        return day + ONE_DAY
    return day


@lru_cache(maxsize=4096)
def day_start(time_zone: str, day_cutoff: time, day: date) -> datetime:
    """Return the UTC moment at which a business day begins: when the store's clock first shows the cut-off or more.

    Where the clock is set forward over the cut-off that is the moment of the change, where it is set back the first
    of the two.
    """
    zone = ZoneInfo(time_zone)
    wanted = datetime.combine(day, day_cutoff)
    late = wanted.replace(tzinfo=zone).astimezone(UTC)
    if late.astimezone(zone).replace(tzinfo=None) == wanted:
        return late
    # The clock never shows the cut-off on this day: the change lies between the readings by the offsets around it.
    early = wanted.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while late - early > ONE_SECOND:
        middle = early + (late - early) // 2
        if middle.astimezone(zone).replace(tzinfo=None) < wanted:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)
