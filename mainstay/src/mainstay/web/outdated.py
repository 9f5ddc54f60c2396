"""Operations that are going away: their callers are told with each reply, counted, and known by who they are."""

from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import BigInteger, Text, func
from sqlalchemy.orm import Mapped, mapped_column
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mainstay import clock
from mainstay.db.lease import BROKEN
from mainstay.db.models import Base
from mainstay.errors import ServiceUnavailable
from mainstay.observe.counters import Counters
from mainstay.web.routing import Edge
from mainstay.web.versions import Outdated
from mainstay.work import SYSTEM, Actor, Row, UnitOfWork

CALLS = "mainstay_outdated_calls_total"
# Seconds in which a caller's further calls are gathered before they are written down; those at a crash are lost.
GATHERED = 60.0
NOTE = """
INSERT INTO mainstay_outdated_use AS present (operation, caller, calls) VALUES ($1, $2, $3)
ON CONFLICT (operation, caller) DO UPDATE SET calls = present.calls + excluded.calls, last_at = now()
"""
USES = "SELECT operation, caller, calls, first_at, last_at FROM mainstay_outdated_use ORDER BY last_at DESC, caller"

logger = structlog.stdlib.get_logger(__name__)


class OutdatedUse(Base):
    """That a caller (`person:…`, `service:…`, `anonymous`) has called an operation that is going away."""

    __tablename__ = "mainstay_outdated_use"

    operation: Mapped[str] = mapped_column(Text, primary_key=True)
    caller: Mapped[str] = mapped_column(Text, primary_key=True)
    calls: Mapped[int] = mapped_column(BigInteger)
    first_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_at: Mapped[datetime] = mapped_column(server_default=func.now())


@dataclass(slots=True)
class _Gathered:
    calls: int
    written_at: float


class OutdatedOperation:
    """Serves one such operation, as the application in it does."""

    def __init__(self, app: ASGIApp, name: str, outdated: Outdated) -> None:
        self._app = app
        self._name = name
        self._outdated = outdated
        # By caller: there are as many as have been let in.
        self._gathered: dict[str, _Gathered] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        told = self._outdated.headers(scope["path_params"])

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *told]
            await send(message)

        await self._app(scope, receive, send_told)
        # Who was refused, by an exception, has not used it.
        counters: Counters = scope["app"].state.counters
        counters.add(CALLS, operation=self._name)
        await self._note(scope["app"].state.edge, _caller(scope.get("actor")))

    async def _note(self, edge: Edge, caller: str) -> None:
        """Write down who called, at once for the first call and then once a minute."""
        now = clock.monotonic()
        gathered = self._gathered.setdefault(caller, _Gathered(0, -GATHERED))
        gathered.calls += 1
        if now - gathered.written_at < GATHERED:
            return
        calls, gathered.calls, gathered.written_at = gathered.calls, 0, now
        try:
            async with edge.open_work(SYSTEM) as uow:
                await uow.write(NOTE, self._name, caller, calls)
        except (ServiceUnavailable, *BROKEN) as failure:
            gathered.calls += calls
            logger.warning("the caller of an outdated operation was not written down", reason=str(failure))


async def uses(uow: UnitOfWork) -> list[Row]:
    """Return who has called which operation that is going away: how often, from when to when."""
    return await uow.read(USES)


def _caller(actor: Actor | None) -> str:
    return "anonymous" if actor is None or actor.id is None else f"{actor.kind}:{actor.id}"
