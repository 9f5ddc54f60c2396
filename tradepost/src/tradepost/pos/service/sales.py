"""Reading sales back: one, a list, and the check of a register's journal."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from mainstay.work import Row, UnitOfWork
from tradepost.pos import repository
from tradepost.pos.errors import UnknownRegister, UnknownSale
from tradepost.pos.repository import SaleFilters
from tradepost.pos.schemas import JournalCheckOut, SaleOut, SaleSummaryOut


async def get_sale(uow: UnitOfWork, sale_id: UUID) -> SaleOut:
    """Return a sale. Raises UnknownSale."""
    row = await repository.sale(uow, sale_id)
    if row is None:
        raise UnknownSale("There is no such sale.")
    return SaleOut.model_validate(dict(row))


async def list_sales(
    uow: UnitOfWork, filters: SaleFilters, before: tuple[datetime, UUID] | None, limit: int
) -> tuple[list[SaleSummaryOut], int]:
    """Return a page of sales that fit, one more than `limit` when there is a next page, and how many fit."""
    rows = await repository.sales(uow, filters, before, limit + 1)
    return [SaleSummaryOut.model_validate(dict(row)) for row in rows], await repository.count_sales(uow, filters)


async def check_journal(uow: UnitOfWork, register_id: UUID) -> JournalCheckOut:
    """Recompute a register's hash chain from its start (rule 40). Raises UnknownRegister."""
    if await repository.register(uow, register_id) is None:
        raise UnknownRegister("There is no such register.")
    entries = await repository.journal(uow, register_id)
    broken_at = _broken_link(entries)
    return JournalCheckOut(entries=len(entries), is_intact=broken_at is None, broken_at=broken_at)


def _broken_link(entries: Sequence[Row]) -> int | None:
    previous = ""
    for expected, entry in enumerate(entries, start=1):
        link = hashlib.sha256(f"{previous}\n{entry['payload']}".encode()).hexdigest()
        if (entry["sequence"], entry["previous_hash"], entry["hash"]) != (expected, previous, link):
            return expected
        previous = link
    return None
