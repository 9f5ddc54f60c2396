"""Keeping what is steered, flags and log levels, as the database has it: told of changes, and looking besides."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

import structlog
from openfeature import api as openfeature

from mainstay.bootstrap.program import Program
from mainstay.bootstrap.steering import Steering
from mainstay.db.engine import DatabaseSettings
from mainstay.db.lease import BROKEN
from mainstay.db.listening import listening
from mainstay.flags.provider import FlagsProvider
from mainstay.flags.state import Flags
from mainstay.settings import Configuration
from mainstay.setup import LevelsKept, Steered
from mainstay.web.errors import InternalError
from mainstay.web.failures import problem_of
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

# Seconds that a start waits for the first look, so that a process does not write before it knows that nobody may.
FIRST_PATIENCE: Final = 5.0
# Seconds between two looks where word comes at once, and where it does not.
SLOW_LOOK: Final = 5.0
QUICK_LOOK: Final = 0.5

logger = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Followed:
    """What is kept current: what it is called, the channel on which changes are told, and what reads it once."""

    name: str
    channel: str
    look: Callable[[UnitOfWork], Awaitable[None]]


@asynccontextmanager
async def following(
    program: Program, configuration: Configuration, url: str, open_work: WorkOpener, steering: Steering | None = None
) -> AsyncIterator[None]:
    """Keep current inside the block what modules of the program steer: flags, and what loggers write."""
    follower = Follower(_followed(program, open_work, steering), open_work)
    if not follower.channels:
        yield
        return
    if steering is not None:
        steering.look = follower.look
    with suppress(TimeoutError):  # it serves all the same, and looks again at once
        async with asyncio.timeout(FIRST_PATIENCE):
            await follower.look()
    tasks = [
        asyncio.create_task(follower.keep_looking(), name="look at what is steered"),
        asyncio.create_task(
            follower.listen(configuration.of(DatabaseSettings), url), name="listen for what is steered"
        ),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _followed(program: Program, open_work: WorkOpener, steering: Steering | None) -> Iterator[Followed]:
    for module in program.modules:
        if module.steered is not None:
            # Whoever uses OpenFeature's client, by the name of the program, is given the same flags.
            openfeature.set_provider_and_wait(FlagsProvider(open_work.setup.flags), domain=program.name)
            yield flags_followed(module.steered, open_work.setup.flags)
        if module.levels is not None and steering is not None:
            yield levels_followed(module.levels, steering)


def flags_followed(steered: Steered, flags: Flags) -> Followed:
    """Return what keeps flags as they are steered."""

    async def look(uow: UnitOfWork) -> None:
        known, trials = await steered.read(uow)
        if flags.steer(known, trials):
            logger.info("flags", steered=len(known), experiments=len(trials))

    return Followed("flags", steered.channel, look)


def levels_followed(kept: LevelsKept, steering: Steering) -> Followed:
    """Return what has loggers write as much as is wanted."""

    async def look(uow: UnitOfWork) -> None:
        steering.hold(await kept.read(uow))

    return Followed("log levels", kept.channel, look)


class Follower:
    """Reads what is steered when it is told to, and every now and then without being told."""

    def __init__(self, followed: Iterable[Followed], open_work: WorkOpener) -> None:
        self._followed, self._open_work = tuple(followed), open_work
        self._wake, self._turn = asyncio.Event(), asyncio.Lock()
        self._is_told = False

    @property
    def channels(self) -> list[str]:
        """Return the channels on which changes are told."""
        return [each.channel for each in self._followed]

    async def look(self) -> None:
        """Read all once; a database that is away, or has no tables yet, leaves things as they were."""
        # In turn: what was read earlier must not come to hold later.
        async with self._turn:
            for each in self._followed:
                await self._look(each)

    async def _look(self, followed: Followed) -> None:
        try:
            async with self._open_work(SYSTEM) as uow:
                await followed.look(uow)
        except Exception as failure:
            problem = problem_of(failure)
            if isinstance(problem, InternalError):
                # Such as migrations that are still to come, or a rule that only a newer version can read.
                logger.exception("what is steered was not read", about=followed.name)
            else:
                reason = repr(failure)
                logger.warning("what is steered was not read", about=followed.name, code=problem.code, reason=reason)

    async def keep_looking(self) -> None:
        """Look for ever: when told, and after a while."""
        while True:
            with suppress(TimeoutError):  # nobody said anything
                async with asyncio.timeout(SLOW_LOOK if self._is_told else QUICK_LOOK):
                    await self._wake.wait()
            self._wake.clear()
            await self.look()

    async def listen(self, settings: DatabaseSettings, url: str) -> None:
        """Listen for ever; what was said while nobody listened is read after each connection."""
        first, *others = self.channels
        while True:
            try:
                async with listening(settings, url, first, self._wake.set, others) as listener:
                    self._is_told = listener.is_proven
                    self._wake.set()
                    await listener.ended()
            except BROKEN as failure:
                logger.warning("nobody tells what is steered", reason=repr(failure), next_try_s=SLOW_LOOK)
            finally:
                self._is_told = False
            await asyncio.sleep(SLOW_LOOK)
