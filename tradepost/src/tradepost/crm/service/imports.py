"""Files of contacts that are sent in: received once, read by a job, told entry by entry (rule 35)."""

import asyncio
import hashlib
from datetime import datetime
from uuid import UUID

from mainstay import clock
from mainstay.db.query import encode_moment_cursor
from mainstay.work import Row, UnitOfWork
from tradepost.crm.errors import ImportIdReused, UnknownImport, UnreadableFile
from tradepost.crm.events import ContactFileReceived
from tradepost.crm.exchange.answers import (
    ContactImportOut,
    ContactImportRowOut,
    ContactImportRowsOut,
    ContactImportsOut,
    EntryOutcome,
)
from tradepost.crm.exchange.entry import ExchangeProblem
from tradepost.crm.exchange.file import ContactFile, read_file
from tradepost.crm.repository import imports as repository
from tradepost.crm.repository.imports import Upload
from tradepost.crm.service.taking import take

LARGEST_FILE = 5 * 1024 * 1024
MOST_ENTRIES = 5000
BATCH = 500


async def upload(import_id: UUID, filename: str, content: bytes, country: str | None = None) -> Upload:
    """Return a file as it is kept, without a unit of work. Raises UnreadableFile with the sentence for its sender."""
    file = await _read(content)
    return Upload(import_id, filename, hashlib.sha256(content).digest(), content, file.format, country)


async def receive(uow: UnitOfWork, sent: Upload) -> ContactImportOut:
    """Keep a file and have it read; the same file again is the first import (rule 35). Raises ImportIdReused."""
    if await repository.add(uow, sent):
        uow.publish(ContactFileReceived(import_id=sent.id))
        return await get_import(uow, sent.id)
    first = await repository.of_content(uow, sent.sha256)
    if first is None:
        raise ImportIdReused("An import with this id and another file exists; nothing was changed.")
    if first["state"] == "waiting":
        # Its tries may be used up: sending it again starts it again.
        uow.publish(ContactFileReceived(import_id=first["id"]))
    return ContactImportOut.model_validate(dict(first) | {"is_repeat": True})


async def read_import(uow: UnitOfWork, import_id: UUID) -> None:
    """Take the contacts of a file in: all of them that can be, and nothing when it breaks off. Safe to run again."""
    waiting = await repository.begin(uow, import_id)
    if waiting is None:
        return
    content, country = waiting
    file = await _read(content)
    for place in range(0, len(file.entries), BATCH):
        told = await take(uow, file.entries[place : place + BATCH], file.format, country)
        await repository.add_rows(uow, import_id, told)
    await repository.finish(uow, import_id, clock.now())


async def get_import(uow: UnitOfWork, import_id: UUID) -> ContactImportOut:
    """Return an import. Raises UnknownImport."""
    return ContactImportOut.model_validate(dict(await _present(uow, import_id)))


async def list_imports(uow: UnitOfWork, before: tuple[datetime, UUID] | None, size: int) -> ContactImportsOut:
    """Return a page of imports, newest first."""
    rows = await repository.page(uow, before, size + 1)
    items = [ContactImportOut.model_validate(dict(row)) for row in rows[:size]]
    following = encode_moment_cursor(items[-1].created_at, items[-1].id) if len(rows) > size else None
    return ContactImportsOut(items=items, next_cursor=following, total=await repository.count(uow))


async def list_rows(
    uow: UnitOfWork, import_id: UUID, outcome: EntryOutcome | None, after: int, size: int
) -> ContactImportRowsOut:
    """Return a page of what came of the entries of a file, in its order. Raises UnknownImport."""
    await _present(uow, import_id)
    rows = await repository.rows(uow, import_id, outcome, after, size + 1)
    items = [ContactImportRowOut.model_validate(dict(row)) for row in rows[:size]]
    following = str(items[-1].number) if len(rows) > size else None
    total = await repository.count_rows(uow, import_id, outcome)
    return ContactImportRowsOut(items=items, next_cursor=following, total=total)


async def _present(uow: UnitOfWork, import_id: UUID) -> Row:
    row = await repository.one(uow, import_id)
    if row is None:
        raise UnknownImport("There is no such import.")
    return row


async def _read(content: bytes) -> ContactFile:
    if not content:
        raise UnreadableFile("The file is empty.")
    try:
        found = await asyncio.to_thread(read_file, content, MOST_ENTRIES)
    except ExchangeProblem as problem:
        raise UnreadableFile(str(problem)) from problem
    if not found.entries:
        raise UnreadableFile("The file has no contacts.")
    return found
