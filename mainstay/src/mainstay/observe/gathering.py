"""Errors on their way to where the program keeps them: the same mistake is counted once more, not written once more.

A storm of equal errors is one line of a batch. A batch keeps its number until it is known to be written, so that
whoever writes it counts it once, however often it is tried.
"""

import hashlib
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import inf
from threading import RLock
from typing import Final
from uuid import UUID

from mainstay import clock, ids
from mainstay.observe.counters import Counters
from mainstay.observe.tracker import BROWSER
from mainstay.observe.troubles import Frame, Trouble

# Of one mistake the latest are kept with where and when; the others are counted.
KEPT: Final = 10
# The innermost places of an error.
DEEPEST: Final = 25
# Characters of a text.
LONGEST: Final = 300
# What is told of one time, besides the ids of its request and trace. Who acted is left out, and ids of what it was
# about: they are somebody's, and the log has them.
FACTS: Final = frozenset(
    {"method", "route", "job", "job_id", "attempt", "event_name", "loop", "module", "child", "code", "page"}
)
# Mistakes that browsers may tell of within a minute, by process: anybody may report some.
BROWSERS_A_MINUTE: Final = 30

# The part of the program that starts all others.
PARENT: Final = "supervisor"

HEARD: Final = "mainstay_errors_total"
WRITTEN: Final = "mainstay_errors_kept_total"
LOST: Final = "mainstay_errors_not_kept_total"

_aside: ContextVar[bool] = ContextVar("mainstay_errors_aside", default=False)


@contextmanager
def aside() -> Iterator[None]:
    """Gather nothing that goes wrong inside the block: keeping errors must make no errors to keep."""
    token = _aside.set(True)
    try:
        yield
    finally:
        _aside.reset(token)


@dataclass(frozen=True, slots=True)
class Sighting:
    """One time that something went wrong."""

    at: datetime
    request_id: str | None
    trace_id: str | None
    sentence: str
    facts: Mapping[str, str]
    frames: tuple[Frame, ...]


@dataclass(slots=True)
class Mistake:
    """What went wrong in the same place in the same way, how often, and the latest times."""

    fingerprint: str
    role: str
    kind: str | None
    place: str
    event: str
    first_at: datetime
    last_at: datetime
    count: int = 0
    latest: deque[Sighting] = field(default_factory=lambda: deque(maxlen=KEPT))


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose errors they are: the process, its part of the program, its release and its machine."""

    writer: UUID
    role: str
    release: str
    machine: str

    @classmethod
    def of(cls, role: str, release: str, machine: str) -> "Origin":
        """Return the origin that this process is from now on."""
        return cls(ids.new_id(), role, release, machine)


@dataclass(frozen=True, slots=True)
class Batch:
    """What is written at once: each mistake is in it once. The numbers of one origin's batches grow."""

    origin: Origin
    number: int
    mistakes: tuple[Mistake, ...]

    def counts(self) -> Mapping[str, int]:
        """Return how many errors it holds, by the part of the program that they are of."""
        found: Counter[str] = Counter()
        for each in self.mistakes:
            found[each.role] += each.count
        return found


class Gatherer:
    """Takes troubles at any moment, from any thread, and gives them away in batches.

    At most `most` different mistakes wait; others are counted as lost.
    """

    def __init__(self, origin: Origin, counters: Counters, most: int) -> None:
        self._origin = origin
        self._counters = counters
        self._most = most
        # What is collected as garbage may log in the middle of anything, in the same thread.
        self._lock = RLock()
        self._waiting: dict[str, Mistake] = {}
        self._given: Batch | None = None
        self._number = 0
        self._minute, self._admitted = -inf, set[str]()

    def take(self, trouble: Trouble) -> None:
        """Keep a trouble until a batch takes it along."""
        if _aside.get():
            return
        role = BROWSER if trouble.logger == BROWSER else self._origin.role
        print_ = fingerprint_of(role, trouble)
        with self._lock:
            self._counters.add(HEARD, role=role)
            mistake = self._waiting.get(print_) or self._admit(print_, role, trouble)
            if mistake is None:
                return
            mistake.count += 1
            mistake.last_at = clock.now()
            mistake.latest.append(_sighting(trouble, mistake.last_at))

    def batch(self) -> Batch | None:
        """Return what is to be written: the same until it is `settled`, and None when there is nothing."""
        with self._lock:
            if self._given is None and self._waiting:
                self._number += 1
                self._given = Batch(self._origin, self._number, tuple(self._waiting.values()))
                self._waiting = {}
            return self._given

    def settled(self, lost_by: str | None = None) -> None:
        """Have the batch in hand done with: it is written, or it is lost for a reason."""
        with self._lock:
            given, self._given = self._given, None
            for role, count in () if given is None else given.counts().items():
                if lost_by is None:
                    self._counters.add(WRITTEN, count, role=role)
                else:
                    self._counters.add(LOST, count, role=role, reason=lost_by)

    def handed_on(self) -> None:
        """Have the batch in hand done with: somebody else writes it."""
        with self._lock:
            self._given = None

    def _admit(self, print_: str, role: str, trouble: Trouble) -> Mistake | None:
        if len(self._waiting) >= self._most:
            self._counters.add(LOST, role=role, reason="too_many")
            return None
        if role == BROWSER and not self._may_browse(print_):
            self._counters.add(LOST, role=role, reason="browsers")
            return None
        now = clock.now()
        kind = None if trouble.kind is None else _clean(trouble.kind)
        mistake = Mistake(print_, role, kind, _clean(place_of(trouble)), _clean(trouble.event), now, now)
        self._waiting[print_] = mistake
        return mistake

    def _may_browse(self, print_: str) -> bool:
        if (now := clock.monotonic()) - self._minute >= 60:
            self._minute, self._admitted = now, set()
        if print_ not in self._admitted and len(self._admitted) >= BROWSERS_A_MINUTE:
            return False
        self._admitted.add(print_)
        return True


def fingerprint_of(role: str, trouble: Trouble) -> str:
    """Return the name of a mistake of a part of the program: the same in every process and on every machine."""
    return hashlib.sha256("\x00".join((role, *trouble.fingerprint)).encode("utf-8", "replace")).hexdigest()[:32]


def place_of(trouble: Trouble) -> str:
    """Return where in the code it is: the innermost place of our own, or who wrote the line."""
    place = trouble.place
    return trouble.logger if place is None else f"{place.file}:{place.function}"


def _sighting(trouble: Trouble, at: datetime) -> Sighting:
    told = {name: _clean(value) for name, value in trouble.facts.items()}
    facts = {name: value for name, value in told.items() if name in FACTS}
    frames = tuple(
        replace(each, file=_clean(each.file), function=_clean(each.function)) for each in trouble.frames[-DEEPEST:]
    )
    return Sighting(at, told.get("request_id"), told.get("trace_id"), _clean(trouble.sentence), facts, frames)


def _clean(text: str) -> str:
    """Return what a database can keep of a text: one that it refuses would take the whole batch with it."""
    return text.replace("\x00", "")[:LONGEST].encode("utf-8", "replace").decode()
