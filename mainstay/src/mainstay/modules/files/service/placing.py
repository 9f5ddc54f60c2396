"""Where bytes lie: keys that nobody guesses and that are used once, and the place itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

import structlog

from mainstay import ids
from mainstay.modules.files.errors import StorageAway, StorageFilled
from mainstay.storage.opening import Place
from mainstay.storage.storage import Storage, StorageFailed, StorageFull
from mainstay.work import UnitOfWork

INCOMING: Final = "incoming"
CONTENT: Final = "content"
FORMS: Final = "forms"
FOLDERS: Final = (INCOMING, CONTENT, FORMS)

logger = structlog.stdlib.get_logger(__name__)


async def storage_of(uow: UnitOfWork) -> Storage:
    """Return the place for bytes."""
    return (await uow.resource(Place)).storage


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
