"""Opens the place for bytes that the settings name."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from mainstay.settings import Configuration, CoreSettings
from mainstay.storage.folder import FolderStorage
from mainstay.storage.mirror import MirroredStorage, Second
from mainstay.storage.settings import Bucket, StorageSettings
from mainstay.storage.storage import Storage

MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Place:
    """What a process keeps open: the place for bytes."""

    storage: Storage


def storage_of(configuration: Configuration, second: Second | None = None) -> Storage:
    """Return the place for bytes that the settings name; a folder keeps its files in `second` too."""
    settings = configuration.of(StorageSettings)
    if settings.url:
        return storage_in(settings.bucket())
    first = FolderStorage(settings.place(configuration.of(CoreSettings).data_dir), settings.reserve_mb * MEGABYTE)
    return first if second is None else MirroredStorage(first, second)


def storage_in(bucket: Bucket) -> Storage:
    """Return the place for bytes that is a bucket."""
    from mainstay.storage.bucket import BucketStorage  # noqa: PLC0415  most programs have no bucket and load no client

    return BucketStorage(bucket)


@asynccontextmanager
async def open_place(configuration: Configuration, second: Second | None = None) -> AsyncIterator[Place]:
    """Open it for the life of a process."""
    yield Place(storage_of(configuration, second))
