"""Keeping what an API process counted against its promises in the database: once a minute, and in its end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

import structlog
from pydantic import JsonValue

from mainstay.bootstrap.program import Program
from mainstay.bootstrap.repeating import Pace, repeated
from mainstay.observe.counters import Counters
from mainstay.observe.peers import Content, Peers
from mainstay.observe.promises import Step, Steps
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

SUBJECT: Final = "steps"
# Seconds between two writes, and at most between two that fail: what a killed process loses.
PAUSE = 60.0
LONGEST_PAUSE = 300.0
# Seconds that one write may take, and that the end of a process waits for the last one.
PATIENCE = 10.0
STOP_SECONDS = 3.0

Keep = Callable[[UnitOfWork, UUID, Sequence[Step]], Awaitable[None]]

logger = structlog.stdlib.get_logger(__name__)


class Promising:
    """Writes what this process counted, and tells its peers what is not written yet."""

    def __init__(self, peers: Peers, counters: Counters) -> None:
        self._steps = Steps(counters)
        peers.answers[SUBJECT] = self._answer

    @asynccontextmanager
    async def kept(self, program: Program, open_work: WorkOpener) -> AsyncIterator[None]:
        """Write inside the block, if a module of the program keeps it."""
        keep = next((module.keep_steps for module in program.modules if module.keep_steps is not None), None)
        if keep is None:
            yield
            return

        async def write() -> bool:
            return await self.write(keep, open_work)

        async with repeated(write, "keep what is promised", Pace(PAUSE, LONGEST_PAUSE, STOP_SECONDS)):
            yield

    async def write(self, keep: Keep, open_work: WorkOpener) -> bool:
        """Write once what is not written; say whether that went well. What did not is written the next time."""
        steps = self._steps.unkept()
        if not steps:
            return True
        try:
            async with asyncio.timeout(PATIENCE), open_work(SYSTEM) as uow:
                await keep(uow, self._steps.writer, steps)
        except Exception as failure:  # noqa: BLE001  whatever it is, the process goes on
            logger.warning("promises", outcome="waiting", reason=repr(failure)[:200])
            return False
        self._steps.settled(steps)
        return True

    async def _answer(self, _question: Content) -> Content:
        told: list[JsonValue] = [[each.began_at.isoformat(), *each.counts] for each in self._steps.missing()]
        return {"steps": told}
