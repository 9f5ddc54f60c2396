"""Letting archives go that have had their time: those alone that this database made, and never the newest verified."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog

from mainstay import clock
from mainstay.db.backup.archive import read_header
from mainstay.db.backup.errors import BackupError
from mainstay.db.backup.keeping import Archive, kept
from mainstay.db.backup.shelf import Shelf, Shelved, name_on
from mainstay.messages.audit import Entry
from mainstay.modules.backup import repository
from mainstay.modules.backup.service import sources
from mainstay.work import UnitOfWork

# For how long the list tells of failures and of what is gone.
REMEMBERED: Final = timedelta(days=90)

logger = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An archive on record: its name on the shelf of the settings, and whether the record says that it is gone."""

    archive: Archive
    name: str
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Tidied:
    """What was seen and done on the shelf: which archives went by the rules, are lost, or are there again."""

    removed: tuple[Recorded, ...] = ()
    lost: tuple[UUID, ...] = ()
    found: tuple[UUID, ...] = ()


async def clear(uow: UnitOfWork, new: Recorded | None = None) -> Tidied:
    """Delete the archives on the shelf of the settings that the rules let go; `new` is not on record yet.

    It writes nothing in the database, whose connection is given back meanwhile: a bucket may be slow. Of a shelf that
    cannot be seen nothing is said.
    """
    database = await repository.database(uow)
    if database is None:
        return Tidied()
    shelf, key = sources.shelf_of(uow), database["id"]
    records = [] if new is None else [new]
    for row in await repository.made(uow, key):
        name = name_on(shelf, row["path"])
        if name is not None and (new is None or row["id"] != new.archive.id):
            archive = Archive(row["id"], row["started_at"], row["state"])
            records.append(Recorded(archive, name, row["removed_at"] is not None))
    await uow.release()
    settings, now = sources.chosen(uow), clock.now()
    there = await asyncio.to_thread(_seen, shelf)
    if there is None:
        return Tidied()
    present = [each for each in records if each.name in there]
    keep = kept((each.archive for each in present), settings, now)
    over = [each for each in present if each.archive.id not in keep]
    return Tidied(
        removed=tuple(await asyncio.to_thread(_delete, shelf, over, key)),
        lost=tuple(each.archive.id for each in records if each.name not in there and not each.is_gone),
        # A disk that was away is back.
        found=tuple(each.archive.id for each in present if each.is_gone),
    )


async def note(uow: UnitOfWork, tidied: Tidied) -> None:
    """Record what was seen and done, and forget what is long gone."""
    removed = [each.archive.id for each in tidied.removed]
    if tidied.found:
        await repository.note_found(uow, list(tidied.found))
    if removed or tidied.lost:
        await repository.note_removed(uow, [*removed, *tidied.lost], clock.now())
    for each in tidied.removed:
        uow.record(Entry("backup.removed", "backup.archive", each.archive.id, old={"file": each.name}))
    if tidied.lost:
        logger.warning("backup", outcome="lost", count=len(tidied.lost))
    await repository.forget(uow, clock.now() - REMEMBERED)


def _seen(shelf: Shelf) -> frozenset[str] | None:
    """Return the names of the archives that are there; None when nobody can see."""
    try:
        return frozenset(shelf.sizes())
    except BackupError as failure:
        logger.warning("backup", outcome="not seen", reason=str(failure))
        return None


def _delete(shelf: Shelf, records: list[Recorded], database: UUID) -> list[Recorded]:
    """Delete archives that say of themselves that they are these; return which are gone."""
    gone: list[Recorded] = []
    for each in records:
        try:
            header = read_header(Shelved(shelf, each.name))
            if (header.database, header.id) != (database, each.archive.id):
                raise BackupError("It is another archive than the one of this name that was made.")
            shelf.remove(each.name)
        except BackupError as failure:
            logger.warning("backup", outcome="not removed", file=each.name, reason=str(failure))
        else:
            gone.append(each)
    return gone
