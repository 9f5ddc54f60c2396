"""Sales, refunds and shifts as files for spreadsheets: what the lists show, all of it."""

from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Literal, get_args

from mainstay.db.grammar import Asked
from mainstay.messages.audit import Entry
from mainstay.work import Row, UnitOfWork
from tradepost.money.currency import currency, format_minor
from tradepost.pos.repository import refunds, sales, tills

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
OpenWork = Callable[[], AbstractAsyncContextManager[UnitOfWork]]
# Rows, and the cursor of what follows them.
Page = tuple[list[Row], str | None]
Read = Callable[[UnitOfWork, str | None], Coroutine[None, None, Page]]
Pages = AsyncIterator[list[list[str]]]


def export_sales(open_work: OpenWork, asked: Asked, columns: Sequence[SaleColumn]) -> Pages:
    """Give the sales that fit, page by page."""

    async def read(uow: UnitOfWork, cursor: str | None) -> Page:
        return await sales.sales(uow, asked, cursor, EXPORT_PAGE)

    return _export(open_work, read, columns, ("pos.sales_exported", "pos.sale"))


def export_refunds(open_work: OpenWork, asked: Asked, columns: Sequence[RefundColumn]) -> Pages:
    """Give the refunds that fit, page by page."""

    async def read(uow: UnitOfWork, cursor: str | None) -> Page:
        return await refunds.refunds(uow, asked, cursor, EXPORT_PAGE)

    return _export(open_work, read, columns, ("pos.refunds_exported", "pos.refund"))


def export_shifts(open_work: OpenWork, asked: Asked, columns: Sequence[ShiftColumn]) -> Pages:
    """Give the shifts that fit, page by page."""

    async def read(uow: UnitOfWork, cursor: str | None) -> Page:
        return await tills.shifts(uow, asked, cursor, EXPORT_PAGE)

    return _export(open_work, read, columns, ("pos.shifts_exported", "pos.shift"))


async def _export(open_work: OpenWork, read: Read, columns: Sequence[str], act: tuple[str, str]) -> Pages:
    """Read each page in a unit of work of its own, however slow the reader of the file is.

    `act` is what the file is in the audit trail, and of what (rule 39).
    """
    cursor: str | None = None
    while True:
        async with open_work() as uow:
            rows, following = await read(uow, cursor)
            if cursor is None:
                uow.record(Entry(*act, new={"columns": list(columns)}))
        yield [[_cell(row, column) for column in columns] for row in rows]
        if following is None:
            return
        cursor = following


def _cell(row: Row, column: str) -> str:
    """Return a value as text: a moment in UTC (RFC 3339), an amount as a decimal, nothing as nothing."""
    if f"{column}_minor" in row:
        minor = row[f"{column}_minor"]
        return "" if minor is None else format_minor(minor, currency(row["currency"]))
    value = row[column]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return "" if value is None else str(value)
