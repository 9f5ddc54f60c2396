"""Reads photos in worker processes, so that neither the event loop nor the program's memory feels it."""

import asyncio
import multiprocessing
import multiprocessing.connection
import os
import resource
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import asynccontextmanager
from functools import cache, partial
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self, TypeVar

import structlog

from mainstay.observe.logs import configure_logging
from tradepost.crm.cards.asking import FarEnd, NearEnd, Vision
from tradepost.crm.cards.limits import Bounds, Limits
from tradepost.crm.cards.reading import CardReading
from tradepost.crm.cards.refusal import PictureRefused, ReadingStopped
from tradepost.crm.cards.results import Measured, Shown

if TYPE_CHECKING:
    from tradepost.crm.cards.engines.chain import Chain

Answer = TypeVar("Answer")
# The line of this process, if it is a worker and has one.
_LINES: Final[list[FarEnd]] = []

logger = structlog.stdlib.get_logger(__name__)


class CardReader:
    """Worker processes that read photos; start it with `async with`. The engines are loaded in the workers only.

    Each worker is a pool of its own and has one photo at a time: what waits has not begun, its time does not run, and
    a photo that takes its worker down takes no other with it. With `vision` a worker may ask it over a line to here.
    """

    def __init__(
        self, bounds: Bounds | None = None, limits: Limits | None = None, vision: Vision | None = None
    ) -> None:
        self._bounds, self._limits, self._vision = bounds or Bounds(), limits or Limits(), vision
        self._pools: dict[int, ProcessPoolExecutor] = {}
        self._lines: dict[int, tuple[NearEnd, socket.socket]] = {}
        # The one that was used last comes first, so that engines are loaded in no more workers than are needed.
        self._free: asyncio.LifoQueue[int] = asyncio.LifoQueue()
        self._is_open = False

    async def __aenter__(self) -> Self:
        self._is_open = True
        for place in reversed(range(self._bounds.workers)):
            self._free.put_nowait(place)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_open = False
        # What is still being read is of no use to anybody any more.
        is_idle = self._free.qsize() == self._bounds.workers
        for place in list(self._pools):
            await asyncio.to_thread(self._end, place, wait=is_idle)

    async def read_cards(self, image: bytes) -> list[CardReading]:
        """Return a reading for each card of a photo. Raises PictureRefused and ReadingStopped."""
        return (await self.measure(image)).readings

    async def measure(self, image: bytes) -> Measured:
        """Return a reading for each card of a photo, and the time it took. Raises PictureRefused and ReadingStopped."""
        return await self._in_worker(measure_here, image, self._limits)

    async def show(self, image: bytes) -> Shown:
        """Return what is shown of a photo. Raises PictureRefused and ReadingStopped."""
        return await self._in_worker(show_here, image, self._limits)

    async def engines(self) -> str:
        """Return names and versions of the engines in use: the part of a cache key that is not the image."""
        return await self._in_worker(engines_here)

    async def _in_worker(self, work: Callable[..., Answer], *arguments: object) -> Answer:
        """Have a worker do it as soon as one is free. Raises what it raises, and ReadingStopped."""
        if not self._is_open:
            raise ReadingStopped("The reader of cards is not running.")
        place = await self._free.get()
        is_well = False
        try:
            if place not in self._pools:
                self._pools[place] = await self._open(place)
            task = asyncio.get_running_loop().run_in_executor(self._pools[place], work, *arguments)
            async with self._answering(place):
                async with asyncio.timeout(self._bounds.seconds):
                    answer = await task
            is_well = True
        except (PictureRefused, ReadingStopped):
            is_well = True
            raise
        except TimeoutError as error:
            raise ReadingStopped("Reading this picture took too long; try a smaller or clearer one.") from error
        except (BrokenProcessPool, MemoryError) as error:
            raise ReadingStopped("Reading this picture ended early for want of memory; try a smaller one.") from error
        finally:
            # A worker that hangs or died is of no use; neither is one whose work nobody waits for any more.
            if not is_well:
                self._end(place, wait=False)
            self._free.put_nowait(place)
        return answer

    @asynccontextmanager
    async def _answering(self, place: int) -> AsyncIterator[None]:
        """Have what a worker asks of the service outside answered inside the block, as part of what asked for it."""
        if self._vision is None:
            yield
            return
        serving = asyncio.create_task(self._vision.serve(self._lines[place][0]), name="answer a reader of cards")
        try:
            yield
        finally:
            serving.cancel()
            (ended,) = await asyncio.gather(serving, return_exceptions=True)
            if isinstance(ended, Exception):
                logger.error("cards.line", outcome="broken", exc_info=ended)

    async def _open(self, place: int) -> ProcessPoolExecutor:
        """Return a pool of one worker, which starts with its first work, and lay its line."""
        line: tuple[socket.socket, float] | tuple[()] = ()
        if self._vision is not None:
            near, far = socket.socketpair()
            self._lines[place] = NearEnd(*await asyncio.open_unix_connection(sock=near)), far
            line = far, self._vision.access.seconds
        return ProcessPoolExecutor(
            1,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=partial(prepare_worker, self._bounds.memory, *line),
            max_tasks_per_child=self._bounds.pictures,
        )

    def _end(self, place: int, *, wait: bool) -> None:
        pool = self._pools.pop(place, None)
        if pool is None:
            return
        line = self._lines.pop(place, None)
        workers = list((pool._processes or {}).values())  # noqa: SLF001 - the pool has no public way to end a worker that hangs
        pool.shutdown(wait=wait, cancel_futures=True)
        for worker in workers:
            if worker.is_alive():
                worker.kill()
        if line is not None:
            line[0].writer.close()
            line[1].close()


async def read_cards(
    images: Sequence[bytes], bounds: Bounds | None = None, limits: Limits | None = None
) -> list[list[CardReading]]:
    """Return the readings of each photo, with a reader of its own. Raises what `CardReader.read_cards` raises."""
    async with CardReader(bounds, limits) as reader:
        return [await reader.read_cards(image) for image in images]


def prepare_worker(most: int, end: socket.socket | None = None, seconds: float = 0.0) -> None:
    """Let this process take no more memory than `most` bytes (more ends in MemoryError), and log as the program does.

    Standard output is the answer of a command, so that a worker's log goes to standard error. The process ends with
    its parent, however that ends, and leaves Ctrl C to it. At the other side of `end` the program answers questions to
    the service outside, each within `seconds`.
    """
    if end is not None:
        _LINES.append(FarEnd(end, seconds))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    configure_logging("warning", sys.stderr.buffer)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


@cache
def _chain() -> "Chain":
    """Load the engines, once in a worker; the libraries weigh hundreds of megabytes, so that nobody else does."""
    from tradepost.crm.cards.engines.installed import installed_chain  # noqa: PLC0415 - only worker processes load it

    return installed_chain(_LINES[0] if _LINES else None)


def read_here(image: bytes, limits: Limits) -> list[CardReading]:
    """Read a photo in this process. Raises PictureRefused and ReadingStopped."""
    from tradepost.crm.cards.engines.port import EngineFailed  # noqa: PLC0415 - only worker processes load it
    from tradepost.crm.cards.pipeline import read_photo  # noqa: PLC0415 - only worker processes load it

    try:
        return read_photo(image, _chain(), limits)
    except EngineFailed as error:
        raise ReadingStopped(f"No engine of text recognition could read this picture: {error}") from error


def measure_here(image: bytes, limits: Limits) -> Measured:
    """Read a photo in this process and measure it. Raises PictureRefused and ReadingStopped."""
    _chain()
    began = sum(os.times()[:4])
    readings = read_here(image, limits)
    # Programs that engines start are counted when they have ended.
    return Measured(readings, round((sum(os.times()[:4]) - began) * 1000))


def show_here(image: bytes, limits: Limits) -> Shown:
    """Make what is shown of a photo in this process. Raises PictureRefused."""
    from tradepost.crm.cards.showing import show  # noqa: PLC0415 - only worker processes load it

    return show(image, limits)


def engines_here() -> str:
    """Return names and versions of the engines that this process reads with."""
    return _chain().version
