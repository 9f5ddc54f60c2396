"""Keeping the flags of a process as they are in the database: told of changes, and looking by itself besides."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import structlog
from openfeature import api as openfeature

from mainstay.bootstrap.program import Program
from mainstay.db.engine import DatabaseSettings
from mainstay.db.lease import BROKEN
from mainstay.db.listening import listening
from mainstay.flags.provider import FlagsProvider
from mainstay.settings import Configuration
from mainstay.setup import Steered
from mainstay.web.errors import InternalError
from mainstay.web.failures import problem_of
from mainstay.work import SYSTEM, WorkOpener

# Seconds that a start waits for the first look, so that a process does not write before it knows that nobody may.
FIRST_PATIENCE: Final = 5.0
# Seconds between two looks where word comes at once, and where it does not.
SLOW_LOOK: Final = 5.0
QUICK_LOOK: Final = 0.5

logger = structlog.stdlib.get_logger(__name__)


@asynccontextmanager
async def following(
    program: Program, configuration: Configuration, url: str, open_work: WorkOpener
) -> AsyncIterator[None]:
    """Keep the flags of `open_work` current inside the block, if a module of the program steers them."""
    steered = next((module.steered for module in program.modules if module.steered is not None), None)
    if steered is None:
        yield
        return
    # Whoever uses OpenFeature's client, by the name of the program, is given the same flags.
    openfeature.set_provider_and_wait(FlagsProvider(open_work.setup.flags), domain=program.name)
    follower = Follower(steered, open_work)
    with suppress(TimeoutError):  # it serves all the same, and looks again at once
        await asyncio.wait_for(follower.look(), FIRST_PATIENCE)
    tasks = [
        asyncio.create_task(follower.keep_looking(), name="look at the flags"),
        asyncio.create_task(follower.listen(configuration.of(DatabaseSettings), url), name="listen for flags"),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Follower:
    """Reads how flags are steered when it is told to, and every now and then without being told."""

    def __init__(self, steered: Steered, open_work: WorkOpener) -> None:
        self._steered, self._open_work = steered, open_work
        self._wake = asyncio.Event()
        self._is_told = False

    async def look(self) -> None:
        """Read once; a database that is away, or has no tables yet, leaves the flags as they were."""
        try:
            async with self._open_work(SYSTEM) as uow:
                steering, trials = await self._steered.read(uow)
        except Exception as failure:
            problem = problem_of(failure)
            if isinstance(problem, InternalError):
                # Such as migrations that are still to come, or a rule that only a newer version can read.
                logger.exception("flags were not read")
            else:
                logger.warning("flags were not read", code=problem.code, reason=repr(failure))
        else:
            if self._open_work.setup.flags.steer(steering, trials):
                logger.info("flags", steered=len(steering), experiments=len(trials))

    async def keep_looking(self) -> None:
        """Look for ever: when told, and after a while."""
        while True:
            with suppress(TimeoutError):  # nobody said anything
                await asyncio.wait_for(self._wake.wait(), SLOW_LOOK if self._is_told else QUICK_LOOK)
            self._wake.clear()
            await self.look()

    async def listen(self, settings: DatabaseSettings, url: str) -> None:
        """Listen for ever; what was said while nobody listened is read after each connection."""
        while True:
            try:
                async with listening(settings, url, self._steered.channel, self._wake.set) as listener:
                    self._is_told = listener.is_proven
                    self._wake.set()
                    await listener.ended()
            except BROKEN as failure:
                logger.warning("nobody tells of flags", reason=repr(failure), next_try_s=SLOW_LOOK)
            finally:
                self._is_told = False
            await asyncio.sleep(SLOW_LOOK)
