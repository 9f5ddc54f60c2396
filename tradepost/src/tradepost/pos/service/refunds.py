"""Reading refunds back: one, a list, and what of a sale has not been given back."""

from datetime import datetime
from uuid import UUID

from mainstay.work import UnitOfWork
from tradepost.pos.errors import UnknownRefund, UnknownSale
from tradepost.pos.repository import refunds
from tradepost.pos.schemas.refunds import RefundFilters, RefundOut, RefundSummaryOut, SaleLeftOut


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


async def list_refunds(
    uow: UnitOfWork, filters: RefundFilters, before: tuple[datetime, UUID] | None, limit: int
) -> tuple[list[RefundSummaryOut], int]:
    """Return a page of refunds that fit, one more than `limit` when there is a next page, and how many fit."""
    rows = await refunds.refunds(uow, filters, before, limit + 1)
    return [RefundSummaryOut.model_validate(dict(row)) for row in rows], await refunds.count_refunds(uow, filters)
