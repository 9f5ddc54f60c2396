"""Keeping a process's errors in the program's own database: beside its work, at most once a second, and each once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from socket import gethostname
from typing import Final, Literal

import structlog

from mainstay.bootstrap.program import Program
from mainstay.bootstrap.repeating import Pace, repeated
from mainstay.errors import ServiceUnavailable
from mainstay.observe import troubles
from mainstay.observe.counters import Counters
from mainstay.observe.gathering import HEARD, LOST, PARENT, WRITTEN, Batch, Gatherer, Origin
from mainstay.observe.spool import Spool
from mainstay.observe.tracker import ErrorSettings
from mainstay.settings import Configuration, CoreSettings
from mainstay.web.failures import problem_of
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

Keep = Callable[[UnitOfWork, Batch], Awaitable[None]]
# What became of a batch: it waits while the database is away, and is refused by one that is there.
Outcome = Literal["kept", "waits", "refused"]

PAUSE = 1.0
LONGEST_PAUSE = 30.0
# Seconds that one write may take, and that the end of a process waits for the last one.
PATIENCE = 10.0
STOP_SECONDS = 3.0
# A batch that a database which is there refuses so often is given up.
TRIES: Final = 10
# Characters of a reason.
LONGEST: Final = 200
# Which part of the program writes what others have left.
TAKES_UP: Final = "worker"

logger = structlog.stdlib.get_logger(__name__)


@asynccontextmanager
async def gathering(
    program: Program, configuration: Configuration, open_work: WorkOpener, counters: Counters, role: str
) -> AsyncIterator[None]:
    """Keep inside the block the errors of this process, if a module of the program keeps any."""
    keep = next((module.keep_errors for module in program.modules if module.keep_errors is not None), None)
    if keep is None:
        yield
        return
    settings = configuration.find(ErrorSettings) or ErrorSettings()
    gatherer = Gatherer(Origin.of(role, program.version, gethostname()), counters, settings.queue)
    keeper = Keeper(gatherer, keep, open_work)
    spool = Spool.of(configuration.of(CoreSettings).data_dir)
    with troubles.heard(gatherer.take):
        async with keeper.running(spool):
            if role != TAKES_UP:
                yield
                return
            async with taking_up(spool, program.version, keeper, counters):
                yield


class Keeper:
    """Writes what a gatherer has, again until it is written: what happens while the database is away waits for it."""

    def __init__(self, gatherer: Gatherer, keep: Keep, open_work: WorkOpener) -> None:
        self._gatherer, self._keep, self._open_work = gatherer, keep, open_work
        self._tries = 0

    @asynccontextmanager
    async def running(self, spool: Spool) -> AsyncIterator[None]:
        """Write inside the block, and in the end what is left, for a few seconds at most.

        What cannot be written by then is left in `spool`.
        """
        async with repeated(self.write, "keep errors", _pace()):
            yield
        while (left := self._gatherer.batch()) is not None:
            is_left = await asyncio.to_thread(spool.leave, left)
            logger.warning("errors", outcome="left" if is_left else "lost", count=sum(left.counts().values()))
            if is_left:
                self._gatherer.handed_on()
            else:
                self._gatherer.settled(lost_by="ended")

    async def write(self) -> bool:
        """Write one batch, if there is one; say whether all is well."""
        batch = self._gatherer.batch()
        if batch is None:
            return True
        outcome = await self.kept(batch)
        if outcome != "waits":
            self._gatherer.settled(lost_by=None if outcome == "kept" else outcome)
        return outcome == "kept"

    async def kept(self, batch: Batch) -> Outcome:
        """Write a batch, and return what became of it. No failure of it is anybody's error."""
        try:
            async with asyncio.timeout(PATIENCE), self._open_work(SYSTEM) as uow:
                await self._keep(uow, batch)
        except Exception as failure:  # noqa: BLE001  whatever it is, the process goes on
            return self._failed(failure)
        if self._tries:
            logger.info("errors", outcome="kept again")
        self._tries = 0
        return "kept"

    def _failed(self, failure: Exception) -> Outcome:
        self._tries += 1
        if self._tries == 1:
            logger.warning("errors", outcome="waiting", reason=repr(failure)[:LONGEST])
        if isinstance(problem_of(failure), ServiceUnavailable) or self._tries < TRIES:
            return "waits"
        logger.warning("errors", outcome="given up", reason=repr(failure)[:LONGEST])
        self._tries = 0
        return "refused"


@asynccontextmanager
async def taking_up(spool: Spool, release: str, keeper: Keeper, counters: Counters) -> AsyncIterator[None]:
    """Write inside the block what others have left on this machine, one batch at a time and in its order."""

    async def take_up() -> bool:
        found = await asyncio.to_thread(spool.oldest, release)
        if found is None:
            return True
        outcome = await keeper.kept(found.batch)
        if outcome == "waits":
            return False
        await asyncio.to_thread(found.remove)
        for role, count in found.batch.counts().items():
            if role == PARENT:
                counters.add(HEARD, count, role=role)
            if outcome == "kept":
                counters.add(WRITTEN, count, role=role)
            else:
                counters.add(LOST, count, role=role, reason=outcome)
        return True

    async with repeated(take_up, "take up errors", _pace()):
        yield


def _pace() -> Pace:
    return Pace(PAUSE, LONGEST_PAUSE, STOP_SECONDS)
