"""Reading a picture: looked up or read in a worker process, then kept as drafts; a card is never lost.

Looking holds no transaction and may be repeated; keeping happens once. What was read is personal data: none of it goes
into the log.
"""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from uuid import UUID

from mainstay import clock, ids
from mainstay.errors import DomainError
from mainstay.net.client import Client
from mainstay.net.partners import Partners
from mainstay.settings import Configuration
from mainstay.work import Row, UnitOfWork
from tradepost.crm.cards.access import VisionAccess
from tradepost.crm.cards.asking import Vision
from tradepost.crm.cards.drafting import CardDraft, draft_of, empty_draft
from tradepost.crm.cards.limits import Bounds
from tradepost.crm.cards.reader import CardReader
from tradepost.crm.cards.reading import CardReading
from tradepost.crm.cards.refusal import PictureRefused, ReadingStopped
from tradepost.crm.cards.storing import as_json, from_json
from tradepost.crm.repository import readings as repository
from tradepost.crm.repository.readings import Done, Failed, NewCard, Result
from tradepost.crm.service.cards import dumped
from tradepost.crm.settings import CardSettings, VisionSettings

MOST_TRIES = 3
NEVER_ENDED = "Reading this picture was tried several times and never came to an end."


@dataclass(frozen=True, slots=True)
class Read:
    """What was read from a picture and how it is shown; `result` is new to the cache, None came from there."""

    readings: list[CardReading]
    result: Result | None
    done: Done


Outcome = Read | Failed


def open_reader(
    configuration: Configuration, client: Client, partners: Partners
) -> AbstractAsyncContextManager[CardReader]:
    """Return the reader that a worker process keeps open."""
    settings, vision = configuration.of(CardSettings), configuration.of(VisionSettings)
    outside = None
    if vision.key:
        outside = Vision(VisionAccess(vision.url, vision.key, vision.seconds, vision.rest), client, partners)
    return CardReader(Bounds(seconds=settings.patience, workers=settings.workers), vision=outside)


async def look(uow: UnitOfWork, photo_id: UUID) -> Outcome | None:
    """Have a picture read, or find what was read before; None when it was deleted.

    A picture that is refused has failed; one whose reading was stopped too, at its last try. Raises ReadingStopped.
    """
    async with uow.beside() as apart:
        photo = await repository.begin(apart, photo_id)
    if photo is None:
        return None
    if photo["tries"] > MOST_TRIES:
        # Not even the try itself came to an end: whatever happens to it is not to happen again.
        return _failed(None, ReadingStopped(NEVER_ENDED))
    reader = await uow.resource(CardReader)
    engines: str | None = None
    try:
        # A file that is no good is refused before the engines are loaded for it.
        shown = await reader.show(photo["content"])
        engines = await reader.engines()
        done = Done(engines, shown.jpeg, shown.width, shown.height, clock.now())
        return await _read(uow, photo, reader, done)
    except PictureRefused as refusal:
        return _failed(engines, refusal)
    except ReadingStopped as stopped:
        if photo["tries"] >= MOST_TRIES:
            return _failed(engines, stopped)
        async with uow.beside() as apart:
            await repository.put_back(apart, photo_id)
        raise


async def keep(uow: UnitOfWork, photo_id: UUID, outcome: Outcome) -> None:
    """Keep what came of a picture: its cards as drafts, or an empty one to be typed by hand where nothing was read.

    Cards that were decided or joined stay as they are; of a picture that was deleted meanwhile nothing is kept.
    """
    photo = await repository.lock(uow, photo_id)
    if photo is None:
        return
    if isinstance(outcome, Failed):
        await repository.fail(uow, photo_id, outcome)
        if not await repository.has_cards(uow, photo_id):
            await _put(uow, photo_id, [empty_draft(photo["width"], photo["height"])])
        return
    if outcome.result is not None:
        await repository.add(uow, outcome.result)
    await repository.finish(uow, photo_id, outcome.done)
    await _put(uow, photo_id, [draft_of(one) for one in outcome.readings])
    await repository.drop_cards(uow, photo_id, len(outcome.readings))


async def give_up(uow: UnitOfWork, photo_id: UUID) -> None:
    """Say that a picture was tried often enough; reading it again is possible. Safe to run again."""
    await keep(uow, photo_id, _failed(None, ReadingStopped(NEVER_ENDED)))


async def _read(uow: UnitOfWork, photo: Row, reader: CardReader, done: Done) -> Read:
    async with uow.beside() as apart:
        known = await repository.find(apart, photo["sha256"], done.engines)
    if known is not None:
        return Read(from_json(known), None, done)
    measured = await reader.measure(photo["content"])
    result = Result(photo["sha256"], done.engines, as_json(measured.readings), measured.cpu_ms)
    return Read(measured.readings, result, done)


async def _put(uow: UnitOfWork, photo_id: UUID, drafts: list[CardDraft]) -> None:
    for number, one in enumerate(drafts, start=1):
        boxes, fields, contact = dumped(one.boxes), dumped(one.fields), one.contact.model_dump(mode="json")
        card = NewCard(number, one.place, one.code, boxes, fields, contact)
        await repository.put_card(uow, ids.new_id(), photo_id, card)


def _failed(engines: str | None, error: DomainError) -> Failed:
    return Failed(engines, error.code, error.detail, clock.now())
