"""Traces: what a request or a job was made of, as spans that know their parent (W3C Trace Context, level 1).

Whoever does something worth seeing opens a `span`: it becomes part of the trace in hand, and nothing at all where none
is. With tracing off nobody ever begins a trace, so that all of this costs one look at a context variable.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Literal, Self

from mainstay import clock, crypto

# What a span is in its trace, by OTLP's numbers: internal, server, client, consumer.
Kind = Literal[1, 2, 3, 5]
INTERNAL: Final = 1
SERVER: Final = 2
CLIENT: Final = 3
CONSUMER: Final = 5

Value = str | int | float | bool

# Version 00; a later one may add fields behind a dash.
_PARENT: Final = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_NO_TRACE: Final = "0" * 32
_NO_SPAN: Final = "0" * 16
_LONGEST: Final = 512
MOST_STATEMENT: Final = 2000
# A request that runs away, such as one that asks for each of many things, fills no queue by itself.
MOST_SPANS: Final = 1000


@dataclass(frozen=True, slots=True)
class Parent:
    """Where a trace comes from: its id, the span that caused this part of it, and whether it is recorded."""

    trace_id: str
    span_id: str
    is_sampled: bool

    @classmethod
    def of(cls, text: str | None) -> Self | None:
        """Read a `traceparent`; None for whatever is none."""
        if not text or len(text) > _LONGEST or (found := _PARENT.fullmatch(text)) is None:
            return None
        version, trace_id, span_id, flags, rest = found.groups()
        if version == "ff" or (version == "00" and rest) or trace_id == _NO_TRACE or span_id == _NO_SPAN:
            return None
        return cls(trace_id, span_id, is_sampled=bool(int(flags, 16) & 1))


class _Trace:
    """What all spans of one process in one trace share."""

    __slots__ = ("is_sampled", "left", "offset", "sink", "trace_id")

    def __init__(self, trace_id: str, sink: "Callable[[Span], None]", *, is_sampled: bool) -> None:
        self.trace_id = trace_id
        self.is_sampled = is_sampled
        self.sink = sink
        self.left = MOST_SPANS
        # From seconds that only grow to nanoseconds since 1970: a clock that is set meanwhile bends no span.
        self.offset = int(clock.now().timestamp() * 1e9) - int(clock.monotonic() * 1e9) if is_sampled else 0


class Span:
    """One step: a name, a kind, when it began and ended, what is known of it, and whether it failed."""

    __slots__ = ("attributes", "began", "ended", "failure", "kind", "name", "parent_id", "span_id", "trace")

    def __init__(self, trace: _Trace, parent_id: str, name: str, kind: Kind) -> None:
        self.trace = trace
        self.parent_id = parent_id
        self.span_id = crypto.new_bytes(8).hex()
        self.name = name
        self.kind = kind
        self.attributes: dict[str, Value] = {}
        self.failure: str | None = None
        self.began = self.ended = clock.monotonic()

    @property
    def trace_id(self) -> str:
        """The id of the trace, 32 hexadecimal digits."""
        return self.trace.trace_id

    @property
    def traceparent(self) -> str:
        """What is handed on, so that others continue the trace from here."""
        return f"00-{self.trace.trace_id}-{self.span_id}-{'01' if self.trace.is_sampled else '00'}"

    @property
    def traced(self) -> tuple[str, float] | None:
        """What a number refers to: the id of the trace, and when this step began, in seconds since 1970.

        None of a trace that is not recorded.
        """
        trace = self.trace
        return (trace.trace_id, trace.offset / 1e9 + self.began) if trace.is_sampled else None

    @property
    def moments(self) -> tuple[int, int]:
        """Beginning and end in nanoseconds since 1970."""
        offset = self.trace.offset
        return offset + int(self.began * 1e9), offset + int(self.ended * 1e9)

    def end(self) -> None:
        """Hand the span over, if its trace is recorded."""
        trace = self.trace
        self.ended = clock.monotonic()
        if trace.is_sampled and trace.left > 0:
            trace.left -= 1
            trace.sink(self)


# The span in hand; None outside of traces, and everywhere while tracing is off.
current: ContextVar[Span | None] = ContextVar("mainstay_span", default=None)


def traceparent() -> str | None:
    """Return what continues the trace in hand from here; None where none is."""
    present = current.get()
    return None if present is None else present.traceparent


class span:  # noqa: N801  it is used as the function that it could be, at a third of the cost
    """Opens a span inside the one in hand: `with span("cache shop") as step`; `step` is None when nobody looks."""

    __slots__ = ("_kind", "_name", "_present", "_token")

    def __init__(self, name: str, kind: Kind = INTERNAL) -> None:
        self._name, self._kind = name, kind
        self._present: Span | None = None
        self._token: Token[Span | None] | None = None

    def __enter__(self) -> Span | None:
        above = current.get()
        if above is None or not above.trace.is_sampled:
            return None
        self._present = Span(above.trace, above.span_id, self._name, self._kind)
        self._token = current.set(self._present)
        return self._present

    def __exit__(
        self, kind: type[BaseException] | None, _failure: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._present is not None and self._token is not None:
            current.reset(self._token)
            if kind is not None:
                self._present.failure = kind.__name__
            self._present.end()


def note_statement(text: str, seconds: float, failure: str | None) -> None:
    """Add a statement that has just ended to the trace in hand; its values are not among what is told."""
    above = current.get()
    if above is None or not above.trace.is_sampled:
        return
    verb = text.split(None, 1)[0].upper()[:20] if text.strip() else "?"
    step = Span(above.trace, above.span_id, verb, CLIENT)
    step.began -= seconds
    step.failure = failure
    step.attributes = {"db.system.name": "postgresql", "db.query.text": text.strip()[:MOST_STATEMENT]}
    step.end()


class Tracer:
    """Begins traces, or continues those that came from elsewhere; `sink` takes each span that has ended.

    It `follows` callers where their word counts for whether a trace is recorded: only where nobody else calls.
    """

    def __init__(self, ratio: float, sink: Callable[[Span], None], *, follows: bool = False) -> None:
        self._bound = int(ratio * 2**64)
        self._sink = sink
        self._follows = follows

    def begin(self, name: str, kind: Kind, parent: Parent | None) -> Span:
        """Return a span that the caller ends, the first one of this process in its trace.

        Whether it is recorded is its parent's decision; of those without one the ratio decides.
        """
        if parent is None:
            return Span(_Trace(crypto.new_bytes(16).hex(), self._sink, is_sampled=self._picks()), "", name, kind)
        return Span(_Trace(parent.trace_id, self._sink, is_sampled=parent.is_sampled), parent.span_id, name, kind)

    def begin_request(self, name: str, stated: Parent | None) -> Span:
        """Return the span of a request, in the trace that its caller states.

        Anybody can write that a trace is to be recorded, and choose its id: neither decides, unless callers are
        followed.
        """
        if stated is not None and not self._follows:
            stated = Parent(stated.trace_id, stated.span_id, is_sampled=self._picks())
        return self.begin(name, SERVER, stated)

    def _picks(self) -> bool:
        return int.from_bytes(crypto.new_bytes(8)) < self._bound

    @contextmanager
    def running(self, name: str, kind: Kind, parent: Parent | None) -> Iterator[Span]:
        """Have what happens inside the block be part of such a span."""
        step = self.begin(name, kind, parent)
        token = current.set(step)
        try:
            yield step
        except BaseException as failure:
            step.failure = type(failure).__name__
            raise
        finally:
            current.reset(token)
            step.end()
