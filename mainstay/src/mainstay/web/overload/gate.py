"""The gate: lets in as many requests as can be worked on at once, and keeps a short queue of the others by urgency.

How long one may wait follows "controlled delay" as in B. Maurer, Fail at Scale (ACM Queue 13.8, 2015), after CoDel
(RFC 8289): a burst may wait, but where there has been no end of the queue for a while, waiting only makes everybody
late. There no more wait than have lately gone in within that time: whoever would wait in vain is refused at once.
"""

import asyncio
import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from mainstay import clock
from mainstay.web.overload.settings import OverloadSettings
from mainstay.web.overload.urgency import FIRST, LAST, Urgency


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many are worked on at once, by the least urgency they have at most; how many wait, and how long (seconds).

    `at_once[LAST]` is for the least urgent alone, `at_once[USUAL]` for those and the usual ones together, and
    `at_once[FIRST]` for all: the most urgent find room whatever the others do. They wait for `burst` at any time: a
    process that stood still for a moment has a queue of them which it works off.
    """

    at_once: tuple[int, int, int]
    waiting: int
    burst: float
    standing: float

    @classmethod
    def of(cls, settings: OverloadSettings, connections: int) -> Self:
        """Return the bounds of a process with so many `connections`; one of them is left for health and numbers."""
        most = settings.at_once or max(1, connections - 1)
        parts = (most, most - most // 4, max(1, most // 2))
        return cls(parts, settings.waiting, settings.wait_ms / 1000, settings.standing_wait_ms / 1000)


class Gate:
    """Counts who is inside; whoever has been let in must `leave`."""

    def __init__(self, bounds: Bounds, now: Callable[[], float] = clock.monotonic) -> None:
        self._most = bounds.at_once
        self._bounds = bounds
        self._now = now
        # How many are inside that are as urgent as this or less.
        self._inside = [0 for _ in Urgency]
        self._queues: list[deque[asyncio.Future[bool]]] = [deque() for _ in Urgency]
        # When there was room last for one of this urgency, and nobody left waiting for it.
        self._relieved_at = [now() for _ in Urgency]
        self._refused_at = [-math.inf for _ in Urgency]
        # When those of this urgency have gone in, of late.
        self._went_in_at: list[deque[float]] = [deque(maxlen=max(1, bounds.waiting)) for _ in Urgency]

    @property
    def inside(self) -> int:
        """How many are worked on."""
        return self._inside[FIRST]

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(map(len, self._queues))

    def enter(self, urgency: Urgency) -> bool:
        """Let a request in if there is room for it; then nobody waits who is as urgent."""
        if not self._has_room(urgency):
            return False
        self._count(urgency, 1)
        now = self._now()
        self._relieved_at[urgency] = now
        self._went_in_at[urgency].append(now)
        return True

    async def wait(self, urgency: Urgency, *, has_begun: bool = False) -> bool:
        """Wait for room and go in; False when it is too late, or there is no room to wait either.

        What `has_begun` waits also where it will hardly get in.
        """
        queue, is_standing = self._queues[urgency], self._is_standing(urgency)
        if is_standing and not has_begun and len(queue) > self._went_in(urgency):
            return self._refuse(urgency)
        if self.waiting >= self._bounds.waiting and not self._displace(urgency):
            return self._refuse(urgency)
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[bool] = loop.create_future()
        queue.append(waiter)
        patience = self._bounds.standing if is_standing else self._bounds.burst
        timer = loop.call_later(patience, self._give_up, urgency, waiter)
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.cancelled():
                self._forget(urgency, waiter)
            elif waiter.result():  # let in and cancelled in the same moment
                self.leave(urgency)
            raise
        finally:
            timer.cancel()

    async def come_back(self, urgency: Urgency) -> None:
        """Let in whoever has been inside and left for a while: after the usual wait also where there is no room."""
        if not self.enter(urgency) and not await self.wait(urgency, has_begun=True):
            self._count(urgency, 1)

    def leave(self, urgency: Urgency) -> None:
        """Go out, which lets in whoever is the most urgent of those that wait and find room."""
        self._count(urgency, -1)
        if not any(self._queues):
            return
        for each in Urgency:
            queue = self._queues[each]
            while queue and self._has_room(each):
                waiter = queue.popleft()
                if not waiter.done():
                    self._count(each, 1)
                    self._went_in_at[each].append(self._now())
                    waiter.set_result(True)
                if not queue:
                    self._relieved_at[each] = self._now()

    def _has_room(self, urgency: Urgency) -> bool:
        inside, most = self._inside, self._most
        if inside[0] >= most[0]:  # written out, as every request comes here
            return False
        return urgency == 0 or (inside[1] < most[1] and (urgency == 1 or inside[2] < most[2]))

    def _count(self, urgency: Urgency, change: int) -> None:
        inside = self._inside
        inside[0] += change
        if urgency:
            inside[1] += change
            if urgency == 2:
                inside[2] += change

    def _is_standing(self, urgency: Urgency) -> bool:
        """Whether there has been a queue for longer than a burst, or too many came for one just now."""
        if urgency == FIRST:
            return False
        now, burst = self._now(), self._bounds.burst
        return now - self._relieved_at[urgency] > burst or now - self._refused_at[urgency] < burst

    def _went_in(self, urgency: Urgency) -> int:
        """Return how many have gone in, in a time as long as one may wait now."""
        times, since = self._went_in_at[urgency], self._now() - self._bounds.standing
        while times and times[0] < since:
            times.popleft()
        return len(times)

    def _refuse(self, urgency: Urgency) -> bool:
        self._refused_at[urgency] = self._now()
        return False

    def _displace(self, urgency: Urgency) -> bool:
        """Send away the newest of the least urgent that wait, for one that is more urgent."""
        for each in reversed(Urgency):
            if each <= urgency:
                return False
            queue = self._queues[each]
            while queue:
                waiter = queue.pop()
                if not waiter.done():
                    waiter.set_result(self._refuse(each))
                    return True
        return False

    def _give_up(self, urgency: Urgency, waiter: asyncio.Future[bool]) -> None:
        if not waiter.done():
            self._forget(urgency, waiter)
            waiter.set_result(self._refuse(urgency))

    def _forget(self, urgency: Urgency, waiter: asyncio.Future[bool]) -> None:
        queue = self._queues[urgency]
        if waiter in queue:
            queue.remove(waiter)
