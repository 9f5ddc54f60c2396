"""Storage in a folder of this machine: every file appears whole, under its name, on the disk."""

import asyncio
import os
import shutil
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final, TypeVar

from mainstay import crypto
from mainstay.storage.storage import (
    PIECE,
    NotStored,
    Shape,
    StorageFailed,
    StorageFull,
    Stored,
    UnsafeKey,
    safe_key,
)

# Where files lie that are not whole yet; no key begins with a dot.
PARTIAL: Final = ".partial"
Result = TypeVar("Result")


class FolderStorage:
    """Keeps each key as a file that this program's account alone can read; see `Storage`."""

    def __init__(self, root: Path, reserve: int = 0) -> None:
        """Take a folder, on whose disk `reserve` bytes are left to others, such as the database."""
        self._root, self._reserve = root.resolve(), reserve

    async def put(self, key: str, pieces: AsyncIterator[bytes], shape: Shape | None = None) -> int:  # noqa: ARG002  a folder hands nothing out itself
        """Write beside, bring it to the disk, and give it its name."""
        path, partial = self._path(key), self._root / PARTIAL / crypto.new_token(12)
        size = 0
        try:
            with await _written(_created, partial) as file:
                async for piece in pieces:
                    size += await _written(self._write, file, piece)
                await _written(_settle, file, partial, path, self._root)
        finally:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
        return size

    async def read(self, key: str, start: int = 0, stop: int | None = None) -> AsyncGenerator[bytes, None]:
        """Yield pieces of the file."""
        with await asyncio.to_thread(_opened, self._path(key)) as file:
            await asyncio.to_thread(file.seek, start)
            left = None if stop is None else max(0, stop - start)
            while left is None or left > 0:
                piece = await asyncio.to_thread(file.read, PIECE if left is None else min(PIECE, left))
                if not piece:
                    return
                left = None if left is None else left - len(piece)
                yield piece

    async def head(self, key: str) -> Stored:
        """Ask the file system."""
        return await asyncio.to_thread(_seen, self._path(key), key)

    async def delete(self, key: str) -> None:
        """Remove the file."""
        try:
            await asyncio.to_thread(self._path(key).unlink, missing_ok=True)
        except OSError as failure:
            raise StorageFailed(f"A file cannot be removed: {failure.strerror}.") from failure

    async def move(self, key: str, other: str) -> None:
        """Give a file another key, as written now; that there is none is no failure."""
        await _written(_moved, self._path(key), self._path(other))

    async def listed(self, prefix: str) -> AsyncIterator[Stored]:
        """Walk through the folder."""
        for path in await asyncio.to_thread(_files_in, self._path(prefix)):
            with suppress(NotStored, UnsafeKey):  # it was removed meanwhile, or somebody else laid it there
                yield await asyncio.to_thread(_seen, path, safe_key(path.relative_to(self._root).as_posix()))

    async def clear(self, before: datetime) -> int:
        """Remove what a program left that was killed while it wrote."""
        return await asyncio.to_thread(_cleared, self._root / PARTIAL, before.timestamp())

    async def link(self, key: str, seconds: int) -> str | None:  # noqa: ARG002  the port's
        """Return None: a folder has no address."""
        safe_key(key)
        return None

    async def check(self) -> None:
        """Write a file and remove it."""

        async def nothing() -> AsyncIterator[bytes]:
            yield b""

        await self.put("check", nothing())
        await self.delete("check")

    def _write(self, file: IO[bytes], piece: bytes) -> int:
        if shutil.disk_usage(self._root).free < self._reserve + len(piece):
            raise StorageFull("The disk of the folder of files is nearly full.")
        return file.write(piece)

    def _path(self, key: str) -> Path:
        return self._root / safe_key(key)


async def _written(act: Callable[..., Result], *given: object) -> Result:
    """Do what writes in a thread. Raises StorageFailed."""
    try:
        return await asyncio.to_thread(act, *given)
    except OSError as failure:
        raise StorageFailed(f"The folder of files cannot be written: {failure.strerror}.") from failure


def _created(partial: Path) -> IO[bytes]:
    partial.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(handle, "wb")


def _cleared(folder: Path, before: float) -> int:
    removed = 0
    for path in folder.iterdir() if folder.is_dir() else ():
        with suppress(FileNotFoundError):  # it became whole meanwhile
            if path.stat().st_mtime < before:
                path.unlink()
                removed += 1
    return removed


def _settle(file: IO[bytes], partial: Path, path: Path, root: Path) -> None:
    """Bring a file to the disk, give it its name, and bring that to the disk too."""
    file.flush()
    os.fsync(file.fileno())
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial.rename(path)
    # The folders too, whose names would be lost with the power: they may be new.
    for each in path.parents[: len(path.relative_to(root).parts)]:
        folder = os.open(each, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _moved(path: Path, other: Path) -> None:
    other.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileNotFoundError):
        os.utime(path)
        path.rename(other)


def _opened(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as failure:
        raise NotStored("There is no such stored file.") from failure
    except OSError as failure:
        raise StorageFailed(f"A file cannot be read: {failure.strerror}.") from failure


def _seen(path: Path, key: str) -> Stored:
    if not path.is_file():
        raise NotStored("There is no such stored file.")
    try:
        found = path.stat()
    except FileNotFoundError as failure:
        raise NotStored("There is no such stored file.") from failure
    return Stored(key, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))


def _files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
