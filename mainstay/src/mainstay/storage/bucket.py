"""Storage in a bucket of an S3-compatible service; each call is signed with the key of the settings."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import obstore
from obstore.exceptions import BaseError, GenericError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from mainstay.storage.settings import Bucket
from mainstay.storage.storage import (
    PIECE,
    NotStored,
    Shape,
    StorageFailed,
    StorageRefused,
    Stored,
    UnsafeKey,
    safe_key,
)

if TYPE_CHECKING:
    from obstore import Attributes, GetOptions

_AT_ONCE: Final = 2
# The service answered, and the call is at fault: its key, or what it asks for.
_REFUSALS: Final = (PermissionDeniedError, UnauthenticatedError)
_REFUSED: Final = "Client error with status 4"
# What the library says of an answer with status 200 where a part was asked for.
_WHOLE: Final = "non-partial"


class BucketStorage:
    """Keeps each key as an object of a bucket; see `Storage`."""

    def __init__(self, bucket: Bucket) -> None:
        self._part = bucket.part
        self._store = S3Store(
            bucket.name,
            prefix=bucket.prefix or None,
            config={
                "endpoint": bucket.endpoint,
                "region": bucket.region,
                "access_key_id": bucket.key_id,
                "secret_access_key": bucket.secret,
                "virtual_hosted_style_request": False,
            },
            client_options={
                "allow_http": bucket.endpoint.startswith("http://"),
                "connect_timeout": timedelta(seconds=5),
                "read_timeout": timedelta(seconds=bucket.timeout),
            },
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=2 * bucket.timeout)},
        )

    async def put(self, key: str, pieces: AsyncIterator[bytes], shape: Shape | None = None) -> int:
        """Send it in parts, which the service joins when the last one has come."""
        size = 0
        shape = shape or Shape()

        async def counted() -> AsyncIterator[bytes]:
            nonlocal size
            async for piece in pieces:
                size += len(piece)
                yield piece

        told: Attributes = {"Content-Type": shape.media_type, "Content-Disposition": shape.disposition}
        place = safe_key(key)
        try:
            with _failures():
                await obstore.put_async(
                    self._store, place, counted(), attributes=told, chunk_size=self._part, max_concurrency=_AT_ONCE
                )
        except NotStored as failure:
            raise StorageFailed("There is no such bucket.") from failure
        return size

    async def read(self, key: str, start: int = 0, stop: int | None = None) -> AsyncGenerator[bytes, None]:
        """Yield pieces of the object."""
        if stop is not None and stop <= start:
            await self.head(key)
            return
        with _failures():
            found, skip, left = await self._found(safe_key(key), start, stop)
            async for each in found.stream(min_chunk_size=PIECE):
                piece = bytes(each)[skip:] if left is None else bytes(each)[skip : skip + left]
                skip = max(0, skip - len(each))
                left = None if left is None else left - len(piece)
                if piece:
                    yield piece
                if left == 0:
                    return

    async def _found(self, key: str, start: int, stop: int | None) -> "tuple[obstore.GetResult, int, int | None]":
        """Return an answer, how many bytes of it are to be left out, and how many are wanted then; None for all.

        A service that answers a part as if it were the whole (rclone does) is asked for the whole.
        """
        if start == 0 and stop is None:
            return await obstore.get_async(self._store, key), 0, None
        wanted: GetOptions = {"range": {"offset": start} if stop is None else (start, stop)}
        try:
            return await obstore.get_async(self._store, key, options=wanted), 0, None
        except GenericError as failure:
            if _WHOLE not in str(failure):
                raise
        return await obstore.get_async(self._store, key), start, None if stop is None else stop - start

    async def head(self, key: str) -> Stored:
        """Ask the service."""
        with _failures():
            found = await obstore.head_async(self._store, safe_key(key))
        return Stored(key, found["size"], found["last_modified"])

    async def delete(self, key: str) -> None:
        """Remove the object."""
        try:
            with _failures():
                await obstore.delete_async(self._store, safe_key(key))
        except NotStored:
            return

    async def listed(self, prefix: str) -> AsyncIterator[Stored]:
        """Ask the service, page by page."""
        with _failures():
            async for page in obstore.list(self._store, safe_key(prefix)):
                for each in page:
                    with suppress(UnsafeKey):  # somebody else laid it there
                        yield Stored(safe_key(each["path"]), each["size"], each["last_modified"])

    async def clear(self, before: datetime) -> int:  # noqa: ARG002  the port's
        """Leave it to the service, whose rules for a bucket remove parts of what was broken off."""
        return 0

    async def link(self, key: str, seconds: int) -> str | None:
        """Return an address that is signed with the bucket's key."""
        with _failures():
            return await obstore.sign_async(self._store, "GET", safe_key(key), timedelta(seconds=seconds))

    async def check(self) -> None:
        """Ask for a folder that is empty."""
        async for _ in self.listed("check"):
            return


@contextmanager
def _failures() -> Iterator[None]:
    """Raise what a store raises as what callers know."""
    try:
        yield
    except FileNotFoundError as failure:
        raise NotStored("There is no such stored file.") from failure
    except _REFUSALS as failure:
        raise StorageRefused(f"The bucket refuses ({type(failure).__name__}).") from failure
    except (BaseError, OSError) as failure:
        if _REFUSED in str(failure):
            raise StorageRefused("The bucket refuses.") from failure
        # What the library says holds the address, and may hold what was signed.
        raise StorageFailed(f"The bucket does not answer as it should ({type(failure).__name__}).") from failure
