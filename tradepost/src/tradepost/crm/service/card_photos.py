"""Pictures of cards: listed with what became of them, shown, read again, and deleted when their owner decides so."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mainstay.db.query import encode_moment_cursor
from mainstay.messages import audit
from mainstay.modules.flags.api import demand_on
from mainstay.work import UnitOfWork
from tradepost.crm.cards.answers import CardBatchesOut, CardBatchOut, CardPhotoOut, CardPhotosOut
from tradepost.crm.errors import UnknownBatch, UnknownPhoto
from tradepost.crm.events import CardPhotoReadWanted
from tradepost.crm.flags import CARD_SCANNING
from tradepost.crm.repository import photos as repository
from tradepost.crm.repository.photos import Chosen

Place = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class Image:
    """What is shown of a picture; `tag` changes with it."""

    body: bytes
    media_type: str
    tag: str


async def list_photos(uow: UnitOfWork, chosen: Chosen, after: Place | None, size: int) -> CardPhotosOut:
    """Return a page of pictures, in the order in which they were sent."""
    rows = await repository.page(uow, chosen, after, size + 1)
    items = [CardPhotoOut.model_validate(dict(row)) for row in rows[:size]]
    following = encode_moment_cursor(items[-1].created_at, items[-1].id) if len(rows) > size else None
    return CardPhotosOut(items=items, next_cursor=following, total=await repository.count(uow, chosen))


async def list_batches(uow: UnitOfWork, before: Place | None, size: int) -> CardBatchesOut:
    """Return a page of batches, newest first."""
    rows = await repository.batches(uow, before, size + 1)
    items = [CardBatchOut.model_validate(dict(row)) for row in rows[:size]]
    following = encode_moment_cursor(items[-1].created_at, items[-1].id) if len(rows) > size else None
    return CardBatchesOut(items=items, next_cursor=following, total=await repository.count_batches(uow))


async def get_batch(uow: UnitOfWork, batch_id: UUID) -> CardBatchOut:
    """Return a batch. Raises UnknownBatch."""
    row = await repository.batch(uow, batch_id)
    if row is None:
        raise UnknownBatch("There is no such batch of pictures.")
    return CardBatchOut.model_validate(dict(row))


async def get_image(uow: UnitOfWork, photo_id: UUID) -> Image:
    """Return what is shown of a picture: as it was sent, until it was looked at. Raises UnknownPhoto."""
    row = await repository.image(uow, photo_id)
    if row is None:
        raise _unknown()
    tag = hashlib.sha256(row["body"]).hexdigest()[:32]
    return Image(row["body"], row["kind"], f'"{tag}"')


async def read_again(uow: UnitOfWork, photo_id: UUID) -> None:
    """Have a picture read again, a failed one too; cards that are decided stay as they are.

    Raises UnknownPhoto, and flags' SwitchedOff.
    """
    demand_on(uow, CARD_SCANNING)
    if not await repository.want(uow, photo_id):
        raise _unknown()
    uow.publish(CardPhotoReadWanted(photo_id=photo_id))


async def delete_photo(uow: UnitOfWork, photo_id: UUID) -> None:
    """Delete a picture with its cards and all that was read from it; contacts stay. Raises UnknownPhoto."""
    if not await repository.delete(uow, photo_id):
        raise _unknown()
    uow.record(audit.Entry("crm.card_photo_deleted", "crm.card_photo", photo_id))


def _unknown() -> UnknownPhoto:
    return UnknownPhoto("There is no such picture.")
