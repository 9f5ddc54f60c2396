"""Runs the loops of a program beside its jobs, each begun anew when it fails."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Final

import structlog

from mainstay.messages.job import Loop
from mainstay.work import WorkOpener

logger = structlog.stdlib.get_logger(__name__)

SHORTEST_PAUSE: Final = 0.2
LONGEST_PAUSE: Final = 5.0
# Seconds that a loop has to come to its end.
STOP_PATIENCE: Final = 10.0


@asynccontextmanager
async def running(loops: Iterable[Loop], open_work: WorkOpener) -> AsyncIterator[None]:
    """Run `loops` inside the block."""
    stopping = asyncio.Event()
    tasks = [asyncio.create_task(_keep(loop, open_work, stopping), name=loop.name) for loop in loops]
    try:
        yield
    finally:
        stopping.set()
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=STOP_PATIENCE)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _keep(loop: Loop, open_work: WorkOpener, stopping: asyncio.Event) -> None:
    pause = SHORTEST_PAUSE
    while not stopping.is_set():
        try:
            await loop.run(open_work, stopping)
        except Exception as failure:  # noqa: BLE001 - whatever it is, the next round may go well
            logger.warning("loop", loop=loop.name, outcome="failed", reason=repr(failure)[:300], next_try_s=pause)
        else:
            return
        with suppress(TimeoutError):  # the pause is over and nobody wants to stop
            async with asyncio.timeout(pause):
                await stopping.wait()
        pause = min(pause * 2, LONGEST_PAUSE)
