"""Quarantine: nothing of a file of products is read before the virus scanner has looked at it."""

from collections.abc import AsyncGenerator
from uuid import UUID

from mainstay import clock
from mainstay.modules.files import api as files
from mainstay.modules.files.api import Upload, Verdict
from mainstay.work import UnitOfWork
from tradepost.catalog.events import ImportReceived, ImportRequested
from tradepost.catalog.repository import imports as repository
from tradepost.catalog.service import notices

KIND = "catalog.import"
INFECTED = "The virus scanner found {found} in the file; nothing of it was read or kept."


async def look(uow: UnitOfWork, import_id: UUID) -> Verdict | None:
    """Have the scanner look at a file; None when it does not wait for that. Raises ScannerFailed: it waits on."""
    row = await repository.waiting_for_scan(uow, import_id)
    await uow.release()
    if row is None:
        return None
    return await files.ask(uow, Upload(KIND, row["filename"], import_id), _pieces(uow, import_id))


async def decide(uow: UnitOfWork, import_id: UUID, verdict: Verdict | None) -> None:
    """Have a file read that is clean, and forget one that is not, whose sender is told. Safe to run again."""
    if verdict is None:
        return
    row = await repository.note_scan(uow, import_id, verdict.scan)
    if row is None:
        return
    if verdict.found is None:
        uow.publish(ImportRequested(import_id=import_id, store_id=row["store_id"]))
        return
    await repository.fail(uow, import_id, INFECTED.format(found=verdict.found), clock.now())
    await repository.forget_file(uow, import_id)
    files.note_infected(uow, Upload(KIND, row["filename"], import_id), verdict.found)
    await notices.tell(uow, import_id)


async def ask_again(uow: UnitOfWork) -> None:
    """Have files looked at that wait still: the tries of their job have ended, or it is lost."""
    for row in await repository.in_quarantine(uow):
        uow.publish(ImportReceived(import_id=row["id"]))


async def _pieces(uow: UnitOfWork, import_id: UUID) -> AsyncGenerator[bytes, None]:
    position = 0
    while (piece := await repository.chunk(uow, import_id, position)) is not None:
        # The scanner may take its time over it.
        await uow.release()
        yield piece
        position += 1
