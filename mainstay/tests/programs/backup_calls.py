"""What tests of the backup module share: how they run jobs on a database of their own, and archives that were made."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from mainstay import ids
from mainstay.bootstrap.program import Program
from mainstay.db.backup.archive import ArchiveWriter
from mainstay.db.backup.manifest import Header
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener
from mainstay.worker.body import perform_scheduled
from mainstay.worker.inline import run_deferred

ADD = """
INSERT INTO backup_archive (id, database_id, kind, state, started_at, ended_at, path, size_bytes, row_count, reason)
VALUES ($1, $2, 'scheduled', $3, $4, $4, $5, 7, 7, $6)
"""
OWNER = """
INSERT INTO identity_person (id, email, email_key, name, role, password_hash)
VALUES (gen_random_uuid(), 'joan@shop.example', 'joan@shop.example', 'Joan', 'owner', 'x')
"""


async def tick(program: Program, open_work: WorkOpener, moment: datetime) -> None:
    """Have the worker look at the clock, and carry out what that brings."""
    (schedule,) = (each for each in program.schedules if each.name == "backup.tick")
    await perform_scheduled(schedule, open_work, int(moment.timestamp()))
    await run_deferred(program, open_work)


async def rows(open_work: WorkOpener) -> list[tuple[str, str | None, bool]]:
    """Return state, reason, and whether it is there, of every backup, the oldest first."""
    async with open_work(SYSTEM) as uow:
        found = await uow.read("SELECT state, reason, removed_at FROM backup_archive ORDER BY started_at")
    return [(row["state"], row["reason"], row["removed_at"] is None) for row in found]


def _write_archive(folder: Path, header: Header) -> Path:
    path = folder / f"vault-{header.id.hex}.backup"
    folder.mkdir(exist_ok=True)
    with path.open("wb") as file:
        ArchiveWriter(file, header, None)
    return path


async def add_archive(
    uow: UnitOfWork, folder: Path, database: UUID, moment: datetime, state: str = "verified"
) -> tuple[UUID, Path]:
    """Put an archive of the database into the folder and on record, without anything in it."""
    key = ids.new_id()
    path = _write_archive(folder, Header("vault", database, key, moment, "00", None))
    await uow.write(ADD, key, database, state, moment, str(path), None if state == "verified" else "It is broken.")
    return key, path
