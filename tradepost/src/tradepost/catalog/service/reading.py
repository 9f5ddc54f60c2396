"""Reading an uploaded file into the catalogue: in pieces, in one transaction, with its progress visible meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import astuple, dataclass
from itertools import islice
from uuid import UUID

import structlog

from mainstay import clock
from mainstay.messages.progress import report
from mainstay.sheet.encoding import Encoding, Survey
from mainstay.sheet.lines import decode_head
from mainstay.sheet.problem import SheetProblem
from mainstay.sheet.records import Records
from mainstay.work import UnitOfWork
from tradepost.catalog.events import ImportFinished
from tradepost.catalog.repository import imports as repository
from tradepost.catalog.repository import words
from tradepost.catalog.repository.imports import Description
from tradepost.catalog.service import notices
from tradepost.catalog.service.entry import terms
from tradepost.catalog.service.importing import Counts, Importing
from tradepost.catalog.sheet.layout import Layout, find_layout
from tradepost.catalog.sheet.reader import Reader
from tradepost.catalog.sheet.row import SheetRow

BATCH = 1000
MOST_ROWS = 250_000
FAULT = "The file could not be taken in because of a fault here; it is tried again by itself."
GIVEN_UP = "The file could not be taken in because of a fault here; nothing of it was. Send it again later."

logger = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """What was found out about a file by looking through it."""

    encoding: Encoding
    layout: Layout
    rows: int

    def description(self) -> Description:
        """Return it as the report shows it."""
        layout = self.layout
        return Description(layout.format, self.encoding.codec, layout.separator, list(layout.columns), self.rows)


async def read_import(uow: UnitOfWork, import_id: UUID) -> None:
    """Read an uploaded file; nothing of it is in the catalogue before all of it is. Safe to run again.

    A file that is no table ends as failed with a sentence that says why. What else goes wrong is raised, for another
    try.
    """
    async with uow.beside() as apart:
        store_id = await repository.begin(apart, import_id)
    if store_id is None:
        return
    try:
        counts = await _read(uow, import_id)
    except SheetProblem as problem:
        await repository.fail(uow, import_id, str(problem), clock.now())
        await repository.forget_file(uow, import_id)
        await notices.tell(uow, import_id)
    except BaseException:
        async with uow.beside() as apart:
            await repository.wait_again(apart, import_id, FAULT)
        raise
    else:
        figures = {"created": counts.created, "updated": counts.updated, "unchanged": counts.unchanged}
        uow.publish(ImportFinished(import_id=import_id, store_id=store_id, **figures))
        await notices.tell(uow, import_id)


async def give_up(uow: UnitOfWork, import_id: UUID) -> None:
    """End an import whose tries are used up as failed; sending its file again begins anew. Safe to run again."""
    if await repository.give_up(uow, import_id, GIVEN_UP, clock.now()):
        await repository.forget_file(uow, import_id)
        await notices.tell(uow, import_id)


async def _read(uow: UnitOfWork, import_id: UUID) -> Counts:
    """Take the file into the catalogue. Raises SheetProblem before anything is written, and Collision."""
    began = clock.monotonic()
    plan = await _survey(uow, import_id)
    async with uow.beside() as apart:
        await repository.describe(apart, import_id, plan.description())
    importing = Importing(uow, import_id, await terms(uow))
    async for rows in _batches(uow, import_id, plan):
        await importing.take(rows)
        report(importing.counts.rows_read, plan.rows)
        async with uow.beside() as apart:
            await repository.progress(apart, import_id, astuple(importing.counts))
            # Apart too: others who learn the same words must not wait for the whole import.
            await words.learn(apart, importing.words)
    await importing.finish()
    await repository.finish(uow, import_id, clock.now())
    await repository.forget_file(uow, import_id)
    counts, seconds = importing.counts, round(clock.monotonic() - began, 1)
    logger.info("a file was imported", rows=counts.rows_read, rejected=counts.rows_rejected, seconds=seconds)
    return counts


async def _survey(uow: UnitOfWork, import_id: UUID) -> Plan:
    """Look through the whole file before anything is written. Raises SheetProblem."""
    survey, head = Survey(), b""
    async for piece in _pieces(uow, import_id):
        await asyncio.to_thread(survey.feed, piece)
        head = head or piece
    encoding = survey.encoding()
    layout = find_layout(decode_head(head, encoding))
    records = Records(encoding, layout.separator)
    async for piece in _pieces(uow, import_id):
        await asyncio.to_thread(_pass_over, records, piece)
    await asyncio.to_thread(_pass_over, records, None)
    rows = records.count - layout.header_row
    if not rows:
        raise SheetProblem("The file has a header and no rows below it.")
    return Plan(encoding, layout, rows)


async def _batches(uow: UnitOfWork, import_id: UUID, plan: Plan) -> AsyncIterator[list[SheetRow]]:
    """Yield the rows in batches; decoding and parsing are done in a thread, so that the worker stays responsive."""
    records, reader = Records(plan.encoding, plan.layout.separator), Reader(plan.layout)
    async for piece in _pieces(uow, import_id):
        await asyncio.to_thread(records.feed, piece)
        rows = reader.read(records.ready())
        while batch := await asyncio.to_thread(_take, rows):
            yield batch
    records.end()
    rows = reader.read(records.ready())
    while batch := await asyncio.to_thread(_take, rows):
        yield batch


async def _pieces(uow: UnitOfWork, import_id: UUID) -> AsyncIterator[bytes]:
    position = 0
    while (piece := await repository.chunk(uow, import_id, position)) is not None:
        yield piece
        position += 1


def _take(rows: Iterator[SheetRow]) -> list[SheetRow]:
    return list(islice(rows, BATCH))


def _pass_over(records: Records, piece: bytes | None) -> None:
    if piece is None:
        records.end()
    else:
        records.feed(piece)
    for number, _ in records.ready():
        if number > MOST_ROWS:
            raise SheetProblem(f"The file has more than {MOST_ROWS:,} rows; split it.")
