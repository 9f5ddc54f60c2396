"""What a process tells of itself beyond its log: traces to a collector and errors to a tracker, where one is set."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from socket import gethostname
from typing import Self

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


@dataclass(frozen=True, slots=True)
class Telling:
    """What begins the traces of a process, if anything does, and what sends them and its errors."""

    tracer: Tracer | None = None
    spans: Exporter[Span] | None = None
    errors: Exporter[Trouble] | None = None

    @classmethod
    def of(cls, program: Program, configuration: Configuration, counters: Counters, role: str) -> Self:
        """Return it by the settings, for the process that is the `role` of `program`."""
        traced, gathered = configuration.of(TraceSettings), configuration.of(ErrorSettings)
        environment = configuration.of(CoreSettings).environment
        spans = errors = tracer = None
        if traced.url is not None:
            spans = _spans(traced, traced.url, _resource(program, environment, role), counters)
            tracer = Tracer(traced.ratio, spans.take, follows=traced.follow)
        if gathered.dsn is not None:
            source = Source(f"{program.name}@{program.version}", environment, gethostname(), role)
            errors = _errors(gathered, Place.of(gathered.dsn.get_secret_value()), source, counters)
        return cls(tracer, spans, errors)

    @asynccontextmanager
    async def sent(self) -> AsyncIterator[None]:
        """Send inside the block what there is to tell, and at its end what is left."""
        async with AsyncExitStack() as stack:
            if self.spans is not None:
                await stack.enter_async_context(self.spans.running())
            if self.errors is not None:
                await stack.enter_async_context(self.errors.running())
                stack.enter_context(troubles.heard(self.errors.take))
            yield


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
