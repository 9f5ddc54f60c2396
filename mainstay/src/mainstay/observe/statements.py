"""What a request or a job asks of the database: how much, what slowly, and what again and again.

Whoever runs a statement notes it in the tally of what is in hand; at the end the tally is told: numbers by route, and a
line in the log for each statement that was slow or was repeated, as it happens where each row of a list asks for more.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from math import inf

import structlog

from mainstay.observe import traces
from mainstay.observe.counters import Counter, Counters

logger = structlog.stdlib.get_logger(__name__)

STATEMENTS = "mainstay_statements_total"
SECONDS = "mainstay_statement_seconds_total"
SLOW = "mainstay_slow_statements_total"
REPEATED = "mainstay_repeated_statements_total"
# A line names at most so many slow statements, and so much of each: enough to find it in the code.
MOST_TOLD = 5
MOST_TEXT = 300
# The latest that were repeated, for whoever tests the program.
KEPT = 100


@dataclass(slots=True)
class Tally:
    """The statements of one request or job: how many, how long in all (seconds), how often each, and the longest."""

    slow_after: float
    count: int = 0
    seconds: float = 0.0
    by_text: dict[str, int] = field(default_factory=dict)
    slow: list[tuple[str, float]] = field(default_factory=list)
    longest: float = 0.0
    longest_text: str = ""

    def note(self, text: str, seconds: float, failure: str | None = None) -> None:
        """Take notice of a statement that has ended, well or by `failure`; its values are nobody's business here."""
        self.count += 1
        self.seconds += seconds
        self.by_text[text] = self.by_text.get(text, 0) + 1
        if seconds > self.longest:
            self.longest, self.longest_text = seconds, text
        if seconds >= self.slow_after:
            self.slow.append((text, seconds))
        traces.note_statement(text, seconds, failure)


# The tally of the request or job in hand; None where nobody asks for one.
in_hand: ContextVar[Tally | None] = ContextVar("mainstay_statements", default=None)


@dataclass(frozen=True, slots=True)
class Repeated:
    """A statement that was repeated, in which place and how often."""

    place: str
    text: str
    times: int


class Statements:
    """Begins tallies and tells of them: statements slower than `slow_after` seconds, or run more than `most` times."""

    def __init__(self, counters: Counters, slow_after: float, most: int) -> None:
        self.repeated: deque[Repeated] = deque(maxlen=KEPT)
        self._counters = counters
        self._slow_after = slow_after
        self._most = most
        # Places are routes and jobs, as many as the program has.
        self._numbers: dict[str, tuple[Counter, Counter]] = {}

    @classmethod
    def of_nobody(cls) -> "Statements":
        """Return one whose numbers nobody reads and that finds nothing slow or repeated."""
        return cls(Counters(), inf, 2**31)

    def begin(self) -> Tally:
        """Return a new tally."""
        return Tally(self._slow_after)

    @contextmanager
    def counted(self, place: str) -> Iterator[Tally]:
        """Have the statements inside the block be those of `place`, such as a job, and tell of them at its end."""
        tally = self.begin()
        token = in_hand.set(tally)
        try:
            yield tally
        finally:
            in_hand.reset(token)
            self.tell(place, tally)

    def tell(self, place: str, tally: Tally) -> None:
        """Count the statements for `place`, a route or a job, and log those that somebody should look at."""
        if tally.count == 0:
            return
        numbers = self._numbers.get(place)
        if numbers is None:
            found = self._counters.counter(STATEMENTS, place=place), self._counters.counter(SECONDS, place=place)
            numbers = self._numbers[place] = found
        numbers[0].add(tally.count)
        numbers[1].add(tally.seconds)
        for text, seconds in tally.slow[:MOST_TOLD]:
            logger.warning(
                "slow statement", place=place, statement=shortened(text), duration_ms=round(seconds * 1000, 1)
            )
        if tally.slow:
            self._counters.add(SLOW, len(tally.slow), place=place)
        if tally.count > self._most:
            self._tell_repeated(place, tally)

    def _tell_repeated(self, place: str, tally: Tally) -> None:
        for text, times in tally.by_text.items():
            if times > self._most:
                self.repeated.append(Repeated(place, shortened(text), times))
                self._counters.add(REPEATED, place=place)
                logger.warning("repeated statement", place=place, statement=shortened(text), times=times)


def shortened(text: str) -> str:
    """Return a statement on one line, as much of it as finds it in the code."""
    return " ".join(text.split())[:MOST_TEXT]
