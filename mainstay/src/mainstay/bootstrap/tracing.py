"""The traces of a process: sent to the collector of the settings; without one nothing of it exists."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from socket import gethostname
from typing import Self

from mainstay.bootstrap.program import Program
from mainstay.net.span_export import SpanExporter, TraceSettings
from mainstay.observe.counters import Counters
from mainstay.observe.traces import Tracer
from mainstay.settings import Configuration, CoreSettings


@dataclass(frozen=True, slots=True)
class Traces:
    """What begins traces in a process, and what sends them; both or neither."""

    tracer: Tracer | None = None
    exporter: SpanExporter | None = None

    @classmethod
    def of(cls, program: Program, configuration: Configuration, counters: Counters, role: str) -> Self:
        """Return them by the settings, for the process that is the `role` of `program`."""
        settings = configuration.of(TraceSettings)
        if settings.url is None:
            return cls()
        # The names are OpenTelemetry's (semantic conventions, resource attributes).
        resource = {
            "service.name": program.name,
            "service.version": program.version,
            "service.instance.id": f"{gethostname()}-{os.getpid()}",
            "deployment.environment.name": configuration.of(CoreSettings).environment,
            "mainstay.role": role,
        }
        exporter = SpanExporter(settings, settings.url, resource, counters)
        return cls(Tracer(settings.ratio, exporter.take), exporter)

    @asynccontextmanager
    async def sent(self) -> AsyncIterator[None]:
        """Send inside the block what is traced, and at its end what is left."""
        if self.exporter is None:
            yield
        else:
            async with self.exporter.running():
                yield
