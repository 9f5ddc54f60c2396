"""The figures of the engines come from what is stored."""

from dataclasses import replace

from cards_read import MakeCards, reading
from pydantic import SecretStr

from mainstay.settings import Configuration
from mainstay.testing.client import Client
from mainstay.work import UnitOfWork
from tradepost.crm.cards.storing import as_json
from tradepost.crm.repository import readings
from tradepost.crm.repository.readings import Result
from tradepost.crm.service import card_figures
from tradepost.crm.settings import VisionSettings

ENGINES = "/api/v1/crm/card-engines"


async def test_without_a_reading_there_are_none(owner: Client) -> None:
    assert (await owner.get(ENGINES)).json() == {"items": [], "sent_outside": False}


async def test_whoever_sends_pictures_is_told_when_they_leave_the_machine(uow: UnitOfWork) -> None:
    settings = Configuration((VisionSettings(key=SecretStr("k-4711")),))
    uow.setup = replace(uow.setup, settings=settings)
    assert (await card_figures.list_engines(uow)).sent_outside


async def test_each_engine_and_version_has_its_own(owner: Client, uow: UnitOfWork) -> None:
    cards = as_json([reading()])
    for number, engines in enumerate(("rapidocr/3.9", "rapidocr/3.10 tesseract/5.3", "rapidocr/3.10 tesseract/5.3")):
        await readings.add(uow, Result(bytes([number]) * 32, engines, cards, 1000 * (number + 1)))
    await readings.find(uow, bytes([1]) * 32, "rapidocr/3.10 tesseract/5.3")

    newer, older, other = (await owner.get(ENGINES)).json()["items"]

    assert older == {
        "engine": "rapidocr", "version": "3.9", "readings": 1, "pictures_failed": 0, "lines": 5,
        "mean_confidence": 0.9, "cpu_ms_mean": 1000, "cpu_ms_p95": 1000, "cache_hits": 0,
        "calls": 0, "call_ms_mean": None, "call_ms_p95": None, "failures": {},
    }  # fmt: skip
    assert (newer["version"], newer["readings"], newer["lines"]) == ("3.10", 2, 10)
    assert (newer["cpu_ms_mean"], newer["cpu_ms_p95"], newer["cache_hits"]) == (2500, 2950, 1)
    assert (other["engine"], other["lines"], other["mean_confidence"]) == ("tesseract", 0, None)


async def test_a_deleted_picture_is_in_no_figure(owner: Client, make_cards: MakeCards, uow: UnitOfWork) -> None:
    (card,) = await make_cards()
    sha256 = await uow.read_value("SELECT sha256 FROM crm_card_photo")
    await readings.add(uow, Result(sha256, "rapidocr/3.9", as_json([reading()]), 1000))
    await owner.delete(f"/api/v1/crm/card-photos/{card['photo_id']}")

    assert (await owner.get(ENGINES)).json() == {"items": [], "sent_outside": False}
