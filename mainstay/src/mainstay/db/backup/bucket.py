"""Archives in a bucket of an S3-compatible service, which go there and come from there through a pipe."""

import asyncio
import io
import os
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import aclosing, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import IO, Any, Final, TypeVar, cast

from mainstay.db.backup.errors import BackupError
from mainstay.storage.opening import storage_in
from mainstay.storage.settings import Bucket
from mainstay.storage.storage import PIECE, NotStored, Storage, StorageFailed, UnsafeKey

# The folder of the bucket in which archives lie, beside whatever else is there.
FOLDER: Final = "archives"
# A service takes 10,000 parts of a file: archives have up to 160 GB. So much, and two more of them, are in memory.
PART: Final = 16 * 1024 * 1024
Result = TypeVar("Result")


class _BrokenOff(Exception):
    """What is being sent is not whole, and must not get its name."""


@dataclass(frozen=True, slots=True)
class BucketShelf:
    """A folder of a bucket; see `Shelf`."""

    storage: Storage
    address: str

    def prepare(self) -> None:
        """Ask whether the service answers, before a database is read for nothing."""
        _run(self.storage.check())

    def demand_room(self, wanted: int) -> None:
        """Return: a bucket has no end, and one that is full refuses by itself."""

    @contextmanager
    def writing(self, name: str) -> Iterator[IO[bytes]]:
        """Yield the near end of a pipe; what comes out at the far end is sent in parts, joined after the last one."""
        (far, near), is_whole = os.pipe(), False
        source = os.fdopen(far, "rb", buffering=0)

        async def pieces() -> AsyncIterator[bytes]:
            # Nothing else runs in this loop, so that it may wait for the pipe.
            while piece := source.read(PIECE):
                yield piece
            if not is_whole:
                raise _BrokenOff

        async def send() -> int:
            with source:
                return await self.storage.put(_key(name), pieces())

        with ThreadPoolExecutor(1, "backup") as pool:
            sent = pool.submit(lambda: asyncio.run(send()))
            try:
                with os.fdopen(near, "wb") as file:
                    yield file
                    file.flush()
                    is_whole = True
            except BrokenPipeError:
                _settled(sent)
                raise
        _settled(sent)

    @contextmanager
    def opened(self, name: str) -> Iterator[IO[bytes]]:
        """Yield the near end of a pipe, into whose far end the object is read."""
        near, far = os.pipe()
        sink = os.fdopen(far, "wb")

        async def fetch() -> None:
            # Whoever has read enough closes the other end.
            with suppress(BrokenPipeError), sink:
                async with aclosing(self.storage.read(_key(name))) as pieces:
                    async for piece in pieces:
                        sink.write(piece)

        with ThreadPoolExecutor(1, "backup") as pool:
            coming = pool.submit(lambda: asyncio.run(fetch()))
            with os.fdopen(near, "rb", buffering=0) as pipe:
                yield cast("IO[bytes]", io.BufferedReader(_Coming(pipe, coming), PIECE))

    def sizes(self) -> dict[str, int]:
        """Ask the service, page by page."""

        async def listed() -> dict[str, int]:
            return {each.key.rpartition("/")[2]: each.size async for each in self.storage.listed(FOLDER)}

        return _run(listed())

    def remove(self, name: str) -> None:
        """Remove the object."""
        _run(self.storage.delete(_key(name)))


def shelf_in(bucket: Bucket) -> BucketShelf:
    """Return the shelf of a bucket."""
    place = "/".join(part for part in (bucket.name, bucket.prefix, FOLDER) if part)
    return BucketShelf(storage_in(replace(bucket, part=PART)), f"s3://{place}")


class _Coming(io.RawIOBase):
    """The near end of a pipe, whose end is one only when all of the object came."""

    def __init__(self, pipe: io.FileIO, coming: "Future[None]") -> None:
        self._pipe, self._coming = pipe, coming

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # what readers give it
        size = self._pipe.readinto(buffer) or 0
        if not size:
            _settled(self._coming)
        return size


def _key(name: str) -> str:
    return f"{FOLDER}/{name}"


def _run(work: Coroutine[Any, Any, Result]) -> Result:
    with _failures():
        return asyncio.run(work)


def _settled(work: "Future[Result]") -> Result:
    with _failures():
        return work.result()


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except (NotStored, UnsafeKey) as failure:
        raise BackupError("There is no such archive in the bucket of backups.") from failure
    except StorageFailed as failure:
        raise BackupError(f"The bucket of backups cannot be used: {failure}") from failure
