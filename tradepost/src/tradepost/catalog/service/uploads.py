"""Files that are sent in: received once, shown with their progress, reported row by row (rule 35)."""

import hashlib
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Self
from uuid import UUID

from mainstay.modules.files import api as files
from mainstay.modules.flags.api import demand_on
from mainstay.work import Row, UnitOfWork
from tradepost.catalog.errors import EmptyFile, IdReused, UnknownImport
from tradepost.catalog.events import ImportReceived, ImportRequested
from tradepost.catalog.flags import IMPORTS
from tradepost.catalog.repository import imports as repository
from tradepost.catalog.repository.imports import Upload
from tradepost.catalog.schemas import ImportOut, ImportRowOut, RowOutcome, Scan
from tradepost.shop import api as shop

CHUNK = 256 * 1024
LARGEST_FILE = 20 * 1024 * 1024
IN_MEMORY = 1024 * 1024
# Rows of the report that are read at once while it is written.
REPORT_PAGE = 500

OpenWork = Callable[[], AbstractAsyncContextManager[UnitOfWork]]


class Spool:
    """A file while it arrives: kept out of memory and out of any transaction."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  closed by __exit__
        self._digest = hashlib.sha256()
        self.size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, piece: bytes) -> None:
        """Add what has arrived."""
        self._file.write(piece)
        self._digest.update(piece)
        self.size += len(piece)

    @property
    def sha256(self) -> bytes:
        """Return the digest of all that was added."""
        return self._digest.digest()

    def pieces(self) -> Iterator[bytes]:
        """Yield the file from its beginning."""
        self._file.seek(0)
        while piece := self._file.read(CHUNK):
            yield piece


@dataclass(frozen=True, slots=True)
class Target:
    """What a file is sent as: its id, its name on the sender's machine, and the store whose stock it opens."""

    id: UUID
    filename: str
    store_id: UUID


async def check_store(uow: UnitOfWork, store_id: UUID) -> None:
    """Refuse a file before it is sent: raises flags' SwitchedOff, and shop's errors for an unknown store."""
    demand_on(uow, IMPORTS, store_id)
    await shop.store(uow, store_id)


async def receive(uow: UnitOfWork, target: Target, spool: Spool) -> ImportOut:
    """Keep a file and have it read; the same file for the same store again is the first import (rule 35).

    Raises EmptyFile, IdReused, and what `check_store` raises.
    """
    await check_store(uow, target.store_id)
    if not spool.size:
        raise EmptyFile("The file is empty.")
    has_scanner = files.has_scanner(uow)
    scan: Scan = "waiting" if has_scanner else "none"
    upload = Upload(target.id, target.store_id, target.filename, spool.size, spool.sha256, scan)
    if not await repository.add(uow, upload):
        return await _repeat(uow, upload)
    for position, piece in enumerate(spool.pieces()):
        await repository.add_chunk(uow, target.id, position, piece)
    # What a scanner is to look at is not read before.
    event = ImportRequested(import_id=target.id, store_id=target.store_id)
    uow.publish(ImportReceived(import_id=target.id) if has_scanner else event)
    return await get_import(uow, target.id)


async def _repeat(uow: UnitOfWork, upload: Upload) -> ImportOut:
    first = await repository.of_content(uow, upload.sha256, upload.store_id)
    if first is None:
        raise IdReused("An import with this id and another file exists; nothing was changed.")
    if first["status"] == "waiting" and first["scan"] == "waiting":
        uow.publish(ImportReceived(import_id=first["id"]))
    elif first["status"] == "waiting" and first["problem"]:
        # Its tries may be used up: sending it again starts it again.
        uow.publish(ImportRequested(import_id=first["id"], store_id=first["store_id"]))
    return ImportOut.model_validate(dict(first) | {"is_repeat": True})


async def get_import(uow: UnitOfWork, import_id: UUID) -> ImportOut:
    """Return an import with its progress. Raises UnknownImport."""
    return ImportOut.model_validate(dict(await _present(uow, import_id)))


async def list_imports(
    uow: UnitOfWork, before: tuple[datetime, UUID] | None, limit: int
) -> tuple[list[ImportOut], int]:
    """Return imports, newest first (one more than `limit` when there is a next page), and the number of all."""
    rows = await repository.page(uow, before, limit + 1)
    return [ImportOut.model_validate(dict(row)) for row in rows], await repository.count(uow)


async def list_rows(
    uow: UnitOfWork, import_id: UUID, outcome: RowOutcome | None, after: int, limit: int
) -> tuple[list[ImportRowOut], int]:
    """Return reported rows (one more than `limit` when there is a next page) and their number. Raises UnknownImport."""
    await _present(uow, import_id)
    rows = await repository.rows(uow, import_id, outcome, after, limit + 1)
    total = await repository.count_rows(uow, import_id, outcome)
    return [ImportRowOut.model_validate(dict(row)) for row in rows], total


async def rejected(open_work: OpenWork, import_id: UUID) -> tuple[list[str], AsyncIterator[list[list[str]]]]:
    """Return the head and the pages of a file that can be corrected and sent again: rejected cells and the reason.

    Raises UnknownImport before the first row. Each page of rows is read in a unit of work of its own.
    """
    async with open_work() as uow:
        columns = (await _present(uow, import_id))["columns"] or []
    return [*columns, "reason"], _rejected(open_work, import_id, len(columns))


async def _rejected(open_work: OpenWork, import_id: UUID, width: int) -> AsyncIterator[list[list[str]]]:
    after = 0
    while True:
        async with open_work() as uow:
            rows = await repository.rows(uow, import_id, "rejected", after, REPORT_PAGE)
        if not rows:
            return
        yield [[*_fitted(row["raw"], width), row["reason"]] for row in rows]
        after = rows[-1]["row_number"]


def _fitted(cells: list[str], width: int) -> list[str]:
    """Return as many cells as there are columns, or more when the row had more."""
    return cells + [""] * (width - len(cells))


async def _present(uow: UnitOfWork, import_id: UUID) -> Row:
    row = await repository.one(uow, import_id)
    if row is None:
        raise UnknownImport("There is no such import.")
    return row
