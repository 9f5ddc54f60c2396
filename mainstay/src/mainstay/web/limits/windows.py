"""Counting in this process: for each key, when its requests of the last minute came."""

import math
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass

from mainstay import clock
from mainstay.web.limits.settings import WINDOW

# Keys that are remembered; beyond, the one that was asked for longest ago is forgotten.
MOST_KEYS = 20_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request is within its allowance of `size`.

    `remaining` requests are left; after `wait` seconds there is one more. `stamp` is when it was counted, by the clock
    of whoever counted.
    """

    is_within: bool
    size: int
    remaining: int
    wait: int
    stamp: float = 0.0


def seconds(exact: float) -> int:
    """Return whole seconds after which the time is surely over, one at least."""
    return max(1, math.ceil(exact))


class Windows:
    """Keeps the times of requests by key: never more than `size` pass in any 60 seconds, wherever those begin.

    Buckets that fill by the minute would let twice as many pass around the turn, those that drip twice as many in the
    first minute.
    """

    def __init__(self, now: Callable[[], float] = clock.monotonic) -> None:
        self._now = now
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def charge(self, key: str, size: int) -> Verdict:
        """Count a request under `key` if it is within the allowance, and say whether it is."""
        now = self._now()
        times = self._current(key, now)
        if len(times) >= size:
            return Verdict(is_within=False, size=size, remaining=0, wait=seconds(times[0] + WINDOW - now))
        times.append(now)
        return Verdict(True, size, size - len(times), seconds(times[0] + WINDOW - now), now)

    def note(self, key: str, size: int) -> None:
        """Count a request that has been let pass already, whether it is within the allowance or not."""
        now = self._now()
        times = self._current(key, now)
        times.append(now)
        if len(times) > size:
            times.popleft()

    def give_back(self, key: str) -> None:
        """Forget the newest request under `key`."""
        times = self._times.get(key)
        if times:
            times.pop()

    def _current(self, key: str, now: float) -> deque[float]:
        """Return the times under `key` that still count, and note that it was asked for."""
        times = self._times.get(key)
        if times is None:
            times = self._times[key] = deque()
            if len(self._times) > MOST_KEYS:
                self._times.popitem(last=False)
            return times
        self._times.move_to_end(key)
        while times and times[0] <= now - WINDOW:
            times.popleft()
        return times
