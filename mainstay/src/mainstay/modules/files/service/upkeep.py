"""Comparing rows and bytes, in both directions, and saying how files stand."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import structlog

from mainstay import clock
from mainstay.modules.files.events import BytesDropped, FileReady, FileReceived
from mainstay.modules.files.repository import files, upkeep
from mainstay.modules.files.service.placing import CONTENT, FOLDERS, may_remove, storage_of
from mainstay.modules.files.settings import FileSettings
from mainstay.observe.counters import Counters
from mainstay.observe.health import HealthSettings, Unhealthy
from mainstay.storage.storage import NotStored, Storage, StorageFailed
from mainstay.work import UnitOfWork

AT_ONCE = 500
FILES = "mainstay_files"
BYTES = "mainstay_files_bytes"
MISSING = "mainstay_files_missing"

logger = structlog.stdlib.get_logger(__name__)


async def sweep(uow: UnitOfWork) -> None:
    """Remove bytes without a row and files that never came, tell of rows without bytes, and have done what was left."""
    age = timedelta(hours=uow.setup.settings.of(FileSettings).keep_hours)
    storage = await storage_of(uow)
    removed = await _remove_strays(uow, storage, age) if await may_remove(uow) else 0
    # Before the rest is cleared up: what is missing here may be in a second place, and is then brought back.
    missing = await _missing(uow, storage)
    await storage.clear(clock.now() - age)
    stale = await upkeep.stale(uow, age)
    waiting, formless = await upkeep.waiting(uow), await upkeep.formless(uow)
    # From here on in one transaction.
    await upkeep.mark_missing(uow, missing)
    for file_id in stale:
        uow.publish(BytesDropped(keys=tuple(await files.remove(uow, file_id))))
    for file_id in waiting:
        uow.publish(FileReceived(file_id=file_id))
    for file_id in formless:
        uow.publish(FileReady(file_id=file_id))
    logger.info("files swept", strays=removed, missing=len(missing), stale=len(stale), waiting=len(waiting))


async def check(uow: UnitOfWork, _settings: HealthSettings) -> None:
    """Raise Unhealthy when the place for files cannot be used, or files have lost their bytes."""
    storage = await storage_of(uow)
    missing = await upkeep.count_missing(uow)
    await uow.release()
    try:
        await storage.check()
    except StorageFailed as failure:
        logger.warning("storage", outcome="failed", reason=str(failure))
        raise Unhealthy("The place where files lie cannot be used.") from failure
    if missing:
        raise Unhealthy("Files have lost their content: restore it from a backup, or delete them.")


async def observe(uow: UnitOfWork, counters: Counters) -> None:
    """Say how many files there are, how large, and how many have no bytes."""
    for row in await upkeep.figures(uow):
        counters.set(FILES, row["files"], state=row["state"])
        counters.set(BYTES, row["bytes"], state=row["state"])
        counters.set(MISSING, row["missing"], state=row["state"])


async def _remove_strays(uow: UnitOfWork, storage: Storage, age: timedelta) -> int:
    """Remove bytes that no row knows and that are older than what could still be on its way."""
    removed = 0
    async for keys in _old_keys(storage, age):
        if await upkeep.is_backup_under_way(uow):
            return removed
        strays = await upkeep.unknown(uow, keys)
        await uow.release()
        for key in strays:
            await storage.delete(key)
        removed += len(strays)
    return removed


async def _old_keys(storage: Storage, age: timedelta) -> AsyncIterator[list[str]]:
    before = clock.now() - age
    keys: list[str] = []
    for folder in FOLDERS:
        async for each in storage.listed(folder):
            if each.changed_at < before:
                keys.append(each.key)
            if len(keys) >= AT_ONCE:
                yield keys
                keys = []
    if keys:
        yield keys


async def _missing(uow: UnitOfWork, storage: Storage) -> list[UUID]:
    """Return the files whose bytes are not where they should lie.

    Only those that no list shows are asked for: a bucket tells a thousand in the time of one such question.
    """
    there = {each.key async for each in storage.listed(CONTENT)}
    missing: list[UUID] = []
    after: UUID | None = None
    while rows := await upkeep.kept(uow, after):
        await uow.release()
        for row in (each for each in rows if each["key"] not in there):
            try:
                await storage.head(row["key"])
            except NotStored:
                missing.append(row["id"])
        after = rows[-1]["id"]
    return missing
