"""A service of this machine for tests that is called over HTTP: it answers as told, hangs, dawdles or lies."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

import pytest

HERE = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Got:
    """A request as it came in; header names are in lower case."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back: bytes for the whole answer, or a manner of not answering well."""

    status: int = 200
    body: bytes = b"ok"
    headers: tuple[tuple[str, str], ...] = ()
    manner: str = "well"

    def head(self) -> bytes:
        """Return the first lines, which lie about the length where that is the manner."""
        length = len(self.body) + (100 if self.manner == "short" else 0)
        lines = [f"HTTP/1.1 {self.status} Some", f"Content-Length: {length}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        return "\r\n".join([*lines, "", ""]).encode()


@dataclass
class Receiver:
    """Listens on a port of its own, which it keeps while it is away.

    `answers` are given in their order, the last one ever after; `answering`, where it is there, chooses instead.
    """

    answers: list[Answer] = field(default_factory=lambda: [Answer()])
    got: list[Got] = field(default_factory=list)
    port: int = 0
    trust: ssl.SSLContext | None = None
    answering: Callable[[Got], Answer] | None = None
    connections: int = 0
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _came: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"{'https' if self.trust else 'http'}://{HERE}:{self.port}/hook"

    async def start(self) -> None:
        """Listen from now on."""
        self._server = await asyncio.start_server(self._serve, HERE, self.port, ssl=self.trust)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Be away."""
        if self._server is not None:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def wait_for(self, count: int, patience: float = 30.0) -> list[Got]:
        """Return what came in when that is at least `count` requests. Raises TimeoutError."""
        async with asyncio.timeout(patience):
            while len(self.got) < count:
                self._came.clear()
                await self._came.wait()
        return list(self.got)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            # Who calls may go away at any moment: that is what some tests are about.
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                got = await _received(reader)
                self.got.append(got)
                self._came.set()
                await _send(writer, self._next(got))
        finally:
            self._tasks.discard(task)
            writer.close()

    def _next(self, got: Got) -> Answer:
        if self.answering is not None:
            return self.answering(got)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


async def _received(reader: asyncio.StreamReader) -> Got:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    line, *rest = head.rstrip().split("\r\n")
    headers = {name.lower(): value for name, _, value in (each.partition(": ") for each in rest)}
    return Got(line, headers, await reader.readexactly(int(headers.get("content-length", "0"))))


async def _send(writer: asyncio.StreamWriter, answer: Answer) -> None:
    manners: dict[str, Callable[[], Awaitable[None]]] = {
        "never": lambda: asyncio.sleep(600),
        "endless": lambda: _repeat(writer, b"HTTP/1.1 200 OK\r\n\r\n", bytes(65_536), 0),
        "drops": lambda: _repeat(writer, b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a", 0.02),
    }
    if answer.manner in manners:
        await manners[answer.manner]()
        return
    writer.write(answer.head() + answer.body)
    await writer.drain()


async def _repeat(writer: asyncio.StreamWriter, first: bytes, piece: bytes, pause: float) -> None:
    writer.write(first)
    while True:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(pause)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A service that takes what is sent to it."""
    async with Receiver() as receiver:
        yield receiver
