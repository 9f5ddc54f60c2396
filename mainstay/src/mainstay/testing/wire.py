"""A TCP line to a server that a test can hold up, swallow and cut, as networks do (Linux)."""

import asyncio
import ctypes
import socket
import struct
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import Self

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Connect = Callable[[], Awaitable[Streams]]

CHUNK = 64 * 1024
# From asm-generic/socket.h; the socket module does not have them.
SO_ATTACH_FILTER = 26
SO_DETACH_FILTER = 27
# A classic BPF program of one instruction, `ret 0`: the kernel drops whatever comes and acknowledges none of it.
NOTHING = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))
FILTER = struct.pack("HP", 1, ctypes.addressof(NOTHING))
# Closing sends a reset: what is under way is lost, and the other side hears of it at once.
AT_ONCE = struct.pack("ii", 1, 0)


class Wire:
    """Lines from a port of this machine to wherever `connect` leads, carried inside the block by a thread of its own.

    All is well at first. What is done to it holds when the call returns.
    """

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._lines: set[_Line] = set()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._is_cut = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="wire", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(asyncio.start_server(self._serve, sock=self._listener), self._loop).result(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def hold(self) -> None:
        """Pass nothing on, of present lines and new ones: the other side takes what it is sent, and says nothing."""
        self._do(self._flowing.clear)

    def swallow(self) -> None:
        """Lose the present lines for ever without telling anybody, and whoever knocks until it is mended."""
        self._do(self._swallow)

    def forget(self, *, is_acknowledged: bool) -> None:
        """Lose the present lines for ever, and none that come: as a proxy that has forgotten them.

        What is sent on them is acknowledged by the proxy's system, or by nobody.
        """
        self._do(partial(self._lose, is_acknowledged=is_acknowledged))

    def cut(self) -> None:
        """Reset all lines, and whoever comes."""
        self._do(self._cut)

    def mend(self) -> None:
        """Be well again: what was held up is passed on, and newcomers get through; lost lines stay lost."""
        self._do(self._mend)

    def _do(self, change: Callable[[], None]) -> None:
        async def do() -> None:
            change()

        asyncio.run_coroutine_threadsafe(do(), self._loop).result(10)

    def _swallow(self) -> None:
        self._lose(is_acknowledged=False)
        self._listener.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, FILTER)

    def _lose(self, *, is_acknowledged: bool) -> None:
        for line in self._lines:
            line.lose(is_acknowledged=is_acknowledged)

    def _cut(self) -> None:
        self._is_cut = True
        for line in self._lines:
            line.reset()

    def _mend(self) -> None:
        self._is_cut = False
        self._flowing.set()
        with suppress(FileNotFoundError):  # there was no filter
            self._listener.setsockopt(socket.SOL_SOCKET, SO_DETACH_FILTER, 0)

    async def _end(self) -> None:
        self._cut()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._listener.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = _Line(writer)
        self._lines.add(line)
        try:
            if self._is_cut:
                line.reset()
            else:
                await line.carry(reader, await self._connect(), self._flowing)
        except (OSError, asyncio.CancelledError):  # its server is away, or the block ends
            line.reset()
        finally:
            self._lines.discard(line)


class _Line:
    """One connection and its way on."""

    def __init__(self, near: asyncio.StreamWriter) -> None:
        self._near = near
        self._far: asyncio.StreamWriter | None = None
        self._is_lost = False
        self._over = asyncio.Event()

    async def carry(self, heard: asyncio.StreamReader, far: Streams, flowing: asyncio.Event) -> None:
        """Pass on in both directions until either side ends."""
        answers, self._far = far
        there, back = self._pass(heard, self._far, flowing), self._pass(answers, self._near, flowing)
        ways = {asyncio.create_task(there), asyncio.create_task(back)}
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            self._near.close()
            self._far.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, flowing: asyncio.Event) -> None:
        is_over = False
        while not is_over:
            chunk = await reader.read(CHUNK)
            await flowing.wait()
            if self._is_lost:
                # Neither what was said nor the end of it gets through.
                await self._over.wait()
            writer.write(chunk)
            await writer.drain()
            is_over = not chunk

    def lose(self, *, is_acknowledged: bool) -> None:
        """Hear nothing more, and say nothing more."""
        self._is_lost = True
        if is_acknowledged:
            return
        self._near.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, FILTER)

    def reset(self) -> None:
        """End it at once."""
        self._over.set()
        with suppress(OSError):  # it has ended already
            self._near.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        for writer in (self._near, self._far):
            if writer is not None:
                writer.transport.abort()
