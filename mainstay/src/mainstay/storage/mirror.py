"""A folder whose files are in a second one too, on another disk, and for a while after they were deleted.

What was lost in the first is brought back from there when it is asked for; a database that was restored to an earlier
moment finds the files of that moment. Why so: docs/decisions/0062-files-in-the-second-place.md.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog

from mainstay import clock
from mainstay.storage.folder import FolderStorage
from mainstay.storage.storage import NotStored, Shape, StorageFailed, Stored

# Where files lie in the second folder that were deleted in the first, under their keys.
REMOVED: Final = "removed"

logger = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Second:
    """The second folder: what lies in which folders of the first is kept there, and `kept` longer than in the first.

    It is made inside of one that must be there: a disk that is not mounted is to be noticed.
    """

    path: Path
    kept: timedelta
    folders: tuple[str, ...]
    reserve: int = 0
    storage: FolderStorage = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "storage", FolderStorage(self.path, self.reserve))

    def has(self, key: str) -> bool:
        """Whether what lies under a key is kept here."""
        return key.partition("/")[0] in self.folders

    def demand(self) -> None:
        """Raise StorageFailed when the disk is away."""
        if not self.path.parent.is_dir():
            raise StorageFailed("The second place for files is away.")


class MirroredStorage:
    """Keeps each key in both folders; see `Storage`. That the second one is away stops nothing and is made up for."""

    def __init__(self, first: FolderStorage, second: Second) -> None:
        self._first, self._second = first, second

    async def put(self, key: str, pieces: AsyncIterator[bytes], shape: Shape | None = None) -> int:
        """Write to the first folder, then to the second."""
        size = await self._first.put(key, pieces, shape)
        if self._second.has(key):
            with self._told():
                await self._copy(key)
        return size

    async def read(self, key: str, start: int = 0, stop: int | None = None) -> AsyncGenerator[bytes, None]:
        """Yield pieces of the file in the first folder."""
        await self.head(key)
        async with aclosing(self._first.read(key, start, stop)) as pieces:
            async for piece in pieces:
                yield piece

    async def head(self, key: str) -> Stored:
        """Ask the first folder; what it has lost it gets back."""
        try:
            return await self._first.head(key)
        except NotStored:
            if not self._second.has(key):
                raise
        await self._second.storage.head(key)
        async with aclosing(self._second.storage.read(key)) as pieces:
            await self._first.put(key, pieces)
        logger.warning("storage", outcome="brought back", hint="a file was missing and came from the second place")
        return await self._first.head(key)

    async def delete(self, key: str) -> None:
        """Remove the file from the first folder, and set it aside in the second."""
        await self._first.delete(key)
        if self._second.has(key):
            with self._told():
                await self._set_aside(key)

    async def listed(self, prefix: str) -> AsyncIterator[Stored]:
        """Walk through the first folder."""
        async for each in self._first.listed(prefix):
            yield each

    async def clear(self, before: datetime) -> int:
        """Clear both, and make up for what could not be done while the second folder was away."""
        removed = await self._first.clear(before)
        with self._told():
            self._second.demand()
            removed += await self._second.storage.clear(before)
            await self._make_up()
        return removed

    async def link(self, key: str, seconds: int) -> str | None:
        """Return None: a folder has no address."""
        return await self._first.link(key, seconds)

    async def check(self) -> None:
        """Check the first folder: without the second nothing stops."""
        await self._first.check()

    async def _copy(self, key: str) -> None:
        self._second.demand()
        async with aclosing(self._first.read(key)) as pieces:
            await self._second.storage.put(key, pieces)

    async def _set_aside(self, key: str) -> None:
        self._second.demand()
        await self._second.storage.move(key, f"{REMOVED}/{key}")

    async def _make_up(self) -> None:
        copied = set_aside = 0
        second = self._second.storage
        for folder in self._second.folders:
            # In this order: what is stored meanwhile is copied once more, and never taken for deleted.
            there = {each.key async for each in second.listed(folder)}
            here = {each.key async for each in self._first.listed(folder)}
            for key in sorted(here - there):
                with suppress(NotStored):  # it was deleted meanwhile
                    await self._copy(key)
                    copied += 1
            for key in sorted(there - here):
                await self._set_aside(key)
                set_aside += 1
        before = clock.now() - self._second.kept
        async for each in second.listed(REMOVED):
            if each.changed_at < before:
                await second.delete(each.key)
        if copied or set_aside:
            logger.info("second place of files", copied=copied, set_aside=set_aside)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell of a failure of the second folder and go on: the next sweep makes up for it."""
        try:
            yield
        except StorageFailed as failure:
            logger.error("second place of files", outcome="failed", reason=str(failure))  # noqa: TRY400  one line says it
