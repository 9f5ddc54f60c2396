"""A circuit breaker: after failures in a row a service is left alone for a while, then tried once."""

from collections.abc import Callable
from typing import Literal

from mainstay import clock

State = Literal["closed", "open", "half_open"]


class Breaker:
    """Says whether a service may be called, for one thread or one event loop.

    Closed, every call may be made. After `failures` in a row it is open for `rest` seconds: no call is made. Then it
    is half open: one call is a trial, which closes it or opens it anew. Whoever was admitted records how it went.
    """

    def __init__(self, failures: int, rest: float, now: Callable[[], float] = clock.monotonic) -> None:
        self._most, self._rest, self._now = failures, rest, now
        self._failures = 0
        self._opened_at: float | None = None
        self._is_tried = False

    @property
    def state(self) -> State:
        """What holds at this moment."""
        if self._opened_at is None:
            return "closed"
        return "half_open" if self._now() - self._opened_at >= self._rest else "open"

    def admit(self) -> bool:
        """Say whether a call may be made now; if so, `record` must follow."""
        state = self.state
        if state == "closed":
            return True
        if state == "open" or self._is_tried:
            return False
        self._is_tried = True
        return True

    def record(self, *, is_well: bool | None) -> None:
        """Take notice of how a call went that was admitted; None when it says nothing about the service."""
        self._is_tried = False
        if is_well is None:
            return
        if is_well:
            self._failures, self._opened_at = 0, None
            return
        self._failures += 1
        if self._opened_at is not None or self._failures >= self._most:
            self._opened_at = self._now()
