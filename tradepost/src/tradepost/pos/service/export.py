"""Sales and shifts as files for spreadsheets: what the lists show, all of it."""

from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Literal, get_args

from mainstay.db.grammar import Asked
from mainstay.messages.audit import Entry
from mainstay.work import Row, UnitOfWork
from tradepost.money.currency import currency, format_minor
from tradepost.pos.repository import sales, tills

SaleColumn = Literal["receipt_number", "sold_at", "register_name", "cashier_name", "lines_count", "total", "currency"]
ShiftColumn = Literal[
    "register_name", "store_name", "opened_at", "opened_by_name", "closed_at", "closed_by_name", "float", "expected",
    "counted", "difference", "takings", "sales_count", "currency",
]  # fmt: skip
SALE_COLUMNS: tuple[SaleColumn, ...] = get_args(SaleColumn)
SHIFT_COLUMNS: tuple[ShiftColumn, ...] = get_args(ShiftColumn)
EXPORT_PAGE = 1000
OpenWork = Callable[[], AbstractAsyncContextManager[UnitOfWork]]
Read = Callable[[UnitOfWork, Asked, str | None, int], Coroutine[None, None, tuple[list[Row], str | None]]]
Pages = AsyncIterator[list[list[str]]]

# What a file is in the audit trail, by what reads it (rule 39).
_EXPORTED: dict[Read, tuple[str, str]] = {
    sales.sales: ("pos.sales_exported", "pos.sale"),
    tills.shifts: ("pos.shifts_exported", "pos.shift"),
}


def export_sales(open_work: OpenWork, asked: Asked, columns: Sequence[SaleColumn]) -> Pages:
    """Give the sales that fit, page by page."""
    return _export(open_work, sales.sales, asked, columns)


def export_shifts(open_work: OpenWork, asked: Asked, columns: Sequence[ShiftColumn]) -> Pages:
    """Give the shifts that fit, page by page."""
    return _export(open_work, tills.shifts, asked, columns)


async def _export(open_work: OpenWork, read: Read, asked: Asked, columns: Sequence[str]) -> Pages:
    """Read each page in a unit of work of its own, however slow the reader of the file is."""
    cursor: str | None = None
    while True:
        async with open_work() as uow:
            rows, following = await read(uow, asked, cursor, EXPORT_PAGE)
            if cursor is None:
                act, thing = _EXPORTED[read]
                uow.record(Entry(act, thing, new={"columns": list(columns)}))
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
