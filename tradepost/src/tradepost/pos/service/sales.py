"""Reading sales back: one, a list, and the check of a register's journal."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mainstay.work import Row, UnitOfWork
from tradepost.pos.errors import UnknownRegister, UnknownSale
from tradepost.pos.repository import sales, tills
from tradepost.pos.schemas.sales import JournalCheckOut, SaleFilters, SaleOut, SaleSummaryOut

# Entries of a journal that are read at once, so that a long one neither fills the memory nor holds up others.
JOURNAL_PAGE = 1000


async def get_sale(uow: UnitOfWork, sale_id: UUID) -> SaleOut:
    """Return a sale. Raises UnknownSale."""
    row = await sales.sale(uow, sale_id)
    if row is None:
        raise UnknownSale("There is no such sale.")
    return SaleOut.model_validate(dict(row))


async def list_sales(
    uow: UnitOfWork, filters: SaleFilters, before: tuple[datetime, UUID] | None, limit: int
) -> tuple[list[SaleSummaryOut], int]:
    """Return a page of sales that fit, one more than `limit` when there is a next page, and how many fit."""
    rows = await sales.sales(uow, filters, before, limit + 1)
    return [SaleSummaryOut.model_validate(dict(row)) for row in rows], await sales.count_sales(uow, filters)


async def check_journal(uow: UnitOfWork, register_id: UUID) -> JournalCheckOut:
    """Recompute a register's hash chain from its start (rule 40). Raises UnknownRegister."""
    if await tills.register(uow, register_id) is None:
        raise UnknownRegister("There is no such register.")
    chain = _Chain()
    while entries := await tills.journal(uow, register_id, chain.read, JOURNAL_PAGE):
        for entry in entries:
            chain.add(entry)
    return JournalCheckOut(entries=chain.entries, is_intact=chain.broken_at is None, broken_at=chain.broken_at)


@dataclass(slots=True)
class _Chain:
    """How far a chain has been followed: the last number that was read, how many, the last hash, the first break."""

    read: int = 0
    entries: int = 0
    hash: str = ""
    broken_at: int | None = None

    def add(self, entry: Row) -> None:
        """Follow one entry more; from the first break on they are only counted."""
        self.read = entry["sequence"]
        self.entries += 1
        link = hashlib.sha256(f"{self.hash}\n{entry['payload']}".encode()).hexdigest()
        if (entry["sequence"], entry["previous_hash"], entry["hash"]) == (self.entries, self.hash, link):
            self.hash = link
        elif self.broken_at is None:
            self.broken_at = self.entries
