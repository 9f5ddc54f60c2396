"""The routes of cards: pictures in, cards read from them reviewed, contacts out."""

import tempfile
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response

from mainstay.db.query import decode_moment_cursor, page_size
from mainstay.web.limits.rates import API, limited
from mainstay.web.overload.urgency import LAST, urgent
from mainstay.web.paging import Cursor, Limit
from mainstay.web.repeats import repeatable
from mainstay.web.routing import Edge, actor, work
from mainstay.work import Actor, UnitOfWork
from tradepost.crm.cards.answers import (
    CardAccept,
    CardBatchesOut,
    CardBatchOut,
    CardDecision,
    CardEnginesOut,
    CardHeldFileOut,
    CardHeldFilesOut,
    CardJoin,
    CardOut,
    CardPatch,
    CardPhotosOut,
    CardsOut,
    CardState,
    CardUploadOut,
    HeldState,
    PhotoState,
)
from tradepost.crm.permissions import READ, SEE_PERSONAL, WRITE
from tradepost.crm.repository import cards as stored_cards
from tradepost.crm.repository import photos as stored_photos
from tradepost.crm.service import card_figures, card_photos, card_quarantine, card_sides, card_uploads, cards
from tradepost.crm.service.card_taking import Target
from tradepost.crm.service.card_uploads import IN_MEMORY, LARGEST_FILE

router = APIRouter(prefix="/crm", tags=["Cards"])

OfBatch = Annotated[UUID | None, Query(description="Those of this batch")]
BINARY = {"schema": {"type": "string", "format": "binary"}}


@router.post(
    "/card-photos",
    status_code=201,
    max_body_size=LARGEST_FILE,
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": (
                "The file as it is: a JPEG, PNG or WebP picture of at most 20 MiB, or a ZIP archive of at most 100 MiB "
                "with at most 200 of them"
            ),
            "content": dict.fromkeys(("image/jpeg", "image/png", "image/webp", "application/zip"), BINARY),
        }
    },
    responses={
        200: {"model": CardUploadOut, "description": "All of it was here before: nothing was added"},
        202: {"model": CardUploadOut, "description": "The virus scanner is away: the file waits for it (`held`)"},
    },
)
# Cards come by the hundred, one picture in a request: a minute for ten of them would be no help to anybody.
@limited(API)
@urgent(LAST)
async def upload_card_photo(  # noqa: PLR0913, PLR0917  what the edge brings, and each parameter of the query string
    request: Request,
    response: Response,
    sender: Annotated[Actor, actor(WRITE, SEE_PERSONAL)],
    photo_id: Annotated[UUID, Query(alias="id", description="Made by the sender; of an archive nothing is called so")],
    batch_id: Annotated[UUID, Query(description="Made by the sender, the same for pictures that belong together")],
    filename: Annotated[str, Query(min_length=1, max_length=255)],
) -> CardUploadOut:
    """Send a picture of cards, or an archive of pictures; what it is, its content says. It is read after the answer.

    The very same picture again is the first one. Of an archive each file is taken or refused with the reason.
    While the virus scanner is away the file is kept unread (202), and becomes its pictures when that has looked at it.
    """
    edge: Edge = request.app.state.edge
    await card_uploads.check(lambda: edge.open_work(sender))
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as file:
        async for piece in request.stream():
            file.write(piece)
        target = Target(photo_id, batch_id, filename)
        received = await card_uploads.receive(lambda: edge.open_work(sender), target, file)
    if received.is_repeat:
        response.status_code = 200
    elif received.held is not None:
        response.status_code = 202
    held = f"held-card-files/{received.held.id}" if received.held else None
    response.headers["Location"] = f"/api/v1/crm/{held or f'card-batches/{received.batch_id}'}"
    return received


@router.get("/held-card-files")
async def list_held_card_files(
    uow: Annotated[UnitOfWork, work(READ, SEE_PERSONAL)],
    batch_id: OfBatch = None,
    state: HeldState | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> CardHeldFilesOut:
    """Files of cards that wait for the virus scanner, and what became of those that did."""
    chosen = stored_photos.Chosen(batch_id, state)
    return await card_quarantine.list_held(uow, chosen, decode_moment_cursor(cursor), page_size(limit))


@router.get("/held-card-files/{held_id}")
async def get_held_card_file(uow: Annotated[UnitOfWork, work(READ, SEE_PERSONAL)], held_id: UUID) -> CardHeldFileOut:
    """Whether a file of cards waits for the virus scanner still, or what became of it; never the file itself."""
    return await card_quarantine.get_held(uow, held_id)


@router.delete("/held-card-files/{held_id}", status_code=204)
async def delete_held_card_file(uow: Annotated[UnitOfWork, work(WRITE, SEE_PERSONAL)], held_id: UUID) -> None:
    """Delete a file of cards that waits for the virus scanner, or what is told of one that did; pictures stay."""
    await card_quarantine.delete_held(uow, held_id)


@router.get("/card-photos")
async def list_card_photos(
    uow: Annotated[UnitOfWork, work(READ, SEE_PERSONAL)],
    batch_id: OfBatch = None,
    state: PhotoState | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> CardPhotosOut:
    """Pictures of cards, in the order in which they were sent."""
    chosen = stored_photos.Chosen(batch_id, state)
    return await card_photos.list_photos(uow, chosen, decode_moment_cursor(cursor), page_size(limit))


@router.get(
    "/card-photos/{photo_id}/image",
    response_class=Response,
    responses={
        200: {
            "description": "The picture: upright and without metadata, or as it was sent while it waits",
            "content": {"image/jpeg": BINARY, "image/png": BINARY, "image/webp": BINARY},
        },
        304: {"description": "The caller has it already"},
    },
)
async def get_card_image(
    uow: Annotated[UnitOfWork, work(READ, SEE_PERSONAL)],
    photo_id: UUID,
    known: Annotated[str | None, Header(alias="If-None-Match", max_length=2000)] = None,
) -> Response:
    """The picture itself."""
    image = await card_photos.get_image(uow, photo_id)
    # Nobody stores it: a browser would show it to the next person, without asking whether they may see contacts.
    headers = {"ETag": image.tag, "Content-Disposition": "inline"}
    if known is not None and image.tag in known:
        return Response(status_code=304, headers=headers)
    return Response(image.body, media_type=image.media_type, headers=headers)


@router.post("/card-photos/{photo_id}/read", status_code=202)
@repeatable
@urgent(LAST)
async def read_card_photo(uow: Annotated[UnitOfWork, work(WRITE, SEE_PERSONAL)], photo_id: UUID) -> None:
    """Have a picture read again, a failed one too; cards that are decided stay as they are."""
    await card_photos.read_again(uow, photo_id)


@router.delete("/card-photos/{photo_id}", status_code=204)
async def delete_card_photo(uow: Annotated[UnitOfWork, work(WRITE, SEE_PERSONAL)], photo_id: UUID) -> None:
    """Delete a picture with its cards and all that was read from it; contacts that were made from it stay."""
    await card_photos.delete_photo(uow, photo_id)


@router.get("/card-batches")
async def list_card_batches(
    uow: Annotated[UnitOfWork, work(READ, SEE_PERSONAL)], cursor: Cursor = None, limit: Limit = 50
) -> CardBatchesOut:
    """Pictures that were sent together, newest first, with how far they are."""
    return await card_photos.list_batches(uow, decode_moment_cursor(cursor), page_size(limit))


@router.get("/card-batches/{batch_id}")
async def get_card_batch(uow: Annotated[UnitOfWork, work(READ, SEE_PERSONAL)], batch_id: UUID) -> CardBatchOut:
    """A batch with how far it is."""
    return await card_photos.get_batch(uow, batch_id)


@router.get("/cards")
async def list_cards(
    uow: Annotated[UnitOfWork, work(READ, SEE_PERSONAL)],
    state: CardState | None = None,
    batch_id: OfBatch = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> CardsOut:
    """Cards in the order in which their pictures were sent; other sides are with the cards that they are joined to."""
    chosen = stored_cards.Chosen(state, batch_id)
    return await cards.list_cards(uow, chosen, cursor, page_size(limit))


@router.get("/cards/{card_id}")
async def get_card(uow: Annotated[UnitOfWork, work(READ, SEE_PERSONAL)], card_id: UUID) -> CardOut:
    """A card with its boxes, its fields and the contact that a form is filled with."""
    return await cards.get_card(uow, card_id)


@router.patch("/cards/{card_id}")
async def keep_card(uow: Annotated[UnitOfWork, work(WRITE, SEE_PERSONAL)], card_id: UUID, patch: CardPatch) -> CardOut:
    """Keep what a reviewer did so far; what is left out stays as it is.

    When somebody else was first, the answer (412, `version_conflict`) has the card as it was read, as it was
    wanted and as it is (`base`, `mine`, `theirs`).
    """
    return await cards.keep(uow, card_id, patch)


@router.post("/cards/{card_id}/accept")
async def accept_card(
    uow: Annotated[UnitOfWork, work(WRITE, SEE_PERSONAL)], card_id: UUID, wanted: CardAccept
) -> CardOut:
    """Make a contact of a card. Repeating the call with the same contact is harmless, for ever."""
    return await cards.accept(uow, card_id, wanted)


@router.post("/cards/{card_id}/skip")
async def skip_card(
    uow: Annotated[UnitOfWork, work(WRITE, SEE_PERSONAL)], card_id: UUID, decision: CardDecision
) -> CardOut:
    """Put a card away without making a contact of it; its picture stays."""
    return await cards.skip(uow, card_id, decision)


@router.post("/cards/{card_id}/reopen")
async def reopen_card(
    uow: Annotated[UnitOfWork, work(WRITE, SEE_PERSONAL)], card_id: UUID, decision: CardDecision
) -> CardOut:
    """Take a skipped card up again; an accepted one is refused, because its contact is there."""
    return await cards.reopen(uow, card_id, decision)


@router.post("/cards/{card_id}/join")
async def join_card(uow: Annotated[UnitOfWork, work(WRITE, SEE_PERSONAL)], card_id: UUID, wanted: CardJoin) -> CardOut:
    """Make another draft the other side of this card: the draft then has what both say."""
    return await card_sides.join(uow, card_id, wanted)


@router.post("/cards/{card_id}/part")
async def part_card(
    uow: Annotated[UnitOfWork, work(WRITE, SEE_PERSONAL)], card_id: UUID, decision: CardDecision
) -> CardOut:
    """Part a side from its card, or a card from all its sides; drafts are as they were before they were joined."""
    return await card_sides.part(uow, card_id, decision)


@router.get("/contacts/{contact_id}/cards")
async def list_contact_cards(uow: Annotated[UnitOfWork, work(READ, SEE_PERSONAL)], contact_id: UUID) -> CardsOut:
    """The cards that a contact came from."""
    return await cards.list_of_contact(uow, contact_id)


@router.get("/card-engines")
async def list_card_engines(uow: Annotated[UnitOfWork, work(READ)]) -> CardEnginesOut:
    """How the engines of text recognition did: readings, failures, lines, confidence and CPU time."""
    return await card_figures.list_engines(uow)
