"""Jobs of the stock module."""

from mainstay.messages.job import Job
from mainstay.work import UnitOfWork
from tradepost.catalog.events import ImportFinished
from tradepost.stock import service


async def open_stock(uow: UnitOfWork, event: ImportFinished) -> None:
    """Book the opening stock that a finished import brought."""
    await service.open_from_import(uow, event.import_id, event.store_id)


OPEN_STOCK = Job("stock.open_from_import", open_stock, answers=(ImportFinished,))
