"""Making a backup: begun in one piece of work, carried out outside of any, and recorded in another."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Final, Literal
from uuid import UUID

import structlog

from mainstay import clock, ids
from mainstay.db.backup.errors import BackupError, Unrehearsed
from mainstay.db.backup.folder import MEGABYTE, FolderShelf
from mainstay.db.backup.keeping import Archive
from mainstay.db.backup.making import Made, Source, Target, alone, make
from mainstay.db.backup.rehearsing import Scene, rehearse
from mainstay.db.backup.restoring import Recipe
from mainstay.db.backup.stopping import Stop
from mainstay.messages.audit import Entry
from mainstay.modules.backup import repository
from mainstay.modules.backup.errors import BackupUnderWay
from mainstay.modules.backup.events import BackupWanted
from mainstay.modules.backup.service import sources, tidying, watching
from mainstay.modules.backup.service.tidying import Recorded, Tidied
from mainstay.work import Row, UnitOfWork

Kind = Literal["scheduled", "asked"]
# No backup takes longer; what began before was broken off.
PATIENCE: Final = timedelta(hours=6)

logger = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a backup: `reason` says why it is not verified, `tidied` which archives went for it."""

    state: Literal["verified", "unverified", "broken", "failed"]
    made: Made | None = None
    is_encrypted: bool = False
    reason: str | None = None
    tidied: Tidied = field(default_factory=Tidied)


async def begin(uow: UnitOfWork, key: UUID, kind: Kind) -> Row:
    """Begin the backup `key`, once. Raises BackupUnderWay when another one is being made."""
    moment = clock.now()
    database = await repository.introduce(uow, ids.new_id(), moment)
    # Two that begin at one moment would each find none under way.
    await repository.hold_database(uow)
    if await repository.one(uow, key) is None:
        if await repository.is_under_way(uow, database["id"], moment - PATIENCE, moment + PATIENCE):
            raise BackupUnderWay("A backup is being made; wait until it is finished.")
        await repository.add(uow, key, database["id"], kind, moment)
    row = await repository.one(uow, key)
    assert row is not None  # noqa: S101  it was just added
    return row


async def ask(uow: UnitOfWork, key: UUID) -> Row:
    """Have the worker make a backup now. Raises BackupUnderWay."""
    row = await repository.one(uow, key)
    if row is None:
        row = await begin(uow, key, "asked")
        uow.publish(BackupWanted(backup_id=key))
        uow.record(Entry("backup.asked", "backup.archive", key))
    return row


async def carry_out(uow: UnitOfWork, key: UUID, folder: Path | None = None) -> Outcome:
    """Make the archive, rehearse it and let old ones go, without a connection of this work; it writes nothing here."""
    row, database = await repository.one(uow, key), await repository.database(uow)
    if row is None or database is None:
        return Outcome("failed", reason="Its record is gone.")
    if row["state"] != "making":
        return Outcome("failed", reason="It was given up before it began.")
    shelf = sources.shelf_of(uow) if folder is None else FolderShelf(folder)
    target = sources.target(uow, shelf, database["id"], key, row["started_at"])
    target = replace(target, failed=await repository.failed(uow, database["id"]))
    source, data_dir = sources.source(uow), sources.data_dir_of(uow)
    await uow.release()
    outcome = await _in_thread(source, target, data_dir)
    new = _recorded(target, outcome) if folder is None else None
    return replace(outcome, tidied=await tidying.clear(uow, new))


def _recorded(target: Target, outcome: Outcome) -> Recorded | None:
    """Return the archive of the settings' own place as it will be on record."""
    if outcome.made is None or outcome.state == "failed":
        return None
    return Recorded(Archive(target.id, target.made_at, outcome.state), outcome.made.archive.name)


async def _in_thread(source: Source, target: Target, data_dir: Path) -> Outcome:
    stop = Stop()
    task = asyncio.ensure_future(asyncio.to_thread(_carry_out, source, target, data_dir, stop))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        # What the thread waits for is ended; telling the server is itself something to wait for.
        await asyncio.wait({task, asyncio.ensure_future(asyncio.to_thread(stop.set))})
        raise


def _carry_out(source: Source, target: Target, data_dir: Path, stop: Stop) -> Outcome:
    made: Made | None = None
    is_encrypted = target.key is not None
    try:
        with alone(source.url):
            made = make(source, target, stop)
            recipe = Recipe(made.archive, target.key, source.programs, stop=stop)
            rehearse(recipe, made, Scene(source.url, data_dir, target.reserve))
    except Unrehearsed as failure:
        return Outcome("unverified", made, is_encrypted, str(failure))
    except BackupError as failure:
        return Outcome("failed" if made is None else "broken", made, is_encrypted, str(failure))
    return Outcome("verified", made, is_encrypted)


async def finish(uow: UnitOfWork, key: UUID, outcome: Outcome) -> None:
    """Record what became of a backup, and of the archives that had had their time."""
    made = outcome.made
    facts = (str(made.archive), made.size, made.manifest.rows) if made else (None, None, None)
    if await repository.end(uow, key, outcome.state, clock.now(), *facts, outcome.is_encrypted, outcome.reason) is None:
        return
    size = None if made is None else made.size // MEGABYTE
    new = {"state": outcome.state, "file": None if made is None else made.archive.name, "size_mb": size}
    uow.record(Entry("backup.ended", "backup.archive", key, new=new, reason=outcome.reason))
    await tidying.note(uow, outcome.tidied)


async def conclude(uow: UnitOfWork, key: UUID, outcome: Outcome) -> None:
    """Record what became of a backup that the program made by itself, in its log too, and see to the alarm."""
    await finish(uow, key, outcome)
    write = logger.info if outcome.state == "verified" else logger.error
    write("backup", outcome=outcome.state, backup_id=str(key), reason=outcome.reason)
    await watching.watch(uow)


async def break_off(uow: UnitOfWork, key: UUID) -> None:
    """Record a backup that its command was broken off in, so that the next one need not wait for it."""
    await finish(uow, key, Outcome("failed", reason="It was broken off."))


async def give_up(uow: UnitOfWork, key: UUID) -> None:
    """Record a backup that could not be finished, however often it was begun."""
    await conclude(uow, key, Outcome("failed", reason="It took too long, or the program ended each time."))
