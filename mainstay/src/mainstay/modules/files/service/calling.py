"""A bucket as a partner: what is asked of it is bounded in time, told, and not asked at all while it is left alone."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import datetime
from typing import Final, TypeVar

from mainstay.net.destination import Destination
from mainstay.net.failures import BROKEN_OFF, TIMEOUT, CallFailed
from mainstay.net.partners import Judged, Manner, Partner, Partners
from mainstay.storage.settings import Bucket
from mainstay.storage.storage import NotStored, Shape, Storage, StorageFailed, StorageFull, StorageRefused, Stored

Item = TypeVar("Item")
# A call may take as long as so many pieces: its library tries again by itself.
TRIES: Final = 3


def called(storage: Storage, bucket: Bucket, partners: Partners) -> Storage:
    """Return a bucket whose calls go through its partner."""
    place = Destination.of(bucket.endpoint).name
    return CalledStorage(storage, partners.partner(f"s3://{place}", Manner(TRIES * bucket.timeout, judged)))


class CalledStorage:
    """Does what the bucket behind it does; see `Storage`. While the bucket is left alone it fails at once."""

    def __init__(self, storage: Storage, partner: Partner) -> None:
        self._storage, self._partner = storage, partner

    async def put(self, key: str, pieces: AsyncIterator[bytes], shape: Shape | None = None) -> int:
        """Send it; the time that the pieces take to come is not the bucket's."""
        async with self._calling("put") as deadline:

            async def awaited() -> AsyncIterator[bytes]:
                while True:
                    deadline.reschedule(None)
                    piece = await anext(pieces, None)
                    deadline.reschedule(asyncio.get_running_loop().time() + self._partner.total)
                    if piece is None:
                        return
                    yield piece

            return await self._storage.put(key, awaited(), shape)

    async def read(self, key: str, start: int = 0, stop: int | None = None) -> AsyncGenerator[bytes, None]:
        """Yield pieces of the object; the time that they take to be used is not the bucket's."""
        async with aclosing(self._storage.read(key, start, stop)) as pieces:
            async for piece in self._streamed("get", pieces):
                yield piece

    async def head(self, key: str) -> Stored:
        """Ask the bucket."""
        async with self._calling("head"):
            return await self._storage.head(key)

    async def delete(self, key: str) -> None:
        """Remove the object."""
        async with self._calling("delete"):
            await self._storage.delete(key)

    async def listed(self, prefix: str) -> AsyncIterator[Stored]:
        """Ask the bucket, page by page."""
        async for each in self._streamed("list", self._storage.listed(prefix)):
            yield each

    async def clear(self, before: datetime) -> int:
        """Do what the bucket does: nothing."""
        return await self._storage.clear(before)

    async def link(self, key: str, seconds: int) -> str | None:
        """Return an address; it is made here, and the bucket is not asked."""
        return await self._storage.link(key, seconds)

    async def check(self) -> None:
        """Ask the bucket."""
        async with self._calling("list"):
            await self._storage.check()

    @asynccontextmanager
    async def _calling(self, what: str) -> AsyncIterator[asyncio.Timeout]:
        """Make a call inside the block. Raises what the bucket raises, and StorageFailed."""
        try:
            async with self._partner.calling(what) as call:
                yield call.deadline
        except CallFailed as failure:
            raise StorageFailed(f"The bucket is not to be reached: {failure}") from failure

    async def _streamed(self, what: str, items: AsyncIterator[Item]) -> AsyncGenerator[Item, None]:
        """Yield what comes: the first is what the call was for, and each of the others has as long as it."""
        async with self._calling(what):
            first = await anext(items, None)
        if first is None:
            return
        yield first
        while (item := await self._further(items)) is not None:
            yield item

    async def _further(self, items: AsyncIterator[Item]) -> Item | None:
        try:
            async with asyncio.timeout(self._partner.total):
                return await anext(items, None)
        except TimeoutError as failure:
            await self._partner.broke_off(TIMEOUT)
            raise StorageFailed("The bucket's answer stopped coming.") from failure
        except StorageFailed:
            await self._partner.broke_off(BROKEN_OFF)
            raise


def judged(failure: Exception) -> Judged:
    """Say what a failure tells of the bucket; one that is of the pieces tells nothing."""
    if isinstance(failure, NotStored):
        return Judged("ok", is_well=True)
    if isinstance(failure, StorageRefused | StorageFull):
        return Judged("refused", is_well=True)
    return Judged("failed", is_well=False if isinstance(failure, StorageFailed) else None)
