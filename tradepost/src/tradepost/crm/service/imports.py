"""Files of contacts that are sent in: received once, read by a job, told entry by entry (rule 35)."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from mainstay import clock
from mainstay.db.query import encode_moment_cursor, encode_position_cursor
from mainstay.errors import FieldProblem
from mainstay.messages.progress import report
from mainstay.modules.files import api as files
from mainstay.modules.files.api import Passed
from mainstay.modules.files.api import Upload as UploadedFile
from mainstay.modules.flags.api import demand_on
from mainstay.work import Row, UnitOfWork
from tradepost.crm.errors import ImportIdReused, UnknownField, UnknownImport, UnreadableFile
from tradepost.crm.events import ContactFileReceived
from tradepost.crm.exchange.answers import (
    ContactImportOut,
    ContactImportRowOut,
    ContactImportRowsOut,
    ContactImportsOut,
    EntryOutcome,
)
from tradepost.crm.exchange.entry import ExchangeProblem, Notice
from tradepost.crm.exchange.file import ContactFile, read_file
from tradepost.crm.exchange.sheet.rejects import REASONS
from tradepost.crm.exchange.sheet.target import GUESSED, Chosen, parse_target
from tradepost.crm.flags import CONTACT_IMPORTS
from tradepost.crm.repository import imports as repository
from tradepost.crm.repository.imports import Upload
from tradepost.crm.service.taking import take

LARGEST_FILE = 5 * 1024 * 1024
MOST_ENTRIES = 5000
BATCH = 500
FAULT = "The file could not be taken in because of a fault here; nothing of it was. Try again later."
OpenWork = Callable[[], AbstractAsyncContextManager[UnitOfWork]]


@dataclass(frozen=True, slots=True)
class Sending:
    """What a file is sent as, and how it is to be read; `country` is that of phones without a country code.

    `scan` is what the virus scanner said of it.
    """

    id: UUID
    filename: str
    country: str | None = None
    chosen: Chosen = GUESSED
    scan: Passed = "none"


def choose(fields: Sequence[str] | None, *, has_header: bool = True) -> Chosen:
    """Return how a sheet is to be read: a field for each column, None where they are guessed. Raises UnknownField."""
    if fields is None:
        return Chosen(None, has_header)
    targets = []
    for place, code in enumerate(fields):
        try:
            targets.append(parse_target(code))
        except ValueError as failure:
            problem = FieldProblem(f"field.{place}", "unknown_field", f"“{code}” is no field of a contact.")
            raise UnknownField(problem.message, errors=[problem]) from failure
    return Chosen(tuple(targets), has_header)


async def scanned(open_work: OpenWork, sending: Sending, content: bytes) -> Sending:
    """Return a file as one that the virus scanner has looked at. Raises what `demand_clean` of files raises."""
    upload = UploadedFile("crm.import", sending.filename, sending.id if sending.id.int else None)
    return replace(sending, scan=await files.demand_clean(open_work, upload, files.at_once(content)))


async def upload(sending: Sending, content: bytes) -> Upload:
    """Return a file as it is kept, without a unit of work. Raises UnreadableFile with the sentence for its sender."""
    return as_sent(sending, content, await _read(content, sending.chosen))


def as_sent(sending: Sending, content: bytes, file: ContactFile) -> Upload:
    """Return a file that was read as it is kept."""
    return Upload(
        id=sending.id,
        filename=sending.filename,
        sha256=hashlib.sha256(content).digest(),
        content=content,
        format=file.format,
        country=sending.country,
        mapping=file.chosen.code,
        has_header=file.chosen.has_header,
        columns=file.columns,
        scan=sending.scan,
    )


async def receive(uow: UnitOfWork, sent: Upload) -> ContactImportOut:
    """Keep a file and have it read; the same file read in the same way is the first import (rule 35).

    Raises ImportIdReused, and flags' SwitchedOff.
    """
    demand_on(uow, CONTACT_IMPORTS)
    if await repository.add(uow, sent):
        uow.publish(ContactFileReceived(import_id=sent.id))
        return await get_import(uow, sent.id)
    first = await repository.of_content(uow, sent)
    if first is None:
        raise ImportIdReused("An import with this id and another file exists; nothing was changed.")
    if first["state"] == "failed":
        first = await restart(uow, first["id"])
    elif first["state"] == "waiting":
        # Its job may be lost: sending it again starts it again.
        uow.publish(ContactFileReceived(import_id=first["id"]))
    return ContactImportOut.model_validate(dict(first) | {"is_repeat": True})


async def read_import(uow: UnitOfWork, import_id: UUID) -> None:
    """Take the contacts of a file in: all of them that can be, and nothing when it breaks off. Safe to run again."""
    waiting = await repository.begin(uow, import_id)
    if waiting is None:
        return
    chosen = Chosen.of(waiting["mapping"], has_header=waiting["has_header"])
    file = await _read(waiting["content"], chosen)
    for place in range(0, len(file.entries), BATCH):
        batch = file.entries[place : place + BATCH]
        told = await take(uow, batch, file.format, waiting["country"], waiting["owner_id"])
        await repository.add_rows(uow, import_id, told)
        report(place + len(batch), len(file.entries))
    await repository.finish(uow, import_id, clock.now())


async def give_up(uow: UnitOfWork, import_id: UUID) -> None:
    """Say that a file was tried often enough; it is kept, and starting it again is possible. Safe to run again."""
    await repository.fail(uow, import_id, Notice("fault", FAULT), clock.now())


async def restart_import(uow: UnitOfWork, import_id: UUID) -> ContactImportOut:
    """Have a file read again that failed; one that waits or was read stays as it is.

    Raises UnknownImport, and flags' SwitchedOff.
    """
    demand_on(uow, CONTACT_IMPORTS)
    present = await _present(uow, import_id)
    restarted = await restart(uow, import_id) if present["state"] == "failed" else present
    return ContactImportOut.model_validate(dict(restarted))


async def restart(uow: UnitOfWork, import_id: UUID) -> Row:
    """Have a file that failed wait once more."""
    await repository.wait_again(uow, import_id)
    uow.publish(ContactFileReceived(import_id=import_id))
    return await _present(uow, import_id)


async def rejected(open_work: OpenWork, import_id: UUID) -> tuple[list[str], AsyncIterator[list[list[str]]]]:
    """Return the head and the pages of a file of what was rejected, to be mended and sent again: reasons and cells.

    Raises UnknownImport before the first row. Each page of rows is read in a unit of work of its own.
    """
    async with open_work() as uow:
        await _present(uow, import_id)
        columns = await repository.columns(uow, import_id)
    return [*REASONS, *columns], _rejected(open_work, import_id)


async def _rejected(open_work: OpenWork, import_id: UUID) -> AsyncIterator[list[list[str]]]:
    after = 0
    while True:
        async with open_work() as uow:
            rows = await repository.rows(uow, import_id, "rejected", after, BATCH)
        if not rows:
            return
        yield [[row["sentence"], str(row["line"]), *row["cells"]] for row in rows]
        after = rows[-1]["number"]


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
    following = encode_position_cursor(items[-1].number) if len(rows) > size else None
    total = await repository.count_rows(uow, import_id, outcome)
    return ContactImportRowsOut(items=items, next_cursor=following, total=total)


async def _present(uow: UnitOfWork, import_id: UUID) -> Row:
    row = await repository.one(uow, import_id)
    if row is None:
        raise UnknownImport("There is no such import.")
    return row


async def _read(content: bytes, chosen: Chosen) -> ContactFile:
    if not content:
        raise UnreadableFile("The file is empty.")
    try:
        found = await asyncio.to_thread(read_file, content, MOST_ENTRIES, chosen)
    except ExchangeProblem as problem:
        raise UnreadableFile(str(problem)) from problem
    if not found.entries:
        raise UnreadableFile("The file has no contacts.")
    return found
