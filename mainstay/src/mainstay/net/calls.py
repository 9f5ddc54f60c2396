"""What is told of each call to another service, whatever its protocol: numbers, a line of the log, a span."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import structlog

from mainstay import clock
from mainstay.net.failures import LEFT_ALONE
from mainstay.observe.counters import Counters
from mainstay.observe.traces import CLIENT, Span, Value, span

CALLS: Final = "mainstay_calls_total"
SECONDS: Final = "mainstay_call_seconds_total"
# Not the former without its end: OpenMetrics would take both for one.
DURATION: Final = "mainstay_call_duration_seconds"
OK: Final = "ok"
# Whoever called did not wait for the end.
GIVEN_UP: Final = "given_up"
_WELL: Final = (OK, "status_2", "status_3")

logger = structlog.stdlib.get_logger(__name__)


@dataclass(slots=True)
class Call:
    """A call under way: how it ended, in one word, whether its answer shows that the partner is ill, and its limit."""

    outcome: str = OK
    is_ill: bool = False
    deadline: asyncio.Timeout = field(default_factory=lambda: asyncio.Timeout(None))

    def found_ill(self, outcome: str) -> None:
        """Say that the answer shows that the partner is not well, though there is one."""
        self.outcome, self.is_ill = outcome, True


@contextmanager
def told(counters: Counters, name: str, what: str, attributes: dict[str, Value] | None = None) -> Iterator[Call]:
    """Count, log and trace what happens inside: whom, how long, how it ended, and nothing of what was said."""
    call, began = Call(GIVEN_UP), clock.monotonic()
    with span(what, CLIENT) as step:
        try:
            yield call
        finally:
            seconds = clock.monotonic() - began
            is_well = call.outcome.startswith(_WELL)
            _count(counters, name, call.outcome, seconds, step)
            write = logger.info if is_well else logger.warning
            write("call", host=name, method=what, outcome=call.outcome, duration_ms=round(seconds * 1000, 1))
            if step is not None:
                step.attributes = {**(attributes or {"server.address": name}), "mainstay.outcome": call.outcome}
                # What comes through as an exception is told by its name.
                step.failure = None if is_well else call.outcome


def _count(counters: Counters, name: str, outcome: str, seconds: float, step: Span | None) -> None:
    counters.add(CALLS, destination=name, outcome=outcome)
    counters.add(SECONDS, seconds, destination=name)
    if outcome != LEFT_ALONE:
        counters.histogram(DURATION, destination=name).take(seconds, None if step is None else step.traced)
