"""The front door of stock for other modules.

For a statement that must move stock by itself there is the SQL function `stock_post` (see the migrations).
"""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from mainstay.work import UnitOfWork
from tradepost.stock import repository, service

NOT_ENOUGH_STOCK = repository.NOT_ENOUGH


async def on_hand(uow: UnitOfWork, store_id: UUID, variant_ids: Sequence[UUID]) -> dict[UUID, Decimal]:
    """Return what is on hand by variant; a variant that was never counted in the store is absent."""
    return await service.levels(uow, store_id, variant_ids)
