"""A collector of this machine for tests: it takes traces as OTLP over HTTP has them, and refuses what is none."""

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Self

import orjson

from mainstay import clock
from mainstay.testing.receiver import Answer, Got, Receiver

PATH = "POST /v1/traces HTTP/1.1"
_TRACE = re.compile(r"[0-9a-f]{32}")
_SPAN = re.compile(r"[0-9a-f]{16}")
_NANOSECONDS = re.compile(r"[0-9]{19}")
_KINDS = {1: "internal", 2: "server", 3: "client", 5: "consumer"}
_VALUES = {"stringValue": str, "intValue": int, "doubleValue": float, "boolValue": bool}


async def until(holds: Callable[[], bool], patience: float = 30.0) -> None:
    """Return when something holds. Raises TimeoutError."""
    deadline = clock.monotonic() + patience
    while not holds():
        if clock.monotonic() > deadline:
            raise TimeoutError("It did not happen in time.")
        await asyncio.sleep(0.01)


@dataclass(frozen=True, slots=True)
class Told:
    """A span as it came in; moments are nanoseconds since 1970, `whose` is what is said of the process."""

    trace_id: str
    span_id: str
    parent_id: str
    name: str
    kind: str
    moments: tuple[int, int]
    attributes: dict[str, Any]
    failure: str | None
    whose: dict[str, Any]


@dataclass
class Collector:
    """Listens while it is entered, and keeps the spans that it is told of."""

    receiver: Receiver = field(default_factory=Receiver)
    spans: list[Told] = field(default_factory=list)

    @property
    def url(self) -> str:
        """What a program is told of it."""
        return f"http://127.0.0.1:{self.receiver.port}"

    def of(self, trace_id: str) -> list[Told]:
        """Return the spans of a trace that have come in."""
        return [each for each in self.spans if each.trace_id == trace_id]

    async def __aenter__(self) -> Self:
        self.receiver.answering = self._answer
        await self.receiver.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.receiver.stop()

    @contextmanager
    def aside(self) -> Iterator[Self]:
        """Listen in a thread of its own: for a program that runs longer than a test."""
        with listening_aside(self):
            yield self

    def _answer(self, got: Got) -> Answer:
        """Take what came in; a collector answers what it cannot read with 400, and so nothing of it is there."""
        if got.line != PATH or got.headers["content-type"] != "application/json":
            return Answer(404)
        try:
            self.spans += [
                _told(each, {one["key"]: _value(one["value"]) for one in group["resource"]["attributes"]})
                for group in orjson.loads(got.body)["resourceSpans"]
                for scope in group["scopeSpans"]
                for each in scope["spans"]
            ]
        except (KeyError, ValueError, TypeError):
            return Answer(400)
        return Answer(200, b"{}")


def _told(span: dict[str, Any], whose: dict[str, Any]) -> Told:
    """Return a span; raises ValueError where its form is not OTLP's."""
    parent = span.get("parentSpanId", "")
    status = span.get("status", {})
    began, ended = _matching(_NANOSECONDS, span["startTimeUnixNano"]), _matching(_NANOSECONDS, span["endTimeUnixNano"])
    return Told(
        _matching(_TRACE, span["traceId"]),
        _matching(_SPAN, span["spanId"]),
        _matching(_SPAN, parent) if parent else "",
        span["name"],
        _KINDS[span["kind"]],
        (int(began), int(ended)),
        {each["key"]: _value(each["value"]) for each in span["attributes"]},
        status["message"] if status.get("code") == 2 else None,
        whose,
    )


def _matching(form: re.Pattern[str], text: str) -> str:
    if not form.fullmatch(text):
        raise ValueError(f"{text!r} is not of the form {form.pattern}")
    return text


def _value(value: dict[str, Any]) -> object:
    ((kind, given),) = value.items()
    return _VALUES[kind](given)


@contextmanager
def listening_aside(listener: AbstractAsyncContextManager[object]) -> Iterator[None]:
    """Have something listen inside the block, on an event loop in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="listening aside")
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(listener.__aenter__(), loop).result(10)
        yield
        asyncio.run_coroutine_threadsafe(listener.__aexit__(None, None, None), loop).result(10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
