"""What one process keeps: a bounded number of bytes, of which those that nobody asks for go first."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from mainstay import clock

# What an entry takes beside its key and its answer.
_OVERHEAD = 300
# An answer that would push out a quarter of all others is not kept.
_LARGEST_SHARE = 4


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer, and the version of its tables that it was read under."""

    version: str
    packed: bytes
    until: float


class Memory:
    """Answers by key, at most `size` bytes of them."""

    def __init__(self, size: int, now: Callable[[], float] = clock.monotonic) -> None:
        self._size, self._now = size, now
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self.used = 0

    def get(self, key: str, version: str) -> bytes | None:
        """Return the answer under `key` if it was read under `version` and is not too old."""
        found = self._kept.get(key)
        if found is None:
            return None
        if found.version != version or found.until <= self._now():
            self._drop(key)
            return None
        self._kept.move_to_end(key)
        return found.packed

    def put(self, key: str, version: str, packed: bytes, seconds: float) -> None:
        """Keep an answer for some seconds."""
        self._drop(key)
        if _weight(key, packed) * _LARGEST_SHARE > self._size:
            return
        self._kept[key] = Kept(version, packed, self._now() + seconds)
        self.used += _weight(key, packed)
        while self.used > self._size:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: str) -> None:
        found = self._kept.pop(key, None)
        if found is not None:
            self.used -= _weight(key, found.packed)


def _weight(key: str, packed: bytes) -> int:
    return len(key) + len(packed) + _OVERHEAD
