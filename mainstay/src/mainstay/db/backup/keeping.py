"""Which archives are kept: the last of each of so many days, weeks and months, and the newest verified one for ever."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from mainstay.db.backup.settings import BackupSettings

State = Literal["verified", "unverified", "broken"]


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive that is there: `unverified` could not be tried, `broken` was tried and failed."""

    id: UUID
    made_at: datetime
    state: State


def kept(archives: Iterable[Archive], settings: BackupSettings, now: datetime) -> frozenset[UUID]:
    """Return which archives stay; a broken one stays only as the newest of all, to be looked at.

    Those from after `now` are of a time when the clock was ahead: they count among themselves and take nobody's place.
    """
    ahead: list[Archive] = []
    past: list[Archive] = []
    for each in archives:
        (ahead if each.made_at > now else past).append(each)
    return _chosen(past, settings) | _chosen(ahead, settings)


def _chosen(archives: list[Archive], settings: BackupSettings) -> frozenset[UUID]:
    newest_first = sorted(archives, key=lambda each: each.made_at, reverse=True)
    sound = [each for each in newest_first if each.state != "broken"]
    verified = [each for each in sound if each.state == "verified"]
    keep = {each.id for each in (*newest_first[:1], *verified[:1])}
    # A period's last archive is its last verified one, where it has any.
    preferred = sorted(sound, key=lambda each: each.state != "verified")
    keep |= _last_of(preferred, settings.daily, lambda moment: moment.strftime("%Y-%m-%d"))
    keep |= _last_of(preferred, settings.weekly, lambda moment: moment.strftime("%G-%V"))
    keep |= _last_of(preferred, settings.monthly, lambda moment: moment.strftime("%Y-%m"))
    return frozenset(keep)


def _last_of(preferred: list[Archive], count: int, period: Callable[[datetime], str]) -> set[UUID]:
    """Return the first archive of each of the newest `count` periods that have one."""
    first: dict[str, UUID] = {}
    for each in preferred:
        first.setdefault(period(each.made_at), each.id)
    return {first[name] for name in sorted(first, reverse=True)[:count]}
