"""A sampling profiler: what the threads of this process are doing, looked at a hundred times a second for a while.

A thread of the process itself looks, so that it needs no right to look into another one. It costs nothing when nobody
asks, and some percent of a processor while it looks.
"""

import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType
from typing import Final

from mainstay import clock

# Seconds between two looks.
INTERVAL: Final = 0.01
# Seconds that another thread may go on when this one wants to look: with Python's own 5 ms it would mostly be seen
# where it waits for the system.
SWITCH: Final = 0.0005
DEEPEST: Final = 200
NOWHERE: Final = "elsewhere"
# Where a thread stands that has nothing to do.
_WAITING: Final = (
    *("/threading.py", "/selectors.py", "/queue.py", "/concurrent/futures/thread.py", "/asyncio/runners.py"),
    *("/asyncio/base_events.py", "/asyncio/unix_events.py", "/uvloop/__init__.py"),
)

# Names the route or job that a frame works for; None when it is not one that knows.
PlaceOf = Callable[[FrameType], str | None]


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the code."""

    name: str
    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.name} ({self.file}:{self.line})"


Stack = tuple[Function, ...]


@dataclass(slots=True)
class Profile:
    """What was seen: how often each stack, the outermost function first, for which place; idle threads are left out."""

    seconds: float = 0.0
    looks: int = 0
    stacks: Counter[tuple[str, Stack]] = field(default_factory=Counter)

    @property
    def samples(self) -> int:
        """How often a thread was seen at work."""
        return self.stacks.total()

    def places(self) -> list[tuple[str, int]]:
        """Return how many samples belong to each place, most first."""
        found: Counter[str] = Counter()
        for (place, _), count in self.stacks.items():
            found[place] += count
        return found.most_common()

    def functions(self, most: int) -> list[tuple[Function, int, int]]:
        """Return where most time goes: functions with samples in themselves, and in all that they call.

        They are up to `most` with the most in themselves, and as many with the most in all.
        """
        own: Counter[Function] = Counter()
        whole: Counter[Function] = Counter()
        for (_, stack), count in self.stacks.items():
            own[stack[-1]] += count
            for function in set(stack):
                whole[function] += count
        found = dict.fromkeys(function for part in (own, whole) for function, _ in part.most_common(most))
        return [(function, own[function], whole[function]) for function in found]

    def collapsed(self) -> str:
        """Return the stacks as flame graph tools read them: `place;outer;inner 42`, one a line."""
        lines = (
            ";".join((place, *(str(each).replace(";", ":") for each in stack))) + f" {count}\n"
            for (place, stack), count in self.stacks.most_common()
        )
        return "".join(lines)


def profile(seconds: float, place_of: PlaceOf, interval: float = INTERVAL) -> Profile:
    """Look at all threads but this one for `seconds`; blocks, so call it in a thread of its own."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH)
    try:
        return _watched(seconds, place_of, interval)
    finally:
        sys.setswitchinterval(before)


def _watched(seconds: float, place_of: PlaceOf, interval: float) -> Profile:
    made, own, began = Profile(), threading.get_ident(), clock.monotonic()
    while made.seconds < seconds:
        for number, frame in sys._current_frames().items():  # noqa: SLF001  documented, for this very use
            if number != own and not _is_waiting(frame):
                made.stacks[_seen(frame, place_of)] += 1
        made.looks += 1
        time.sleep(interval)
        made.seconds = clock.monotonic() - began
    return made


def _is_waiting(frame: FrameType) -> bool:
    return frame.f_code.co_filename.endswith(_WAITING)


def _seen(frame: FrameType, place_of: PlaceOf) -> tuple[str, Stack]:
    stack: list[Function] = []
    place: str | None = None
    following: FrameType | None = frame
    while following is not None and len(stack) < DEEPEST:
        code = following.f_code
        stack.append(Function(code.co_qualname, _short(code.co_filename), code.co_firstlineno))
        place = place or place_of(following)
        following = following.f_back
    return place or NOWHERE, tuple(reversed(stack))


def _short(path: str) -> str:
    """Return a file's path from the folder of its package or of the standard library on."""
    for root in ("/site-packages/", "/src/", "/lib/"):
        _, found, rest = path.rpartition(root)
        if found:
            return rest
    return path
