"""The one source of time, so that tests can fix it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Gives the present moment as an aware UTC time."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        return datetime.now(UTC)


_clock: ContextVar[Clock | None] = ContextVar("mainstay_clock", default=None)
_system = SystemClock()


def now() -> datetime:
    """Return the present moment as an aware UTC time."""
    return (_clock.get() or _system).now()


def monotonic() -> float:
    """Return seconds that only grow, for measuring how long something took; never a point in time."""
    return time.perf_counter()


@contextmanager
def use_clock(clock: Clock) -> Iterator[None]:
    """Take the time from `clock` inside the block (and in tasks started from it)."""
    token = _clock.set(clock)
    try:
        yield
    finally:
        _clock.reset(token)
