"""What happens to a file by itself: smaller forms of a picture are made, and what belongs to nothing is dropped."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from mainstay.modules.files.events import BytesDropped
from mainstay.modules.files.repository import files as repository
from mainstay.modules.files.repository import upkeep
from mainstay.modules.files.repository.files import NewForm
from mainstay.modules.files.service.giving import AVIF
from mainstay.modules.files.service.placing import FORMS, may_remove, new_key, storage_of
from mainstay.modules.files.settings import FileSettings
from mainstay.picture.refusal import PictureRefused
from mainstay.picture.shrinking import shrink
from mainstay.storage.storage import Shape, Storage
from mainstay.work import UnitOfWork

# The longer sides of the smaller forms, in pixels.
SIDES: Final = {"thumbnail": 256, "screen": 1280}
WEBP: Final = "image/webp"


@dataclass(frozen=True, slots=True)
class Forms:
    """The smaller forms that were stored of a picture as it was turned, or why none can be made."""

    turn: int = 0
    made: list[NewForm] = field(default_factory=list)


async def make_forms(uow: UnitOfWork, file_id: UUID) -> Forms | None:
    """Store the smaller forms of a picture; None of a file that is none."""
    row = await repository.one(uow, file_id)
    settings = uow.setup.settings.of(FileSettings)
    storage = await storage_of(uow)
    await uow.release()
    if row is None or row["state"] != "ready" or row["width"] is None:
        return None
    content = b"".join([piece async for piece in storage.read(row["key"])])
    limit = settings.megapixels * 1_000_000
    try:
        shrunk = await asyncio.to_thread(shrink, content, tuple(SIDES.values()), limit, row["turn"])
    except PictureRefused:
        # Its header was good and its pixels are not: it can be saved, and has no smaller form.
        return None
    made = []
    for name, each in zip(SIDES, shrunk, strict=True):
        key = await _put(storage, file_id, each.content, Shape(WEBP, "picture.webp"))
        form = NewForm(name, key, WEBP, len(each.content), each.width, each.height)
        if each.avif is not None:
            avif_key = await _put(storage, file_id, each.avif, Shape(AVIF, "picture.avif"))
            form = replace(form, avif_key=avif_key, avif_size=len(each.avif))
        made.append(form)
    return Forms(row["turn"], made)


async def keep_forms(uow: UnitOfWork, file_id: UUID, forms: Forms | None) -> None:
    """Give a picture the forms that were made, unless it is gone or was turned meanwhile."""
    if forms is None:
        return
    now = await repository.turn_of(uow, file_id)
    if now is None or now["state"] != "ready" or now["turn"] != forms.turn:
        uow.publish(BytesDropped(keys=tuple(key for each in forms.made for key in each.keys)))
        return
    former = await repository.replace_forms(uow, file_id, forms.made)
    if former:
        uow.publish(BytesDropped(keys=tuple(former)))


async def drop(uow: UnitOfWork, keys: tuple[str, ...]) -> None:
    """Remove bytes that belong to nothing any more; while a backup is made they stay for the sweep.

    Its snapshot may still show what they belonged to.
    """
    storage = await storage_of(uow)
    if not await may_remove(uow) or await upkeep.is_backup_under_way(uow):
        return
    await uow.release()
    for key in keys:
        await storage.delete(key)


async def _put(storage: Storage, file_id: UUID, content: bytes, shape: Shape) -> str:
    """Store a form, and return where it lies."""

    async def pieces() -> AsyncIterator[bytes]:
        yield content

    key = new_key(FORMS, file_id)
    await storage.put(key, pieces(), shape)
    return key
