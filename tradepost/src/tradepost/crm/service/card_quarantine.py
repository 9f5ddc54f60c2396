"""Quarantine: a file of cards that came while the virus scanner was away is kept unread until that has looked at it."""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import timedelta
from typing import IO, Final
from uuid import UUID

from mainstay import clock
from mainstay.db.query import encode_moment_cursor
from mainstay.messages import audit
from mainstay.modules.files import api as files
from mainstay.modules.files.api import Passed, ScannerAway, Upload, Verdict
from mainstay.net.clamd import FileNotTaken, ScannerFailed
from mainstay.work import Row, UnitOfWork
from tradepost.crm.cards.answers import CardHeldFileOut, CardHeldFilesOut, CardUploadOut
from tradepost.crm.cards.archive import label
from tradepost.crm.cards.limits import MEBI
from tradepost.crm.cards.refusal import PictureRefused
from tradepost.crm.errors import ArchiveRefused, PhotoIdReused, UnknownHeldFile
from tradepost.crm.events import CardFileHeld
from tradepost.crm.repository import photos
from tradepost.crm.repository import uploads as repository
from tradepost.crm.repository.photos import Chosen, Place, Sender, sender_of
from tradepost.crm.repository.uploads import Fate, NewUpload
from tradepost.crm.service.card_taking import Target, known, take
from tradepost.crm.settings import CardSettings

KIND: Final = "crm.card_photo"
CHUNK: Final = 8 * MEBI
KEPT_FOR: Final = timedelta(days=30)
# Of so many at once it is wanted that they are looked at.
AT_ONCE: Final = 1000
PAGE: Final = "/contacts/cards"
PROBE: Final = "Is anybody there?"
INFECTED: Final = "The virus scanner found {found} in the file; nothing of it was read or kept."
NOT_SCANNABLE: Final = "The virus scanner cannot look at this file; it may be too large for it. It was not kept."
FULL: Final = "The virus scanner does not answer, and no more files may wait for it; try again in a moment."


@dataclass(frozen=True, slots=True)
class NotTaken:
    """The scanner answered, and cannot look at this one file."""


Looked = Verdict | NotTaken


async def hold(uow: UnitOfWork, sent: Target, file: IO[bytes], away: ScannerAway) -> CardUploadOut:
    """Keep a file as it is, to be looked at by a job; what is here already is not kept again.

    Raises `away`, in other words, when as much as may wait does, and PhotoIdReused.
    """
    upload = await asyncio.to_thread(_as_sent, sent, file)
    sender = sender_of(uow.actor)
    photo = await known(uow, upload.sha256, sender)
    if photo is not None:
        return CardUploadOut(batch_id=photo.batch_id, photos=[photo], refused=[], is_repeat=True)
    is_new = await repository.add(uow, upload, sender)
    row = await (repository.one(uow, sent.id) if is_new else repository.the_same(uow, upload, sender))
    if row is None:
        raise PhotoIdReused("Another picture with this id exists; nothing was changed.")
    if is_new:
        await _keep_bytes(uow, sent.id, file)
        await _demand_room(uow, away)
        uow.publish(CardFileHeld(upload_id=sent.id))
    held = CardHeldFileOut.model_validate(dict(row))
    return CardUploadOut(batch_id=held.batch_id, photos=[], refused=[], held=held, is_repeat=not is_new)


async def look(uow: UnitOfWork, upload_id: UUID) -> Looked | None:
    """Have the scanner look at a file; None when it does not wait for that. Raises ScannerFailed: it waits on."""
    row = await repository.in_quarantine(uow, upload_id)
    await uow.release()
    if row is None:
        return None
    try:
        return await files.ask(uow, Upload(KIND, row["filename"], upload_id), _pieces(uow, upload_id))
    except FileNotTaken:
        return NotTaken()


async def decide(uow: UnitOfWork, upload_id: UUID, looked: Looked | None) -> None:
    """Take the pictures of a file that is clean, as its sender's, and refuse any other; its bytes are gone either way.

    Safe to run again.
    """
    row = await repository.lock(uow, upload_id) if looked is not None else None
    if row is None or looked is None:
        return
    if isinstance(looked, NotTaken):
        fate = Fate("none", code="files.not_scannable", sentence=NOT_SCANNABLE)
    elif looked.found is not None:
        fate = Fate("infected", code="files.infected", sentence=INFECTED.format(found=looked.found))
        upload = Upload(KIND, row["filename"], upload_id, row["actor_name"])
        files.note_infected(uow, upload, looked.found)
        await files.tell_infected(uow, upload, row["owner_id"], looked.found, PAGE)
    else:
        fate = await _take(uow, row, "clean" if looked.was_asked else "none")
    await repository.decide(uow, upload_id, fate, clock.now())


async def is_back(uow: UnitOfWork) -> bool:
    """Whether files wait for a scanner that answers again.

    It is asked about a word of ours: a file at which it fails each time would keep all others waiting.
    """
    if not await repository.all_waiting(uow, 1):
        return False
    try:
        await files.ask(uow, Upload(KIND, PROBE), files.at_once(PROBE.encode()))
    except ScannerFailed:
        return False
    return True


async def ask_again(uow: UnitOfWork) -> None:
    """Have all files looked at that wait: their jobs may wait for long, or have given up."""
    for upload_id in await repository.all_waiting(uow, AT_ONCE):
        uow.publish(CardFileHeld(upload_id=upload_id))


async def forget_old(uow: UnitOfWork) -> None:
    """Forget what became of files long ago; their pictures stay."""
    for batch_id in await repository.forget_old(uow, clock.now() - KEPT_FOR):
        await photos.drop_empty(uow, batch_id)


async def list_held(uow: UnitOfWork, chosen: Chosen, after: Place | None, size: int) -> CardHeldFilesOut:
    """Return a page of files, in the order in which they were sent."""
    rows = await repository.page(uow, chosen, after, size + 1)
    items = [CardHeldFileOut.model_validate(dict(row)) for row in rows[:size]]
    following = encode_moment_cursor(items[-1].created_at, items[-1].id) if len(rows) > size else None
    return CardHeldFilesOut(items=items, next_cursor=following, total=await repository.count(uow, chosen))


async def get_held(uow: UnitOfWork, upload_id: UUID) -> CardHeldFileOut:
    """Return a file without its bytes. Raises UnknownHeldFile."""
    row = await repository.one(uow, upload_id)
    if row is None:
        raise _unknown()
    return CardHeldFileOut.model_validate(dict(row))


async def delete_held(uow: UnitOfWork, upload_id: UUID) -> None:
    """Delete a file that waits, with its bytes, or what is told of one; pictures stay. Raises UnknownHeldFile."""
    batch_id = await repository.delete(uow, upload_id)
    if batch_id is None:
        raise _unknown()
    await photos.drop_empty(uow, batch_id)
    uow.record(audit.Entry("crm.held_file_deleted", "crm.held_file", upload_id))


def _as_sent(sent: Target, file: IO[bytes]) -> NewUpload:
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(CHUNK):
        digest.update(piece)
    return NewUpload(sent.id, sent.batch_id, label(sent.filename), digest.digest(), file.tell())


async def _keep_bytes(uow: UnitOfWork, upload_id: UUID, file: IO[bytes]) -> None:
    file.seek(0)
    position = 0
    while piece := await asyncio.to_thread(file.read, CHUNK):
        await repository.add_chunk(uow, upload_id, position, piece)
        position += 1


async def _demand_room(uow: UnitOfWork, away: ScannerAway) -> None:
    """Refuse a file that came as one too many, or too large; asked last, so that nobody waits for its bytes."""
    settings = uow.setup.settings.of(CardSettings)
    waiting = await repository.waiting(uow)
    if waiting["files"] > settings.waiting_files or waiting["bytes"] > settings.waiting_mb * MEBI:
        raise ScannerAway(FULL, headers=away.headers) from away


async def _take(uow: UnitOfWork, row: Row, scan: Passed) -> Fate:
    target = Target(row["id"], row["batch_id"], row["filename"], scan)
    reach = row["reach"]
    sender = Sender(row["owner_id"], None if reach is None else tuple(reach))
    with tempfile.SpooledTemporaryFile(MEBI) as file:
        async for piece in _read(uow, row["id"]):
            file.write(piece)
        try:
            async with uow.part():
                taken = await take(uow, target, file, sender)
        except (PictureRefused, ArchiveRefused, PhotoIdReused) as refusal:
            return Fate(scan, code=refusal.code, sentence=refusal.detail)
    refused = [one.model_dump() for one in taken.refused]
    return Fate(scan, [photo.id for photo in taken.photos], refused)


async def _read(uow: UnitOfWork, upload_id: UUID) -> AsyncGenerator[bytes, None]:
    position = 0
    while (piece := await repository.chunk(uow, upload_id, position)) is not None:
        yield piece
        position += 1


async def _pieces(uow: UnitOfWork, upload_id: UUID) -> AsyncGenerator[bytes, None]:
    async for piece in _read(uow, upload_id):
        # The scanner may take its time over it.
        await uow.release()
        yield piece


def _unknown() -> UnknownHeldFile:
    return UnknownHeldFile("There is no such file.")
