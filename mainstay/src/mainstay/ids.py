"""UUIDv7 identifiers (RFC 9562): sortable by creation time, monotonic within one process."""

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from uuid import UUID

from mainstay import clock

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_VERSION = 7 << 76
_VARIANT = 2 << 62
_RANDOM_BITS = 62
_COUNTER_BITS = 12


class UuidV7Source:
    """Makes UUIDv7 values whose 12 bits after the time count up within one millisecond (RFC 9562, method 1)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last_ms = 0
        self._counter = 0

    def __call__(self) -> UUID:
        """Return the next identifier."""
        with self._lock:
            milliseconds = max((clock.now() - _EPOCH) // _MILLISECOND, self._last_ms)
            if milliseconds == self._last_ms:
                self._counter += 1
                if self._counter >> _COUNTER_BITS:
                    milliseconds, self._counter = milliseconds + 1, 0
            else:
                # Start low so that a burst within the millisecond has room to count.
                self._counter = secrets.randbits(_COUNTER_BITS - 2)
            self._last_ms = milliseconds
            counter = self._counter
        return UUID(int=milliseconds << 80 | _VERSION | counter << 64 | _VARIANT | secrets.randbits(_RANDOM_BITS))


_system = UuidV7Source()
_source: ContextVar[Callable[[], UUID] | None] = ContextVar("mainstay_ids", default=None)


def new_id() -> UUID:
    """Return a fresh UUIDv7."""
    return (_source.get() or _system)()


@contextmanager
def use_ids(source: Callable[[], UUID]) -> Iterator[None]:
    """Take identifiers from `source` inside the block (and in tasks started from it)."""
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)
