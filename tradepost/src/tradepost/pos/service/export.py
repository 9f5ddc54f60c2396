"""Sales, refunds and shifts as files for spreadsheets: what the lists show, all of it, newest first."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Literal, get_args
from uuid import UUID

from mainstay.messages.audit import Entry
from mainstay.work import Row, UnitOfWork
from tradepost.money.currency import currency, format_minor
from tradepost.pos.repository import refunds, sales, tills
from tradepost.pos.schemas.refunds import RefundFilters
from tradepost.pos.schemas.sales import SaleFilters

SaleColumn = Literal[
    "receipt_number", "sold_at", "register_name", "cashier_name", "lines_count", "total", "refunded", "currency"
]  # fmt: skip
RefundColumn = Literal[
    "receipt_number", "sale_receipt_number", "refunded_at", "register_name", "cashier_name", "reason", "lines_count",
    "payable", "currency",
]  # fmt: skip
ShiftColumn = Literal[
    "register_name", "store_name", "opened_at", "opened_by_name", "closed_at", "closed_by_name", "float", "expected",
    "counted", "difference", "takings", "sales_count", "refunded", "refunds_count", "currency",
]  # fmt: skip
SALE_COLUMNS: tuple[SaleColumn, ...] = get_args(SaleColumn)
REFUND_COLUMNS: tuple[RefundColumn, ...] = get_args(RefundColumn)
SHIFT_COLUMNS: tuple[ShiftColumn, ...] = get_args(ShiftColumn)
EXPORT_PAGE = 1000
# What a file is in the audit trail, by the moment that sorts it (rule 39).
_EXPORTED = {
    "sold_at": ("pos.sales_exported", "pos.sale"),
    "refunded_at": ("pos.refunds_exported", "pos.refund"),
    "opened_at": ("pos.shifts_exported", "pos.shift"),
}

OpenWork = Callable[[], AbstractAsyncContextManager[UnitOfWork]]
Place = tuple[datetime, UUID]
Pages = AsyncIterator[list[list[str]]]


def export_sales(open_work: OpenWork, filters: SaleFilters, columns: Sequence[SaleColumn]) -> Pages:
    """Give the sales that fit, page by page."""

    async def read(uow: UnitOfWork, before: Place | None) -> list[Row]:
        return await sales.sales(uow, filters, before, EXPORT_PAGE)

    return _export(open_work, read, columns, "sold_at")


def export_refunds(open_work: OpenWork, filters: RefundFilters, columns: Sequence[RefundColumn]) -> Pages:
    """Give the refunds that fit, page by page."""

    async def read(uow: UnitOfWork, before: Place | None) -> list[Row]:
        return await refunds.refunds(uow, filters, before, EXPORT_PAGE)

    return _export(open_work, read, columns, "refunded_at")


def export_shifts(open_work: OpenWork, register_id: UUID | None, columns: Sequence[ShiftColumn]) -> Pages:
    """Give the shifts of a register, or of all, page by page."""

    async def read(uow: UnitOfWork, before: Place | None) -> list[Row]:
        return await tills.shifts(uow, register_id, before, EXPORT_PAGE)

    return _export(open_work, read, columns, "opened_at")


async def _export(
    open_work: OpenWork,
    read: Callable[[UnitOfWork, Place | None], Awaitable[list[Row]]],
    columns: Sequence[str],
    moment: str,
) -> Pages:
    """Read each page in a unit of work of its own, however slow the reader of the file is."""
    before: Place | None = None
    while True:
        async with open_work() as uow:
            rows = await read(uow, before)
            if before is None:
                act, thing = _EXPORTED[moment]
                uow.record(Entry(act, thing, new={"columns": list(columns)}))
        yield [[_cell(row, column) for column in columns] for row in rows]
        if len(rows) < EXPORT_PAGE:
            return
        before = (rows[-1][moment], rows[-1]["id"])


def _cell(row: Row, column: str) -> str:
    """Return a value as text: a moment in UTC (RFC 3339), an amount as a decimal, nothing as nothing."""
    if f"{column}_minor" in row:
        minor = row[f"{column}_minor"]
        return "" if minor is None else format_minor(minor, currency(row["currency"]))
    value = row[column]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return "" if value is None else str(value)
