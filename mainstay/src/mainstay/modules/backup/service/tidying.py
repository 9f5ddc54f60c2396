"""Letting archives go that have had their time: those alone that this database made, and never the newest verified."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import structlog

from mainstay import clock
from mainstay.db.backup.archive import read_header
from mainstay.db.backup.errors import BackupError
from mainstay.db.backup.keeping import Archive, kept
from mainstay.messages.audit import Entry
from mainstay.modules.backup import repository
from mainstay.modules.backup.service import sources
from mainstay.work import Row, UnitOfWork

# For how long the list tells of failures and of what is gone.
REMEMBERED: Final = timedelta(days=90)

logger = structlog.stdlib.get_logger(__name__)


async def tidy(uow: UnitOfWork) -> None:
    """Delete the archives in the folder of the settings that the rules let go, and note which are gone."""
    database = await repository.database(uow)
    if database is None:
        return
    folder = sources.folder_of(uow)
    rows = [row for row in await repository.made(uow, database["id"]) if Path(row["path"]).parent == folder]
    there = await asyncio.to_thread(_split, rows)
    archives = [Archive(row["id"], row["started_at"], row["state"]) for row in there]
    keep = kept(archives, sources.chosen(uow), clock.now())
    over = [row for row in there if row["id"] not in keep]
    gone = await asyncio.to_thread(_delete, over, database["id"])
    lost = [row["id"] for row in rows if row not in there and row["removed_at"] is None]
    # A disk that was away is back.
    found = [row["id"] for row in there if row["removed_at"] is not None]
    if found:
        await repository.note_found(uow, found)
    if gone or lost:
        await repository.note_removed(uow, [*gone, *lost], clock.now())
    for row in over:
        if row["id"] in gone:
            uow.record(Entry("backup.removed", "backup.archive", row["id"], old={"file": Path(row["path"]).name}))
    if lost:
        logger.warning("backup", outcome="lost", count=len(lost))
    await repository.forget(uow, clock.now() - REMEMBERED)


def _split(rows: list[Row]) -> list[Row]:
    """Return those whose files are there."""
    return [row for row in rows if Path(row["path"]).is_file()]


def _delete(rows: list[Row], database: UUID) -> list[UUID]:
    """Delete files that say of themselves that they are these archives; return which are gone."""
    gone: list[UUID] = []
    for row in rows:
        path = Path(row["path"])
        try:
            header = read_header(path)
            if (header.database, header.id) != (database, row["id"]):
                raise BackupError("It is another archive than the one of this name that was made.")
            path.unlink(missing_ok=True)
        except (BackupError, OSError) as failure:
            logger.warning("backup", outcome="not removed", file=path.name, reason=str(failure))
        else:
            gone.append(row["id"])
    return gone
