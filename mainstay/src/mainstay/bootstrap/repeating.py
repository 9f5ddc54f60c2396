"""What a process does again and again beside its work, more rarely as long as it fails, and once more in its end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from mainstay.observe.gathering import aside


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between two times, at most between two that fail, and that the end of the process waits for the last."""

    pause: float
    longest: float
    stop: float


@asynccontextmanager
async def repeated(act: Callable[[], Awaitable[bool]], name: str, pace: Pace) -> AsyncIterator[None]:
    """Do something again and again inside the block, more rarely as long as it says False, and once more in the end.

    No error of it is gathered: keeping what is counted must make nothing to keep.
    """
    stopping = asyncio.Event()

    async def repeat() -> None:
        pause = pace.pause
        with aside():
            while not stopping.is_set():
                with suppress(TimeoutError):  # the pause is over and nobody wants to stop
                    async with asyncio.timeout(pause):
                        await stopping.wait()
                pause = pace.pause if await act() else min(pause * 2, pace.longest)
            # What came while the last one was written.
            await act()

    task = asyncio.create_task(repeat(), name=name)
    try:
        yield
    finally:
        stopping.set()
        await asyncio.wait({task}, timeout=pace.stop)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
