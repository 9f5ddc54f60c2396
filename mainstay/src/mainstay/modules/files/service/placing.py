"""Where bytes lie: keys that nobody guesses and that are used once, and the place itself."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import structlog

from mainstay import ids
from mainstay.db.embedded.settings import RecoverySettings
from mainstay.db.embedded.store import Store, name_of
from mainstay.modules.files.errors import StorageAway, StorageFilled
from mainstay.modules.files.repository import upkeep
from mainstay.modules.files.service.calling import called
from mainstay.net.partners import Partners
from mainstay.settings import Configuration, CoreSettings
from mainstay.storage.mirror import Second
from mainstay.storage.opening import MEGABYTE, Place, open_place
from mainstay.storage.settings import StorageSettings
from mainstay.storage.storage import NotStored, Storage, StorageFailed, StorageFull
from mainstay.work import UnitOfWork

INCOMING: Final = "incoming"
CONTENT: Final = "content"
FORMS: Final = "forms"
# Says which database the bucket belongs to.
OWNER: Final = "owner"
FOLDERS: Final = (INCOMING, CONTENT, FORMS)

logger = structlog.stdlib.get_logger(__name__)


async def storage_of(uow: UnitOfWork) -> Storage:
    """Return the place for bytes."""
    return (await uow.resource(Place)).storage


@asynccontextmanager
async def open_kept(configuration: Configuration, partners: Partners) -> AsyncIterator[Place]:
    """Open the place for bytes: a bucket, or a folder with the second place where the embedded database has one."""
    settings = configuration.of(StorageSettings)
    async with open_place(configuration, second_place(configuration)) as place:
        yield Place(called(place.storage, settings.bucket(), partners)) if settings.url else place


def second_place(configuration: Configuration) -> Second | None:
    """Return where files are kept beside the log of the embedded database; forms can be made again, and are not."""
    recovery = configuration.find(RecoverySettings)
    named = configuration.of(CoreSettings).data_dir / "postgres"
    if recovery is None or recovery.folder is None or not named.is_dir():
        return None
    store = Store(recovery.folder.resolve() / name_of(named))
    reserve = configuration.of(StorageSettings).reserve_mb * MEGABYTE
    return Second(store.files, timedelta(days=recovery.days), (CONTENT,), reserve)


def folder(configuration: Configuration) -> Path | None:
    """Return the folder in which the bytes lie; None where they lie in a bucket."""
    settings = configuration.of(StorageSettings)
    return None if settings.url else settings.place(configuration.of(CoreSettings).data_dir)


async def may_remove(uow: UnitOfWork) -> bool:
    """Whether what lies in the place is this database's; it ends the transaction.

    A bucket can be given to two programs, such as the shop and a copy of it for trials. What the first one stores has
    no row in the other, whose sweep would take it for left over, and a bucket is in no backup.
    """
    if not uow.setup.settings.of(StorageSettings).url:
        return True
    storage, own = await storage_of(uow), (await upkeep.name_of_database(uow)).encode()
    await uow.release()

    async def name() -> AsyncIterator[bytes]:
        yield own

    try:
        found = b"".join([piece async for piece in storage.read(OWNER)])
    except NotStored:
        await storage.put(OWNER, name())
        return True
    if found != own:
        logger.error("storage", outcome="of another database", hint=f"remove the object {OWNER} to take it over")
    return found == own


def new_key(folder: str, file_id: UUID) -> str:
    """Return a key in a folder: no two writers ever share one, so that nothing is overwritten."""
    return f"{folder}/{file_id}/{ids.new_id()}"


@contextmanager
def reaching() -> Iterator[None]:
    """Raise StorageAway when the place for bytes fails inside the block."""
    try:
        yield
    except StorageFull as failure:
        logger.error("storage", outcome="full")  # noqa: TRY400  one line says it
        raise StorageFilled("There is no room for files; ask whoever looks after this program.") from failure
    except StorageFailed as failure:
        logger.warning("storage", outcome="failed", reason=str(failure))
        raise StorageAway("Files cannot be reached now; try again in a moment.") from failure
