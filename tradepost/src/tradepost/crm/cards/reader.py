"""Reads photos in worker processes, so that neither the event loop nor the program's memory feels it."""

import asyncio
import multiprocessing
import resource
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from types import TracebackType
from typing import TYPE_CHECKING, Self

from mainstay.observe.logs import configure_logging
from tradepost.crm.cards.limits import Bounds, Limits
from tradepost.crm.cards.reading import CardReading
from tradepost.crm.cards.refusal import ReadingStopped

if TYPE_CHECKING:
    from tradepost.crm.cards.engines.chain import Chain


class CardReader:
    """A pool of worker processes; start it with `async with`. The engines are loaded in the workers only."""

    def __init__(self, bounds: Bounds | None = None, limits: Limits | None = None) -> None:
        self._bounds, self._limits = bounds or Bounds(), limits or Limits()
        self._pool: ProcessPoolExecutor | None = None

    async def __aenter__(self) -> Self:
        self._pool = self._open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self._close, wait=True)

    async def read_cards(self, image: bytes) -> list[CardReading]:
        """Return a reading for each card of a photo. Raises PictureRefused and ReadingStopped."""
        if self._pool is None:
            raise ReadingStopped("The reader of cards is not running.")
        pool = self._pool
        task = asyncio.get_running_loop().run_in_executor(pool, read_here, image, self._limits)
        try:
            return await asyncio.wait_for(task, self._bounds.seconds)
        except TimeoutError as error:
            self._renew(pool)
            raise ReadingStopped("Reading this picture took too long; try a smaller or clearer one.") from error
        except (BrokenProcessPool, MemoryError) as error:
            self._renew(pool)
            raise ReadingStopped("Reading this picture ended early for want of memory; try a smaller one.") from error

    async def engines(self) -> str:
        """Return names and versions of the engines in use: the part of a cache key that is not the image."""
        if self._pool is None:
            raise ReadingStopped("The reader of cards is not running.")
        return await asyncio.get_running_loop().run_in_executor(self._pool, engines_here)

    def _open(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self._bounds.workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=prepare_worker,
            initargs=(self._bounds.memory,),
            max_tasks_per_child=self._bounds.pictures,
        )

    def _renew(self, broken: ProcessPoolExecutor) -> None:
        """End the workers of a pool in which one hangs or died, and start others; once for all who noticed."""
        if self._pool is broken:
            self._close(wait=False)
            self._pool = self._open()

    def _close(self, *, wait: bool) -> None:
        if self._pool is None:
            return
        workers = list((self._pool._processes or {}).values())  # noqa: SLF001 - the pool has no public way to end a worker that hangs
        self._pool.shutdown(wait=wait, cancel_futures=True)
        for worker in workers:
            if worker.is_alive():
                worker.kill()
        self._pool = None


async def read_cards(
    images: Sequence[bytes], bounds: Bounds | None = None, limits: Limits | None = None
) -> list[list[CardReading]]:
    """Return the readings of each photo, with a reader of its own. Raises what `CardReader.read_cards` raises."""
    async with CardReader(bounds, limits) as reader:
        return [await reader.read_cards(image) for image in images]


def prepare_worker(most: int) -> None:
    """Let this process take no more memory than `most` bytes (more ends in MemoryError), and log as the program does.

    Standard output is the answer of a command, so that a worker's log goes to standard error.
    """
    configure_logging("warning", sys.stderr.buffer)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


@cache
def _chain() -> "Chain":
    """Load the engines, once in a worker; the libraries weigh hundreds of megabytes, so that nobody else does."""
    from tradepost.crm.cards.engines.installed import installed_chain  # noqa: PLC0415 - only worker processes load it

    return installed_chain()


def read_here(image: bytes, limits: Limits) -> list[CardReading]:
    """Read a photo in this process. Raises PictureRefused and ReadingStopped."""
    from tradepost.crm.cards.engines.port import EngineFailed  # noqa: PLC0415 - only worker processes load it
    from tradepost.crm.cards.pipeline import read_photo  # noqa: PLC0415 - only worker processes load it

    try:
        return read_photo(image, _chain(), limits)
    except EngineFailed as error:
        raise ReadingStopped(f"No engine of text recognition could read this picture: {error}") from error


def engines_here() -> str:
    """Return names and versions of the engines that this process reads with."""
    return _chain().version
