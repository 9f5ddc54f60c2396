"""How the engines of text recognition did, from what is stored."""

from mainstay.work import UnitOfWork
from tradepost.crm.cards.answers import CardEngineOut, CardEnginesOut
from tradepost.crm.repository import readings
from tradepost.crm.settings import VisionSettings


async def list_engines(uow: UnitOfWork) -> CardEnginesOut:
    """Return the figures of each engine and version that has read cards, and whether pictures leave this machine."""
    items = [CardEngineOut.model_validate(dict(row)) for row in await readings.figures(uow)]
    return CardEnginesOut(items=items, sent_outside=uow.setup.settings.of(VisionSettings).key is not None)
