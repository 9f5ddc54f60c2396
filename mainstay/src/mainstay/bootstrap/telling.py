"""What a process tells of itself beyond its log: traces to a collector and errors to a tracker, where one is set."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from math import inf
from socket import gethostname
from typing import Self

from mainstay import clock
from mainstay.bootstrap.program import Program
from mainstay.net.exporting import Exporter, Target
from mainstay.observe import otlp, tracker, troubles
from mainstay.observe.counters import Counters
from mainstay.observe.trace_settings import TraceSettings
from mainstay.observe.traces import Span, Tracer
from mainstay.observe.tracker import ErrorSettings, Place, Source
from mainstay.observe.troubles import Trouble
from mainstay.settings import Configuration, CoreSettings

# Spans of one request to the collector.
BATCH = 500
ERROR_SECONDS = 0.5
# Errors of browsers that a process hands on within a minute: anybody may report some.
BROWSERS_A_MINUTE = 30


@dataclass(frozen=True, slots=True)
class Telling:
    """What begins the traces of a process, if anything does, and what sends them and its errors."""

    tracer: Tracer | None = None
    spans: Exporter[Span] | None = None
    errors: Exporter[Trouble] | None = None
    counters: Counters = field(default_factory=Counters, compare=False)

    @classmethod
    def of(cls, program: Program, configuration: Configuration, counters: Counters, role: str) -> Self:
        """Return it by the settings, for the process that is the `role` of `program`."""
        traced = configuration.find(TraceSettings) or TraceSettings()
        gathered = configuration.find(ErrorSettings) or ErrorSettings()
        environment = configuration.of(CoreSettings).environment
        spans = errors = tracer = None
        if traced.url is not None:
            spans = _spans(traced, traced.url, _resource(program, environment, role), counters)
            tracer = Tracer(traced.ratio, spans.take, follows=traced.follow)
        if gathered.dsn is not None:
            source = Source(f"{program.name}@{program.version}", environment, gethostname(), role)
            errors = _errors(gathered, Place.of(gathered.dsn.get_secret_value()), source, counters)
        return cls(tracer, spans, errors, counters)

    @asynccontextmanager
    async def sent(self) -> AsyncIterator[None]:
        """Send inside the block what there is to tell, and at its end what is left."""
        async with AsyncExitStack() as stack:
            if self.spans is not None:
                await stack.enter_async_context(self.spans.running())
            if self.errors is not None:
                await stack.enter_async_context(self.errors.running())
                stack.enter_context(troubles.heard(_Share(self.errors.take, self.counters).take))
            yield


class _Share:
    """Lets all troubles of the program through to `take`, and of those that browsers report a few a minute."""

    def __init__(self, take: Callable[[Trouble], None], counters: Counters) -> None:
        self._take = take
        self._counters = counters
        self._minute, self._left = -inf, 0

    def take(self, trouble: Trouble) -> None:
        """Hand a trouble on, or count it only."""
        if trouble.logger == tracker.BROWSER:
            if (now := clock.monotonic()) - self._minute >= 60:
                self._minute, self._left = now, BROWSERS_A_MINUTE
            if self._left == 0:
                self._counters.add("mainstay_errors_dropped_total", reason="browsers")
                return
            self._left -= 1
        self._take(trouble)


def _resource(program: Program, environment: str, role: str) -> dict[str, str]:
    """Return who is traced; the names are OpenTelemetry's (semantic conventions, resource attributes)."""
    return {
        "service.name": program.name,
        "service.version": program.version,
        "service.instance.id": f"{gethostname()}-{os.getpid()}",
        "deployment.environment.name": environment,
        "mainstay.role": role,
    }


def _spans(settings: TraceSettings, url: str, resource: dict[str, str], counters: Counters) -> Exporter[Span]:
    headers = (("Content-Type", otlp.CONTENT_TYPE), *settings.pairs())
    target = Target("spans", url, headers, settings.seconds, settings.queue, BATCH)
    return Exporter(target, partial(otlp.packed, resource), counters)


def _errors(settings: ErrorSettings, place: Place, source: Source, counters: Counters) -> Exporter[Trouble]:
    # An envelope holds one.
    target = Target("errors", place.url, place.headers, ERROR_SECONDS, settings.queue, 1)
    return Exporter(target, lambda batch: tracker.envelope(source, batch[0]), counters)
