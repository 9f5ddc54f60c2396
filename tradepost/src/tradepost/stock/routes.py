"""The stock routes."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from mainstay.db.grammar import Asked
from mainstay.db.query import page_size
from mainstay.errors import InvalidInput
from mainstay.web.asking import asks
from mainstay.web.limits.rates import BUSY, limited
from mainstay.web.overload.urgency import LAST, urgent
from mainstay.web.paging import Cursor, Limit
from mainstay.web.routing import work
from mainstay.work import UnitOfWork
from tradepost.stock import service
from tradepost.stock.permissions import ADJUST, READ
from tradepost.stock.repository import MOVEMENTS
from tradepost.stock.schemas import AdjustmentIn, LevelOut, LevelsOut, MovementsOut

MAX_VARIANTS = 200

router = APIRouter(prefix="/stock", tags=["Stock"])


@router.get("/levels")
async def list_levels(
    uow: Annotated[UnitOfWork, work(READ)],
    store_id: UUID,
    variant_id: Annotated[list[UUID], Query(max_length=MAX_VARIANTS)],
) -> LevelsOut:
    """What is on hand of some variants in a store; variants never counted there are absent."""
    found = await service.levels(uow, store_id, variant_id)
    return LevelsOut(
        items=[LevelOut(variant_id=variant, store_id=store_id, on_hand=on_hand) for variant, on_hand in found.items()]
    )


@router.get("/movements")
@urgent(LAST)
async def list_movements(  # noqa: PLR0913, PLR0917  each is a parameter of the query string
    uow: Annotated[UnitOfWork, work(READ)],
    store_id: UUID,
    variant_id: UUID,
    asked: Annotated[Asked, asks(MOVEMENTS)],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> MovementsOut:
    """The ledger of a variant in a store, newest first unless asked for otherwise."""
    return await service.movements(uow, (store_id, variant_id), asked, cursor, page_size(limit))


@router.post("/adjustments", status_code=201)
@limited(BUSY)
async def adjust_stock(uow: Annotated[UnitOfWork, work(ADJUST)], adjustment: AdjustmentIn) -> AdjustmentIn:
    """Correct what is on hand; repeating the call with the same id and content is harmless."""
    if adjustment.quantity == 0:
        raise InvalidInput("A correction of zero changes nothing; give the difference.")
    await service.adjust(uow, adjustment)
    return adjustment
