"""Opening a file of cards that the virus scanner let pass: a picture, or an archive of them, kept to be read."""

import asyncio
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import IO
from uuid import UUID

from mainstay import ids
from mainstay.modules.files.api import Passed
from mainstay.work import UnitOfWork
from tradepost.crm.cards.answers import CardPhotoOut, CardRefusedOut, CardUploadOut
from tradepost.crm.cards.archive import Refused, Unpacked, is_archive, label, unpack
from tradepost.crm.cards.limits import Limits
from tradepost.crm.cards.refusal import PictureRefused
from tradepost.crm.cards.stripping import stripped
from tradepost.crm.errors import ArchiveRefused, PhotoIdReused
from tradepost.crm.events import CardPhotoReceived
from tradepost.crm.repository import photos as repository
from tradepost.crm.repository.photos import Picture, Sender


@dataclass(frozen=True, slots=True)
class Target:
    """What a file is sent as: the id of the picture, that of its batch, and its name on the sender's machine.

    `scan` is what the virus scanner said of it.
    """

    id: UUID
    batch_id: UUID
    filename: str
    scan: Passed = "none"


async def take(uow: UnitOfWork, target: Target, file: IO[bytes], sender: Sender) -> CardUploadOut:
    """Keep a picture, or those of an archive, and have them read; what is here already is not kept again.

    Raises PictureRefused, ArchiveRefused, PhotoIdReused: then this work is to be undone.
    """
    start = await asyncio.to_thread(_start, file)
    if is_archive(start):
        return await _take_archive(uow, target, file, sender)
    # One byte more than a picture may have is enough to refuse it.
    content = await asyncio.to_thread(file.read, Limits().bytes + 1)
    picture = await asyncio.to_thread(_checked, content, target)
    shown = await _keep(uow, picture, sender)
    return CardUploadOut(batch_id=shown.batch_id, photos=[shown], refused=[], is_repeat=shown.is_repeat)


async def known(uow: UnitOfWork, sha256: bytes, sender: Sender) -> CardPhotoOut | None:
    """Return the picture that was sent as a file with this content, if it is here."""
    found = await repository.of_content(uow, sha256, sender)
    row = await repository.one(uow, found) if found else None
    return CardPhotoOut.model_validate(dict(row) | {"is_repeat": True}) if row else None


async def _take_archive(uow: UnitOfWork, target: Target, file: IO[bytes], sender: Sender) -> CardUploadOut:
    """Keep the pictures of an archive, all in one transaction: an archive that turns out bad leaves nothing."""
    photos: list[CardPhotoOut] = []
    refused: list[CardRefusedOut] = []
    found = _looked_at(unpack(file), target)
    while (one := await asyncio.to_thread(next, found, None)) is not None:
        if isinstance(one, Picture):
            photos.append(await _keep(uow, one, sender))
        else:
            refused.append(CardRefusedOut(filename=one.filename, code=one.code, sentence=one.sentence))
    if not photos:
        raise _without_pictures(refused)
    is_repeat = all(photo.is_repeat for photo in photos)
    batch_id = photos[0].batch_id if is_repeat else target.batch_id
    return CardUploadOut(batch_id=batch_id, photos=photos, refused=refused, is_repeat=is_repeat)


def _start(file: IO[bytes]) -> bytes:
    file.seek(0)
    start = file.read(4)
    file.seek(0)
    return start


def _looked_at(found: Iterator[Unpacked | Refused], target: Target) -> Iterator[Picture | Refused]:
    """Yield the files of an archive, those that are no pictures as refused; runs in a thread."""
    for one in found:
        if isinstance(one, Refused):
            yield one
            continue
        try:
            yield _checked(one.content, replace(target, id=ids.new_id(), filename=one.filename))
        except PictureRefused as refusal:
            yield Refused(one.filename, refusal.code, refusal.detail)


def _checked(content: bytes, target: Target) -> Picture:
    """Return a picture whose header is good, with nothing but the picture in its file. Raises PictureRefused."""
    from tradepost.crm.cards.header import read_header  # noqa: PLC0415  loads Pillow, which no start is to wait for

    header = read_header(content)
    kept = stripped(content, header.media_type, header.orientation)
    # Known by what was sent, so that sending it again is a repeat.
    sha256 = hashlib.sha256(content).digest()
    size = (header.width, header.height)
    name = label(target.filename)
    return Picture(target.id, target.batch_id, name, sha256, kept, header.media_type, *size, target.scan)


async def _keep(uow: UnitOfWork, picture: Picture, sender: Sender) -> CardPhotoOut:
    """Keep a picture, or find the very same one. Raises PhotoIdReused."""
    if not await repository.add(uow, picture, sender):
        repeated = await known(uow, picture.sha256, sender)
        if repeated is None:
            raise PhotoIdReused("Another picture with this id exists; nothing was changed.")
        return repeated
    uow.publish(CardPhotoReceived(photo_id=picture.id))
    row = await repository.one(uow, picture.id)
    if row is None:
        raise PhotoIdReused("Another picture with this id exists; nothing was changed.")
    return CardPhotoOut.model_validate(dict(row))


def _without_pictures(refused: list[CardRefusedOut]) -> ArchiveRefused:
    if not refused:
        return ArchiveRefused("The archive is empty; put JPEG, PNG or WebP pictures in.")
    told = [one.model_dump() for one in refused]
    return ArchiveRefused(f"No file of the archive could be taken: {refused[0].sentence}", extra={"refused": told})
