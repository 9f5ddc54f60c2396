"""Lists of variants: one statement a page, however long, with the number of all that fit.

A page leaves the database as JSON text. Reading fifty rows into Python and writing them out again took four times as
long as everything else in the request (docs/decisions/0012-search-and-lists.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from mainstay.db.query import decode_cursor, encode_cursor
from mainstay.work import Row, UnitOfWork
from tradepost.catalog.repository.search import Wanted, select
from tradepost.catalog.repository.variants import FACT_COLUMNS, shown

ExportColumn = Literal["name", "sku", "barcode", "tax_rate", "cost", "price", "currency", "unit", "is_active"]
EXPORT_COLUMNS: tuple[ExportColumn, ...] = get_args(ExportColumn)
EXPORT_PAGE = 1000
# How many a list shows at once: words that find as many are not helped by what is merely alike.
LISTED = 50
_EXPORTED: dict[ExportColumn, str] = {
    "name": "variant.name",
    "sku": "variant.sku",
    "barcode": "variant.barcode",
    "tax_rate": "trim_scale(variant.tax_rate)::text",
    "cost": "trim_scale(variant.cost)::text",
    "price": "trim_scale(variant.price)::text",
    "currency": "(SELECT currency FROM shop_currency)",
    "unit": "variant.unit",
    "is_active": "variant.is_active::text",
}


@dataclass(frozen=True, slots=True)
class Page:
    """A page of variants as the text of a JSON array, the cursor of the next one, and how many fit in all."""

    items: str
    next_cursor: str | None
    total: int


async def page(uow: UnitOfWork, wanted: Wanted, cursor: str | None, limit: int, *, with_cost: bool) -> Page:
    """Return a page of at most `limit` variants after `cursor`.."""
    after = decode_cursor(cursor, len(wanted.order.keys) + 1) if cursor is not None else None
    sql, values = page_statement(wanted, after, limit, with_cost=with_cost)
    (row,) = await uow.read(sql, *values)
    return Page(f"[{row['items'] or ''}]", encode_cursor(*row["place"]) if row["place"] else None, row["total"])


@lru_cache(maxsize=256)
def page_statement(
    wanted: Wanted, after: tuple[str, ...] | None, limit: int, *, with_cost: bool
) -> tuple[str, tuple[object, ...]]:
    """Return the SQL and the parameters of a page: one row of its items, its last place if more follow, and total."""
    chosen = select(wanted, after, limit)
    names = [f"key_{number}" for number in range(len(chosen.keys))]
    keys = ", ".join(f"{key} AS {name}" for key, name in zip(chosen.keys, names, strict=True))
    place = ", ".join(f"(array_agg({name}))[{limit}]::text" for name in names)
    sql = f"""
{chosen.definition}
SELECT
    {chosen.total} AS total, array_to_string((array_agg(item))[:{limit}], ',') AS items,
    CASE WHEN count(*) > {limit} THEN ARRAY[{place}] END AS place
FROM (
    SELECT {shown(with_cost=with_cost)} AS item, {keys}
    FROM ({chosen.rows}) AS variant ORDER BY {chosen.order}
) AS listed
"""  # noqa: S608  put together from constants; values are parameters
    return sql, tuple(chosen.parameters.values)


@dataclass(frozen=True, slots=True)
class ExportPage:
    """Rows of a list as text, and the place after which the next page begins."""

    rows: list[list[str]]
    place: tuple[str, ...] | None


async def export_page(
    uow: UnitOfWork, wanted: Wanted, after: tuple[str, ...] | None, columns: Sequence[ExportColumn]
) -> ExportPage:
    """Return the rows of a list that follow a place, at most EXPORT_PAGE of them."""
    chosen = select(wanted, after, EXPORT_PAGE, enough=LISTED)
    cells = ", ".join(f"coalesce({_EXPORTED[column]}, '')" for column in columns)
    place = ", ".join(f"{key}::text" for key in chosen.keys)
    sql = f"""
{chosen.definition}
SELECT ARRAY[{cells}] AS cells, ARRAY[{place}] AS place FROM ({chosen.rows}) AS variant ORDER BY {chosen.order}
"""  # noqa: S608  put together from constants; values are parameters
    rows = await uow.read(sql, *chosen.parameters.values)
    page = rows[:EXPORT_PAGE]
    following = tuple(page[-1]["place"]) if len(rows) > EXPORT_PAGE else None
    return ExportPage([row["cells"] for row in page], following)


async def facts(uow: UnitOfWork, q: str, limit: int) -> list[Row]:
    """Return what other modules may know of active variants that fit `q`, best first; by name without `q`."""
    sql, values = facts_statement(q, limit)
    return await uow.read(sql, *values)


def facts_statement(q: str, limit: int) -> tuple[str, list[object]]:
    """Return the SQL and the parameters of `facts`."""
    chosen = select(Wanted(q.strip(), is_active=True), None, limit - 1)
    sql = f"""
{chosen.definition}
SELECT {FACT_COLUMNS} FROM ({chosen.rows}) AS variant ORDER BY {chosen.order}
"""  # noqa: S608  put together from constants; values are parameters
    return sql, chosen.parameters.values
