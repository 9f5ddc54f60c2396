"""Reading sales back: one, a list, and the check of a register's journal."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from mainstay.db.grammar import Asked
from mainstay.work import Row, UnitOfWork
from tradepost.pos.errors import UnknownRegister, UnknownSale
from tradepost.pos.repository import sales, tills
from tradepost.pos.schemas import CashierOut, CashiersOut, JournalCheckOut, SaleOut, SalesOut, SaleSummaryOut

MOST_CASHIERS = 500
# Entries of a journal that are read at once, so that a long one neither fills the memory nor holds up others.
JOURNAL_PAGE = 1000


async def get_sale(uow: UnitOfWork, sale_id: UUID) -> SaleOut:
    """Return a sale. Raises UnknownSale."""
    row = await sales.sale(uow, sale_id)
    if row is None:
        raise UnknownSale("There is no such sale.")
    return SaleOut.model_validate(dict(row))


async def list_sales(uow: UnitOfWork, asked: Asked, cursor: str | None, size: int) -> SalesOut:
    """Return a page of the sales that fit, and how many fit."""
    rows, following = await sales.sales(uow, asked, cursor, size)
    items = [SaleSummaryOut.model_validate(dict(row)) for row in rows]
    return SalesOut(items=items, next_cursor=following, total=await sales.count_sales(uow, asked))


async def list_cashiers(uow: UnitOfWork) -> CashiersOut:
    """Return who rang up sales, for a filter."""
    return CashiersOut(items=[CashierOut.model_validate(dict(row)) for row in await sales.cashiers(uow, MOST_CASHIERS)])


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
