"""The processes of one program on one machine: each answers the others at a socket in a folder that is theirs alone."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import structlog
from pydantic import Field, JsonValue

from mainstay.settings import Settings

logger = structlog.stdlib.get_logger(__name__)

SOCKET: Final = ".sock"
# A socket's address has room for 107 bytes; a longer path is reached through a descriptor of its folder.
LONGEST: Final = 100
# Bytes of a question: the answers may be as long as they like.
LONGEST_QUESTION: Final = 64 * 1024

Content = dict[str, JsonValue]
Answer = Callable[[Content], Awaitable[Content]]


class ProcessSettings(Settings):
    """Where the processes of one program find one another on their machine."""

    section = "process"

    folder: Path | None = Field(
        default=None, description="Where the processes of one machine find one another; `serve` makes one by itself"
    )
    name: str | None = Field(
        default=None, pattern=r"^[a-z]+(-[0-9]+)?$", description="What this process is called there: api-1, worker-1"
    )


@dataclass(frozen=True, slots=True)
class Reply:
    """What one process answered."""

    name: str
    content: Content


@dataclass(frozen=True)
class Peers:
    """A process, called `name`, and its peers in `folder`; without a folder it is alone.

    What others may ask is put into `answers` before it listens.
    """

    name: str
    folder: Path | None = None
    answers: dict[str, Answer] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: ProcessSettings | None, role: str) -> "Peers":
        """Return what the settings say; a process without a name is the first of its role."""
        said = settings or ProcessSettings()
        return cls(said.name or f"{role}-1", said.folder)

    @property
    def role(self) -> str:
        """What the process does, such as `api`."""
        return self.name.partition("-")[0]

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Answer the others inside the block."""
        if self.folder is None:
            yield
            return
        with _address(self.folder, self.name + SOCKET) as address:
            # Whoever had this name before is gone: a name is given to one process at a time.
            (self.folder / (self.name + SOCKET)).unlink(missing_ok=True)
            server = await asyncio.start_unix_server(self._serve, address, limit=LONGEST_QUESTION)
        try:
            yield
        finally:
            server.close()
            (self.folder / (self.name + SOCKET)).unlink(missing_ok=True)

    def others(self) -> list[str]:
        """Return the names of the others that listen, or did when they ended without a word."""
        if self.folder is None:
            return []
        names = (path.name.removesuffix(SOCKET) for path in self.folder.glob(f"*{SOCKET}"))
        return sorted(name for name in names if name != self.name)

    async def ask(self, subject: str, question: Content | None = None, *, patience: float = 2.0) -> list[Reply]:
        """Return what this process and all others that answer within `patience` seconds say, by name."""
        names = [name for name in (self.name, *self.others()) if name != self.name or subject in self.answers]
        told = await asyncio.gather(*(self.ask_one(name, subject, question, patience=patience) for name in names))
        return sorted((reply for reply in told if reply is not None), key=lambda reply: reply.name)

    async def ask_one(
        self, name: str, subject: str, question: Content | None = None, *, patience: float = 2.0
    ) -> Reply | None:
        """Return what the process called `name` says; None when it is gone, too slow, or has nothing to say."""
        if name == self.name:
            answer = self.answers.get(subject)
            return None if answer is None else Reply(name, await answer(question or {}))
        if self.folder is None or name not in self.others():
            return None
        with suppress(OSError, TimeoutError, ValueError):
            async with asyncio.timeout(patience):
                content = await _asked(self.folder, name, {"subject": subject, "question": question or {}})
                return None if content is None else Reply(name, content)
        logger.debug("a process did not answer", process=name, subject=subject)
        return None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            asked = json.loads(await reader.readline())
            answer = self.answers.get(asked["subject"])
            content = None if answer is None else await answer(asked["question"])
            writer.write(json.dumps(content).encode())
            await writer.drain()
        except Exception as failure:  # noqa: BLE001  one that asks badly, or goes away, must not disturb this process
            logger.warning("a process was not answered", reason=repr(failure)[:300])
        finally:
            writer.close()


async def _asked(folder: Path, name: str, question: Content) -> Content | None:
    with _address(folder, name + SOCKET) as address:
        reader, writer = await asyncio.open_unix_connection(address)
    try:
        writer.write(json.dumps(question).encode() + b"\n")
        content: Content | None = json.loads(await reader.read())
        return content
    finally:
        writer.close()


@contextmanager
def _address(folder: Path, name: str) -> Iterator[str]:
    """Give the address of a socket in a folder inside the block; short however long the folder's path is (Linux)."""
    if len(os.fsencode(folder / name)) <= LONGEST:
        yield str(folder / name)
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield f"/proc/self/fd/{descriptor}/{name}"
    finally:
        os.close(descriptor)
