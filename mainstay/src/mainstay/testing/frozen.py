"""A clock that stands still and identifiers that count, so that a test knows both."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

# A Saturday before noon, UTC: no change of day, month or summer time is near.
START = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)


class FrozenClock:
    """Stands at `START` until it is moved."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start

    def now(self) -> datetime:
        """Return the moment at which the clock stands."""
        return self._now

    def move(self, step: timedelta) -> None:
        """Move the clock by `step`, forwards or backwards."""
        self._now += step

    def move_to(self, moment: datetime) -> None:
        """Set the clock to `moment`, an aware time."""
        self._now = moment.astimezone(UTC)


class CountingIds:
    """UUIDv7 values that differ only in a counter: …-000000000001, …-000000000002 and so on."""

    def __init__(self) -> None:
        self._count = 0

    def __call__(self) -> UUID:
        """Return the next identifier."""
        self._count += 1
        return self.at(self._count)

    @staticmethod
    def at(number: int) -> UUID:
        """Return the identifier that is (or was) given as number `number`, counted from one."""
        milliseconds = int(START.timestamp() * 1000)
        return UUID(int=milliseconds << 80 | 7 << 76 | 2 << 62 | number)
