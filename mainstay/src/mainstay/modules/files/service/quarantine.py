"""Quarantine: nothing of a file is read before the scanner has looked at it; then it is let out, or refused."""

from contextlib import aclosing
from dataclasses import dataclass
from uuid import UUID

from mainstay.modules.files.events import BytesDropped, FileReady
from mainstay.modules.files.repository import files as repository
from mainstay.modules.files.repository.files import Whole
from mainstay.modules.files.service import finishing, knowing, notices, scanning
from mainstay.modules.files.service.finishing import Refused
from mainstay.modules.files.service.placing import storage_of
from mainstay.modules.files.service.receiving import OBJECT
from mainstay.modules.files.service.scanning import Upload, Verdict
from mainstay.work import Row, UnitOfWork


@dataclass(frozen=True, slots=True)
class Looked:
    """What is to become of a file: what the scanner said, and of a clean picture what is kept, or why it is refused."""

    verdict: Verdict
    whole: Whole | None = None
    refusal: str | None = None


async def look(uow: UnitOfWork, file_id: UUID) -> Looked | None:
    """Have the scanner look at a file, and at a clean picture ourselves; None when it is not in quarantine.

    Raises ScannerFailed: then it stays there.
    """
    row = await repository.one(uow, file_id)
    storage = await storage_of(uow)
    await uow.release()
    if row is None or row["state"] != "quarantined":
        return None
    verdict = await scanning.ask(uow, Upload(OBJECT, row["filename"], file_id), storage.read(row["key"]))
    if verdict.found is not None or row["media_type"] not in knowing.PICTURES:
        return Looked(verdict)
    async with aclosing(storage.read(row["key"])) as pieces:
        content = b"".join([piece async for piece in pieces])
    try:
        return Looked(verdict, await finishing.keep_picture(uow, row, storage, content, verdict.scan))
    except Refused as refusal:
        return Looked(verdict, refusal=refusal.reason)


async def decide(uow: UnitOfWork, file_id: UUID, looked: Looked | None) -> None:
    """Let a file out of quarantine, or refuse it."""
    if looked is None:
        return
    row = await repository.one(uow, file_id)
    verdict, whole = looked.verdict, looked.whole
    reason = looked.refusal if verdict.found is None else "infected"
    if row is not None and reason is not None:
        await finishing.refuse(uow, row, reason, verdict.scan)
        if verdict.found is not None:
            await _tell(uow, row, verdict.found)
    elif row is not None and await _let_out(uow, row, whole, verdict):
        uow.publish(FileReady(file_id=file_id))
    elif whole is not None:
        # It is gone, or somebody else has decided.
        uow.publish(BytesDropped(keys=(whole.key,)))


async def _tell(uow: UnitOfWork, row: Row, found: str) -> None:
    owner = uow.setup.file_owners.get(row["owner_kind"])
    path = None if owner is None or owner.page is None else owner.page.format(id=row["owner_id"])
    await notices.tell_infected(uow, Upload(OBJECT, row["filename"], row["id"]), row["created_by"], found, path)


async def _let_out(uow: UnitOfWork, row: Row, whole: Whole | None, verdict: Verdict) -> bool:
    if whole is None:
        return await repository.release(uow, row["id"], verdict.scan)
    if not await repository.replace(uow, row["id"], whole):
        return False
    uow.publish(BytesDropped(keys=(row["key"],)))
    return True
