"""Pictures are read once, found in the cache, tried again, and never lost; most tests keep readings that were made."""

import asyncio
import io
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from cards_read import ENGINES, MakeCards, SendPhoto, picture, reading
from drawn_cards import TILTED, as_bytes, draw_card, photograph
from PIL import Image
from sqlalchemy.ext.asyncio import AsyncEngine

from mainstay import clock, ids
from mainstay.bootstrap.program import Program
from mainstay.net.breakers import Breakers
from mainstay.net.client import Client as NetClient
from mainstay.net.guard import Guard
from mainstay.net.partners import Partners
from mainstay.observe.counters import Counters
from mainstay.resources import Resource, Resources
from mainstay.settings import Configuration
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener
from tradepost.crm.cards.limits import Bounds
from tradepost.crm.cards.reader import CardReader
from tradepost.crm.cards.reading import CardReading
from tradepost.crm.cards.refusal import ReadingStopped
from tradepost.crm.events import CardPhotoReceived
from tradepost.crm.jobs import READ_PHOTO
from tradepost.crm.repository.readings import Done, Failed
from tradepost.crm.service import card_reading
from tradepost.crm.service.card_reading import MOST_TRIES, Outcome, Read, open_reader
from tradepost.crm.settings import CardSettings, VisionSettings

PHOTOS = "/api/v1/crm/card-photos"
CARDS = "/api/v1/crm/cards"
RunJobs = Callable[[], Awaitable[int]]


async def photo_of(client: Client, photo_id: str) -> dict[str, Any]:
    """Return a picture as its list shows it."""
    items = (await client.get(PHOTOS)).json()["items"]
    found: dict[str, Any] = next(one for one in items if one["id"] == photo_id)
    return found


async def send(client: Client, content: bytes) -> str:
    """Send a picture and return its id."""
    photo_id = str(ids.new_id())
    params = {"id": photo_id, "batch_id": str(ids.new_id()), "filename": "card.jpg"}
    assert (await client.post(PHOTOS, params=params, content=content)).status_code == 201
    return photo_id


def damaged() -> bytes:
    """Return a picture whose header and end are good, and what is between is not."""
    whole = picture()
    at = whole.index(b"IDAT") + 4
    return whole[:at] + bytes(len(whole[at:-16])) + whole[-16:]


def read(*cards: CardReading) -> Read:
    """Return what comes of a picture with these cards."""
    return Read(list(cards), None, Done(ENGINES, b"\xff\xd8", 300, 200, clock.now()))


@pytest.fixture
async def impatient(program: Program, engine: AsyncEngine) -> AsyncIterator[WorkOpener]:
    """Opens units of work in a process whose reader stops every reading at once."""
    resources = Resources((Resource(CardReader, lambda _: CardReader(Bounds(seconds=0.001))),))
    yield program.opener(engine, program.configuration(), resources)
    await resources.close()


async def look(open_work: WorkOpener, photo_id: str) -> Outcome | None:
    """Look at a picture as the job does."""
    async with open_work(SYSTEM) as uow:
        return await card_reading.look(uow, UUID(photo_id))


async def keep(open_work: WorkOpener, photo_id: str, outcome: Outcome) -> None:
    """Keep what came of a picture as the job does."""
    async with open_work(SYSTEM) as uow:
        await card_reading.keep(uow, UUID(photo_id), outcome)


@pytest.mark.practice(77)
async def test_a_card_is_read_once_and_the_next_time_found_in_the_cache(owner: Client, run_jobs: RunJobs) -> None:
    photo_id = await send(owner, as_bytes(photograph([(draw_card(), TILTED)])))

    await run_jobs()

    photo = await photo_of(owner, photo_id)
    assert (photo["state"], photo["width"], photo["height"]) == ("done", 1400, 1050)
    card = (await owner.get(f"{CARDS}/{photo['card_ids'][0]}")).json()
    assert (card["contact"]["name"], card["contact"]["company_name"]) == ("Odalys Fennimore", "Kestrel Tools Ltd")
    assert [one["box_ids"] for one in card["fields"] if one["kind"] == "name"] == [[1]]
    (engine, *_) = (await owner.get("/api/v1/crm/card-engines")).json()["items"]
    assert (engine["engine"], engine["readings"], engine["lines"], engine["cache_hits"]) == ("rapidocr", 1, 8, 0)
    assert engine["mean_confidence"] > 0.9
    assert engine["cpu_ms_p95"] == engine["cpu_ms_mean"] > 0

    await owner.post(f"{PHOTOS}/{photo_id}/read")
    await run_jobs()

    again = (await owner.get(f"{CARDS}/{card['id']}")).json()
    assert again == card | {"version": 2}
    (after, *_) = (await owner.get("/api/v1/crm/card-engines")).json()["items"]
    assert after == engine | {"cache_hits": 1}


@pytest.mark.practice(88)
async def test_a_picture_that_lies_on_its_side_is_shown_upright_and_gone_when_deleted(
    owner: Client, run_jobs: RunJobs, uow: UnitOfWork
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    photo_id = await send(owner, as_bytes(Image.new("RGB", (2000, 1000), "red"), exif=exif))

    await run_jobs()

    image = await owner.get(f"{PHOTOS}/{photo_id}/image")
    assert image.headers["content-type"] == "image/jpeg"
    assert Image.open(io.BytesIO(image.content)).size == (800, 1600)
    assert (await photo_of(owner, photo_id))["state"] == "done"
    await owner.delete(f"{PHOTOS}/{photo_id}")
    left = "SELECT (SELECT count(*) FROM crm_card_photo) + (SELECT count(*) FROM crm_card_reading)"
    assert await uow.read_value(left) == 0


async def test_a_picture_that_cannot_be_decoded_is_a_draft_to_be_typed_by_hand(
    owner: Client, run_jobs: RunJobs
) -> None:
    photo_id = await send(owner, damaged())

    await run_jobs()

    photo = await photo_of(owner, photo_id)
    assert (photo["state"], photo["code"]) == ("failed", "crm.picture_damaged")
    assert "send it again" in photo["sentence"]
    card = (await owner.get(f"{CARDS}/{photo['card_ids'][0]}")).json()
    assert (card["state"], card["boxes"], card["fields"], card["contact"]["name"]) == ("draft", [], [], "")
    assert card["place"] == [[0, 0], [300, 0], [300, 200], [0, 200]]
    assert (await owner.get(f"{PHOTOS}/{photo_id}/image")).headers["content-type"] == "image/png"


@pytest.mark.practice(82)
async def test_a_reading_that_never_ends_is_tried_again_and_then_told(
    owner: Client, send_photo: SendPhoto, impatient: WorkOpener
) -> None:
    photo_id = (await send_photo())["id"]
    for _ in range(MOST_TRIES - 1):
        with pytest.raises(ReadingStopped, match="took too long"):
            await look(impatient, photo_id)
        assert (await photo_of(owner, photo_id))["state"] == "waiting"

    outcome = await look(impatient, photo_id)
    assert isinstance(outcome, Failed)
    await keep(impatient, photo_id, outcome)

    photo = await photo_of(owner, photo_id)
    assert (photo["state"], photo["code"]) == ("failed", "crm.reading_stopped")
    assert (await owner.get(CARDS)).json()["total"] == 1
    await owner.post(f"{PHOTOS}/{photo_id}/read")
    assert (await photo_of(owner, photo_id))["code"] is None
    with pytest.raises(ReadingStopped):
        await look(impatient, photo_id)


async def test_a_picture_at_which_even_the_tries_ended_early_is_not_tried_for_ever(
    owner: Client, send_photo: SendPhoto, open_work: WorkOpener, uow: UnitOfWork
) -> None:
    photo_id = (await send_photo())["id"]
    await uow.write("UPDATE crm_card_photo SET tries = $1", MOST_TRIES)
    await uow.commit()

    outcome = await look(open_work, photo_id)

    assert isinstance(outcome, Failed)
    assert (outcome.code, outcome.engines) == ("crm.reading_stopped", None)


async def test_a_picture_whose_job_is_given_up_is_told_and_can_be_read_again(
    owner: Client, send_photo: SendPhoto, open_work: WorkOpener
) -> None:
    photo_id = (await send_photo())["id"]
    assert READ_PHOTO.on_failure is not None

    for _ in range(2):
        async with open_work(SYSTEM) as uow:
            await READ_PHOTO.on_failure(uow, CardPhotoReceived(photo_id=UUID(photo_id)))

    photo = await photo_of(owner, photo_id)
    assert (photo["state"], photo["code"], len(photo["card_ids"])) == ("failed", "crm.reading_stopped", 1)
    await owner.post(f"{PHOTOS}/{photo_id}/read")
    assert (await photo_of(owner, photo_id))["state"] == "waiting"


async def test_when_the_readers_process_is_killed_the_picture_waits_for_the_next_try(
    owner: Client, send_photo: SendPhoto, open_work: WorkOpener
) -> None:
    photo_id = (await send_photo())["id"]
    async with open_work(SYSTEM) as uow:
        reader = await uow.resource(CardReader)
    await reader.show(picture())
    looking = asyncio.create_task(look(open_work, photo_id))
    deadline = clock.monotonic() + 30
    while reader._free.qsize():
        assert clock.monotonic() < deadline, "The reader was not asked."
        await asyncio.sleep(0.001)
    for pool in reader._pools.values():
        for pid in list(pool._processes):
            os.kill(pid, signal.SIGKILL)

    with pytest.raises(ReadingStopped, match="ended early"):
        await looking

    assert (await photo_of(owner, photo_id))["state"] == "waiting"


async def test_reading_again_leaves_what_was_decided_or_joined_and_replaces_the_rest(
    owner: Client, make_cards: MakeCards, open_work: WorkOpener
) -> None:
    skipped, draft, front, back, surplus = await make_cards(*[reading() for _ in range(5)])
    await owner.post(f"{CARDS}/{skipped['id']}/skip", json={"version": 1})
    await owner.post(f"{CARDS}/{front['id']}/join", json={"version": 1, "other_id": back["id"]})
    before = {key: (await owner.get(f"{CARDS}/{key}")).json() for key in (skipped["id"], front["id"], back["id"])}
    other = reading(("Somebody Else", "", "", "", ""))

    await keep(open_work, draft["photo_id"], read(other, other, other, other))

    for key, card in before.items():
        assert (await owner.get(f"{CARDS}/{key}")).json() == card
    replaced = (await owner.get(f"{CARDS}/{draft['id']}")).json()
    assert (replaced["contact"]["name"], replaced["version"]) == ("Somebody Else", 2)
    assert (await owner.get(f"{CARDS}/{surplus['id']}")).status_code == 404


async def test_a_reading_that_fails_later_leaves_the_drafts_that_are_there(
    owner: Client, make_cards: MakeCards, open_work: WorkOpener
) -> None:
    (card,) = await make_cards()

    await keep(open_work, card["photo_id"], Failed(ENGINES, "crm.reading_stopped", "It took too long.", clock.now()))

    assert (await owner.get(f"{CARDS}/{card['id']}")).json() == card
    figures = (await owner.get("/api/v1/crm/card-engines")).json()["items"]
    assert [(one["engine"], one["pictures_failed"]) for one in figures] == [("rapidocr", 1), ("tesseract", 1)]


async def test_of_a_picture_that_was_deleted_meanwhile_nothing_is_kept(
    owner: Client, send_photo: SendPhoto, open_work: WorkOpener
) -> None:
    photo_id = (await send_photo())["id"]
    await owner.delete(f"{PHOTOS}/{photo_id}")

    await keep(open_work, photo_id, read(reading()))

    assert (await owner.get(CARDS)).json()["total"] == 0
    assert await look(open_work, photo_id) is None


async def test_the_reader_is_opened_by_the_settings() -> None:
    counters = Counters()
    given = NetClient(Guard(), counters), Partners(Breakers(counters), counters)
    configuration = Configuration((CardSettings(workers=2, patience=0.01), VisionSettings()))
    async with open_reader(configuration, *given) as reader:
        assert reader._bounds == Bounds(seconds=0.01, workers=2)
