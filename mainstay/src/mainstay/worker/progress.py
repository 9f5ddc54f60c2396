"""Keeps how far running jobs have come, apart from their transactions, so that people can see it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from mainstay.messages.progress import Progress, in_hand
from mainstay.work import SYSTEM, WorkOpener

logger = structlog.stdlib.get_logger(__name__)

# Seconds between two looks at a job: those that take less leave no trace here.
EVERY = 1.0
# Seconds that the end of a job waits for what is still being written: nobody misses it.
PATIENCE = 1.0
KEEP = """
INSERT INTO mainstay_job_progress (job_id, done, total) VALUES ($1, $2, $3)
ON CONFLICT (job_id) DO UPDATE SET done = excluded.done, total = excluded.total, told_at = now()
"""


class Watch:
    """Looks at one job's progress while it runs, and writes it down where it has changed."""

    def __init__(self, open_work: WorkOpener, job_id: int | None) -> None:
        self.progress = Progress()
        self._open_work = open_work
        self._job_id = job_id
        self._kept: tuple[int, int | None] | None = None
        self._writing: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(EVERY, self._look)

    async def end(self) -> None:
        """Look no more, and write down how far the job came if it was seen before: it may not have been the end."""
        self._timer.cancel()
        if self._writing is None:
            return
        try:
            async with asyncio.timeout(PATIENCE):
                await self._writing
                await self._write()
        except TimeoutError:
            logger.warning("how far a job has come was not kept in time", job_id=self._job_id)

    def _look(self) -> None:
        if self._now() != self._kept and (self._writing is None or self._writing.done()):
            self._writing = asyncio.create_task(self._write(), name="keep the progress of a job")
        self._timer = asyncio.get_running_loop().call_later(EVERY, self._look)

    def _now(self) -> tuple[int, int | None] | None:
        done = self.progress.done
        return None if done is None else (done, self.progress.total)

    async def _write(self) -> None:
        """Write it; that this fails, as it does without a database, is no matter of the job's."""
        now = self._now()
        if now is None or now == self._kept:
            return
        try:
            async with self._open_work(SYSTEM) as uow:
                await uow.write(KEEP, self._job_id, *now)
        except Exception:
            logger.exception("how far a job has come could not be kept", job_id=self._job_id)
        self._kept = now


@asynccontextmanager
async def watched(open_work: WorkOpener, job_id: int | None) -> AsyncIterator[None]:
    """Keep what the job that runs inside the block says of its progress."""
    watch = Watch(open_work, job_id)
    token = in_hand.set(watch.progress)
    try:
        yield
    finally:
        in_hand.reset(token)
        await watch.end()
