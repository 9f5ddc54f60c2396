"""Upkeep of the catalogue, at night."""

from mainstay.work import UnitOfWork
from tradepost.catalog.repository import upkeep as repository


async def tidy(uow: UnitOfWork) -> None:
    """Sum up the changes of the number of variants, and merge what waits to enter the search index."""
    await repository.sum_up_counts(uow)
    await repository.merge_pending(uow)
