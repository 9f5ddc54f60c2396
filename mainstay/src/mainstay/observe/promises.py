"""What this process counted against what the program promises of its requests, in steps of a few minutes.

A step's counts only grow, and belong to one process: whoever keeps them keeps the newest, however often they are given.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Self
from uuid import UUID

from mainstay import clock, ids
from mainstay.observe.counters import BOUNDS, Counters
from mainstay.observe.standing import PROBES, QUICK, REQUESTS, SECONDS

STEP: Final = timedelta(minutes=5)
# While nobody can keep them: what began longer ago is given up. Kept steps may be joined after that.
LONGEST_WAIT: Final = timedelta(days=1)

_QUICK_BUCKETS: Final = BOUNDS.index(QUICK) + 1
_EPOCH: Final = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


class Counts(NamedTuple):
    """Requests and how many of them failed (5xx); answers that began and how many of them later than is promised."""

    requests: int = 0
    failed: int = 0
    answered: int = 0
    slow: int = 0

    @classmethod
    def of(cls, counters: Counters) -> Self:
        """Return what has been counted in this process; probes of load balancers are no requests of people."""
        requests = failed = answered = slow = 0
        for labels, value in counters.values(REQUESTS):
            if not labels["route"].startswith(PROBES):
                requests += int(value)
                failed += int(value) if labels["status"].startswith("5") else 0
        for labels, spread in counters.spreads(SECONDS):
            if not labels["route"].startswith(PROBES):
                answered += sum(spread.counts)
                slow += sum(spread.counts[_QUICK_BUCKETS:])
        return cls(requests, failed, answered, slow)

    def plus(self, other: "Counts") -> "Counts":
        """Return the sum."""
        return Counts(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))

    def less(self, other: "Counts") -> "Counts":
        """Return what is more than in the other."""
        return Counts(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))


@dataclass(frozen=True, slots=True)
class Step:
    """What was counted in a few minutes from a moment on."""

    began_at: datetime
    counts: Counts


class Steps:
    """The steps of this process: what its counters have grown by since they were looked at, put where it belongs."""

    def __init__(self, counters: Counters, now: Callable[[], datetime] = clock.now) -> None:
        self.writer: UUID = ids.new_id()
        self._counters, self._now = counters, now
        self._seen = Counts()
        self._counted: dict[datetime, Counts] = {}
        self._kept: dict[datetime, Counts] = {}

    def unkept(self) -> list[Step]:
        """Return the steps of which something is not kept yet, each with all that belongs to it."""
        self._look()
        return [Step(at, counts) for at, counts in self._counted.items() if counts != self._kept.get(at)]

    def missing(self) -> list[Step]:
        """Return what is not kept yet, without what is."""
        return [
            Step(each.began_at, each.counts.less(self._kept.get(each.began_at, Counts()))) for each in self.unkept()
        ]

    def settled(self, steps: Iterable[Step]) -> None:
        """Have steps kept as they were given."""
        for each in steps:
            if each.began_at in self._counted:
                self._kept[each.began_at] = each.counts

    def _look(self) -> None:
        now, counts = self._now(), Counts.of(self._counters)
        began_at = step_of(now)
        grown, self._seen = counts.less(self._seen), counts
        if grown != Counts():
            self._counted[began_at] = self._counted.get(began_at, Counts()).plus(grown)
        # Not as soon as it is kept: a clock that goes back a little comes to the same step again.
        for at in [each for each in self._counted if each < now - LONGEST_WAIT]:
            del self._counted[at]
            self._kept.pop(at, None)


def step_of(moment: datetime) -> datetime:
    """Return when the step of a moment began."""
    return moment - (moment - _EPOCH) % STEP
