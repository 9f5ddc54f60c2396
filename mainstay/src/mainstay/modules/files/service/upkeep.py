"""Comparing rows and bytes, in both directions, and saying how files stand."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
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
from mainstay.work import Row, UnitOfWork

AT_ONCE = 500
# A bucket takes its time for each answer, and the sweep of many files has to end in its own.
SIDE_BY_SIDE = 16
FILES = "mainstay_files"
BYTES = "mainstay_files_bytes"
MISSING = "mainstay_files_missing"

logger = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look at all bytes found: how many without a row were removed, and the files whose bytes are not there."""

    removed: int
    missing: tuple[UUID, ...]


async def look(uow: UnitOfWork) -> Seen:
    """Remove bytes without a row and what lies half made, and see which rows have no bytes.

    It writes nothing in the database, whose connection is given back meanwhile: a bucket may be slow. So it has to come
    before the transaction of `settle`.
    """
    age = _age(uow)
    storage = await storage_of(uow)
    removed = await _remove_strays(uow, storage, age) if await may_remove(uow) else 0
    # Before the rest is cleared up: what is missing here may be in a second place, and is then brought back.
    missing = await _missing(uow, storage)
    await storage.clear(clock.now() - age)
    return Seen(removed, tuple(missing))


async def settle(uow: UnitOfWork, seen: Seen) -> None:
    """Tell of rows without bytes, forget files that never came, and have done what was left."""
    stale = await upkeep.stale(uow, _age(uow))
    waiting, formless = await upkeep.waiting(uow), await upkeep.formless(uow)
    await upkeep.mark_missing(uow, list(seen.missing))
    for file_id in stale:
        uow.publish(BytesDropped(keys=tuple(await files.remove(uow, file_id))))
    for file_id in waiting:
        uow.publish(FileReceived(file_id=file_id))
    for file_id in formless:
        uow.publish(FileReady(file_id=file_id))
    facts = {"stale": len(stale), "waiting": len(waiting)}
    logger.info("files swept", strays=seen.removed, missing=len(seen.missing), **facts)


def _age(uow: UnitOfWork) -> timedelta:
    """Return for how long what was begun may still be on its way."""
    return timedelta(hours=uow.setup.settings.of(FileSettings).keep_hours)


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
        unseen = [row for row in rows if row["key"] not in there]
        for start in range(0, len(unseen), SIDE_BY_SIDE):
            missing += await _absent(storage, unseen[start : start + SIDE_BY_SIDE])
        after = rows[-1]["id"]
    return missing


async def _absent(storage: Storage, rows: Sequence[Row]) -> list[UUID]:
    """Return those of a few files whose bytes are not there. Raises StorageFailed when all have been asked for."""
    found = await asyncio.gather(*(storage.head(row["key"]) for row in rows), return_exceptions=True)
    for each in found:
        if isinstance(each, BaseException) and not isinstance(each, NotStored):
            raise each
    return [row["id"] for row, each in zip(rows, found, strict=True) if isinstance(each, NotStored)]
