"""Which moments of schedules are due, though the clock is moved, or the machine has slept."""

from collections.abc import Iterable
from typing import Any

from procrastinate.periodic import PeriodicDeferrer, PeriodicTask


class Moments(PeriodicDeferrer):
    """The engine's own, for clocks that are moved while it runs.

    Of the moments that were passed over at once the latest alone is due: a night's sleep is one run of what is done
    each minute, not 500. When the clock goes back, a schedule does not wait for the moment that it had reached; what
    was done for a moment is not done again, because the database keeps which ones were.
    """

    def get_timestamps(
        self, periodic_task: PeriodicTask[Any, Any, Any], since: int | None, until: float
    ) -> Iterable[int]:
        """Yield the moment (seconds since 1970, UTC) that is due at `until`, if any; `since` is the latest that was."""
        periodic_task.croniter.set_current(start_time=until)
        latest = round(periodic_task.croniter.get_prev(ret_type=float))
        is_begun = since is not None and since <= until
        if latest > (since or 0) if is_begun else until - latest <= self.max_delay:
            yield latest
