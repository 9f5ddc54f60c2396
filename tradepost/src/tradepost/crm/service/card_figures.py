"""How the engines of text recognition did, from what is stored."""

from mainstay.work import UnitOfWork
from tradepost.crm.cards.answers import CardEngineOut, CardEnginesOut
from tradepost.crm.repository import readings


async def list_engines(uow: UnitOfWork) -> CardEnginesOut:
    """Return the figures of each engine and version that has read cards."""
    return CardEnginesOut(items=[CardEngineOut.model_validate(dict(row)) for row in await readings.figures(uow)])
