"""The port of storage: what every place for bytes can do, and what it refuses."""

import re
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

# Letters that mean the same on every file system and in every bucket.
_PART: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_LONGEST_KEY: Final = 500
# What is read and written at once, so that nothing is ever kept whole.
PIECE: Final = 256 * 1024


class StorageFailed(Exception):
    """The place for bytes cannot be reached, is full, or refuses; the message names no address and no secret."""


class StorageRefused(StorageFailed):
    """The place answers, and does not let this program do what it wants."""


class StorageFull(StorageFailed):
    """There is too little room left; nothing was stored."""


class NotStored(StorageFailed):
    """Under this key there is nothing."""


class UnsafeKey(ValueError):
    """A key that could lead out of its place, or that means different things to different places."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What lies under a key: its size in bytes, and when it was written."""

    key: str
    size: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Shape:
    """How a place that gives links of its own hands bytes out: their type, and the name of the file to save."""

    media_type: str = "application/octet-stream"
    filename: str = "file"

    @property
    def disposition(self) -> str:
        """The header that has a browser save the file and never show it as a page."""
        return f'attachment; filename="{self.filename}"'


class Storage(Protocol):
    """A place for bytes under keys such as `content/0190…`; whoever reads sees the whole of what was put, or nothing.

    Every method raises StorageFailed, and UnsafeKey for a key that is none.
    """

    async def put(self, key: str, pieces: AsyncIterator[bytes], shape: Shape | None = None) -> int:
        """Store what `pieces` yield under `key`, in place of what was there, and return how many bytes that were.

        When `pieces` raises, nothing is stored and what was there stays.
        """
        ...

    def read(self, key: str, start: int = 0, stop: int | None = None) -> AsyncGenerator[bytes, None]:
        """Yield the bytes from `start` up to `stop`, which is not among them. Raises NotStored.

        Whoever leaves off before the end closes it (`aclosing`).
        """
        ...

    async def head(self, key: str) -> Stored:
        """Say what lies under `key`. Raises NotStored."""
        ...

    async def delete(self, key: str) -> None:
        """Remove what lies under `key`; that there is nothing is no failure."""
        ...

    def listed(self, prefix: str) -> AsyncIterator[Stored]:
        """Yield what lies under keys that begin with the folder `prefix`, such as `content`."""
        ...

    async def clear(self, before: datetime) -> int:
        """Remove what was begun before a moment and never became whole, and return how much it was."""
        ...

    async def link(self, key: str, seconds: int) -> str | None:
        """Return an address that gives the bytes to whoever has it, for so long; None where the place gives none."""
        ...

    async def check(self) -> None:
        """Return when the place can be used."""
        ...


def safe_key(key: str) -> str:
    """Return `key` when it is one: plain parts between slashes, none of them hidden. Raises UnsafeKey."""
    if len(key) > _LONGEST_KEY or not all(_PART.fullmatch(part) for part in key.split("/")):
        raise UnsafeKey("This is no key of a stored file.")
    return key
