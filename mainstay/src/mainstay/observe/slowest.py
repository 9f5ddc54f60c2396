"""What took longest of late in this process: a sample of each place and statement, to look for the cause."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mainstay import clock, context
from mainstay.observe.statements import Tally, shortened

MOST: Final = 20
# Seconds for which a sample is kept, and between two looks at which are too old.
KEPT: Final = 3600.0
LOOK: Final = 60.0


@dataclass(frozen=True, slots=True)
class Sample:
    """One that took long: which request it was, when, and how long (seconds); `statement` has no values."""

    place: str
    seconds: float
    at: datetime
    request_id: str | None
    statement: str | None = None


class Slowest:
    """The slowest requests and the slowest statements, up to `most` each; of every place, and statement there, one."""

    def __init__(self, most: int = MOST) -> None:
        self._requests, self._statements = _Ranking(most), _Ranking(most)
        self._look_at = 0.0

    def take(self, place: str, moment: float, seconds: float, tally: Tally) -> None:
        """Take notice of a request that has ended at `moment` (monotonic) with these statements; runs for each."""
        if moment >= self._look_at:
            self._forget(moment)
        if seconds > self._requests.floor:
            self._requests.take(moment, place, None, seconds)
        if tally.longest > self._statements.floor:
            self._statements.take(moment, place, shortened(tally.longest_text), tally.longest)

    def requests(self) -> list[Sample]:
        """Return the slowest requests, the slowest first."""
        self._forget(clock.monotonic())
        return list(self._requests)

    def statements(self) -> list[Sample]:
        """Return the slowest statements, the slowest first."""
        self._forget(clock.monotonic())
        return list(self._statements)

    def _forget(self, moment: float) -> None:
        self._look_at = moment + LOOK
        for ranking in (self._requests, self._statements):
            ranking.forget(moment - KEPT)


class _Ranking:
    """The slowest by place and statement; what is not slower than `floor` need not be offered."""

    def __init__(self, most: int) -> None:
        self.floor = 0.0
        self._most = most
        self._samples: dict[tuple[str, str | None], tuple[float, Sample]] = {}

    def __iter__(self) -> Iterator[Sample]:
        yield from sorted((sample for _, sample in self._samples.values()), key=lambda each: -each.seconds)

    def take(self, moment: float, place: str, statement: str | None, seconds: float) -> None:
        """Keep it if it is slower than the one of its place and statement."""
        key = place, statement
        present = self._samples.get(key)
        if present is not None and present[1].seconds >= seconds:
            return
        self._samples[key] = moment, Sample(place, seconds, clock.now(), context.request_id.get(), statement)
        if len(self._samples) > self._most:
            del self._samples[min(self._samples, key=lambda each: self._samples[each][1].seconds)]
        self._set_floor()

    def forget(self, before: float) -> None:
        """Drop what ended earlier."""
        self._samples = {key: kept for key, kept in self._samples.items() if kept[0] >= before}
        self._set_floor()

    def _set_floor(self) -> None:
        is_full = len(self._samples) >= self._most
        self.floor = min(sample.seconds for _, sample in self._samples.values()) if is_full else 0.0
