"""Reading refunds back: one, a list, and what of a sale has not been given back."""

from uuid import UUID

from mainstay.db.grammar import Asked
from mainstay.work import UnitOfWork
from tradepost.pos.errors import UnknownRefund, UnknownSale
from tradepost.pos.repository import refunds
from tradepost.pos.schemas.refunds import RefundOut, RefundsOut, RefundSummaryOut, SaleLeftOut


async def get_refund(uow: UnitOfWork, refund_id: UUID) -> RefundOut:
    """Return a refund. Raises UnknownRefund."""
    row = await refunds.refund(uow, refund_id)
    if row is None:
        raise UnknownRefund("There is no such refund.")
    return RefundOut.model_validate(dict(row))


async def sale_left(uow: UnitOfWork, sale_id: UUID) -> SaleLeftOut:
    """Return what of a sale has not been given back, and its refunds. Raises UnknownSale."""
    row = await refunds.sale_left(uow, sale_id)
    if row is None:
        raise UnknownSale("There is no such sale.")
    given = [dict(one) for one in await refunds.refunds_of(uow, sale_id)]
    return SaleLeftOut.model_validate(dict(row) | {"refunds": given})


async def list_refunds(uow: UnitOfWork, asked: Asked, cursor: str | None, size: int) -> RefundsOut:
    """Return a page of the refunds that fit, and how many fit."""
    rows, following = await refunds.refunds(uow, asked, cursor, size)
    items = [RefundSummaryOut.model_validate(dict(row)) for row in rows]
    return RefundsOut(items=items, next_cursor=following, total=await refunds.count_refunds(uow, asked))
