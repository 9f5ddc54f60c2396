"""The gate: lets in as many requests as can be worked on at once, and keeps a short queue of the others by urgency.

How long one may wait follows "controlled delay" as in B. Maurer, Fail at Scale (ACM Queue 13.8, 2015), after CoDel
(RFC 8289): a burst may wait, but where there has been no end of the queue for a while, waiting only makes everybody
late. The most urgent may wait for a burst at any time: a process that stood still for a moment finds a queue of them,
which it works off.
"""

import asyncio
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
    `at_once[FIRST]` for all: the most urgent find room whatever the others do.
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
        self._relieved_at[urgency] = self._now()
        return True

    async def wait(self, urgency: Urgency) -> bool:
        """Wait for room and go in; False when it is too late, or there is no room to wait either."""
        if self.waiting >= self._bounds.waiting and not self._displace(urgency):
            return False
        loop, queue = asyncio.get_running_loop(), self._queues[urgency]
        patience = self._patience(urgency)
        waiter: asyncio.Future[bool] = loop.create_future()
        queue.append(waiter)
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
        if not self.enter(urgency) and not await self.wait(urgency):
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

    def _patience(self, urgency: Urgency) -> float:
        if urgency == FIRST:
            return self._bounds.burst
        is_standing = self._now() - self._relieved_at[urgency] > self._bounds.burst
        return self._bounds.standing if is_standing else self._bounds.burst

    def _displace(self, urgency: Urgency) -> bool:
        """Send away the newest of the least urgent that wait, for one that is more urgent."""
        for each in range(LAST, urgency, -1):
            queue = self._queues[each]
            while queue:
                waiter = queue.pop()
                if not waiter.done():
                    waiter.set_result(False)
                    return True
        return False

    def _give_up(self, urgency: Urgency, waiter: asyncio.Future[bool]) -> None:
        if not waiter.done():
            self._forget(urgency, waiter)
            waiter.set_result(False)

    def _forget(self, urgency: Urgency, waiter: asyncio.Future[bool]) -> None:
        queue = self._queues[urgency]
        if waiter in queue:
            queue.remove(waiter)
