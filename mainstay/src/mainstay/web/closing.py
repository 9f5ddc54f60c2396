"""Closing: the moment when the program is told to stop, so that open streams end and the server can."""

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

from starlette.requests import Request

Item = TypeVar("Item")
SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Closing:
    """Becomes set once, for good.

    The server waits for every reply to end before it tells the application to shut down; a stream that never ends
    would hold it up for ever. So the application hears the signal itself, before the server's own handler does.
    """

    def __init__(self) -> None:
        self._event = asyncio.Event()

    @property
    def is_set(self) -> bool:
        """Whether the program is about to stop."""
        return self._event.is_set()

    def set(self) -> None:
        """Begin to stop: streams end, and readiness says no; call it on the event loop."""
        self._event.set()

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Inside the block, the signals that end the program set this, and then reach whoever handled them before."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        loop = asyncio.get_running_loop()
        before = {number: signal.getsignal(number) for number in SIGNALS}

        def hear(number: int, frame: FrameType | None) -> None:
            loop.call_soon_threadsafe(self._event.set)
            handler = before[signal.Signals(number)]
            if callable(handler):
                handler(number, frame)
            elif handler == signal.SIG_DFL:
                signal.signal(number, signal.SIG_DFL)
                signal.raise_signal(number)

        for number in SIGNALS:
            signal.signal(number, hear)
        try:
            yield
        finally:
            for number, handler in before.items():
                if handler is not None:  # None: it was set outside Python and cannot be put back
                    signal.signal(number, handler)

    async def wait(self) -> None:
        """Return when the program is about to stop."""
        await self._event.wait()


async def until_closing(request: Request, items: AsyncIterator[Item]) -> AsyncIterator[Item]:
    """Yield what `items` yields until it ends or the program is about to stop; then `items` is closed.

    For routes that stream: `async for today in until_closing(request, watch(…)): yield ServerSentEvent(…)`. FastAPI
    sends a comment every 15 seconds in between, and closes the generator when the caller goes away.
    """
    closing: Closing = request.app.state.closing
    stop = asyncio.create_task(closing.wait())
    step: asyncio.Task[Item] | None = None
    try:
        while not closing.is_set:
            step = asyncio.ensure_future(anext(items))
            await asyncio.wait({step, stop}, return_when=asyncio.FIRST_COMPLETED)
            if not step.done():
                break
            try:
                item = step.result()
            except StopAsyncIteration:
                break
            yield item
    finally:
        await _end(*(task for task in (stop, step) if task is not None))
        if hasattr(items, "aclose"):
            await items.aclose()


async def _end(*tasks: asyncio.Task[Item] | asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
