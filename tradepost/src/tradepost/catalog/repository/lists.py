"""Lists of variants: one statement a page, however long, with the number of all that fit.

A page leaves the database as JSON text. Reading fifty rows into Python and writing them out again took four times as
long as everything else in the request (docs/decisions/0012-search-and-lists.md).
"""

from dataclasses import dataclass

import asyncpg

from mainstay.db.query import decode_cursor, encode_cursor
from mainstay.errors import InvalidInput
from mainstay.work import Row, UnitOfWork
from tradepost.catalog.repository.search import Wanted, select
from tradepost.catalog.repository.variants import FACT_COLUMNS

# The fields of VariantRowOut, decimals as text.
_ITEM = """
    variant.id, variant.product_id, variant.name, variant.options, variant.sku, variant.barcode,
    trim_scale(variant.price)::text AS price,
    CASE WHEN {with_cost} THEN trim_scale(variant.cost)::text END AS cost,
    (SELECT currency FROM shop_currency) AS currency, trim_scale(variant.tax_rate)::text AS tax_rate, variant.unit,
    variant.is_active, variant.version, variant.updated_at
"""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of variants as the text of a JSON array, the cursor of the next one, and how many fit in all."""

    items: str
    next_cursor: str | None
    total: int


async def page(uow: UnitOfWork, wanted: Wanted, cursor: str | None, limit: int, *, with_cost: bool) -> Page:
    """Return a page of at most `limit` variants after `cursor`. Raises InvalidInput for a foreign cursor."""
    after = decode_cursor(cursor, len(wanted.order.keys) + 1) if cursor is not None else None
    sql, values = page_statement(wanted, after, limit, with_cost=with_cost)
    try:
        (row,) = await uow.read(sql, *values)
    except asyncpg.DataError as failure:
        # Nothing else in the statement is text that somebody sent and the server converts.
        raise InvalidInput("The cursor is not one that this list gave out.") from failure
    return Page(f"[{row['items'] or ''}]", encode_cursor(*row["place"]) if row["place"] else None, row["total"])


def page_statement(
    wanted: Wanted, after: tuple[str, ...] | None, limit: int, *, with_cost: bool
) -> tuple[str, list[object]]:
    """Return the SQL and the parameters of a page: one row of its items, its last place if more follow, and total."""
    chosen = select(wanted, after, limit)
    last, item = chosen.parameters.add(limit), _ITEM.format(with_cost=chosen.parameters.add(with_cost))
    sql = f"""
{chosen.definition}
SELECT
    {chosen.total} AS total, string_agg(item, ',' ORDER BY line) FILTER (WHERE line <= {last}) AS items,
    CASE WHEN count(*) > {last} THEN max(place) FILTER (WHERE line = {last}) END AS place
FROM (
    SELECT
        row_to_json((SELECT shown FROM (SELECT {item}) AS shown))::text AS item, {chosen.place} AS place,
        row_number() OVER (ORDER BY {chosen.order}) AS line
    FROM ({chosen.rows}) AS variant
) AS listed
"""  # noqa: S608  put together from constants; values are parameters
    return sql, chosen.parameters.values


async def facts(uow: UnitOfWork, q: str, limit: int) -> list[Row]:
    """Return what other modules may know of active variants that fit `q`, best first; by name without `q`."""
    sql, values = facts_statement(q, limit)
    return await uow.read(sql, *values)


def facts_statement(q: str, limit: int) -> tuple[str, list[object]]:
    """Return the SQL and the parameters of `facts`."""
    chosen = select(Wanted(q.strip(), only_active=True), None, limit - 1)
    sql = f"""
{chosen.definition}
SELECT {FACT_COLUMNS} FROM ({chosen.rows}) AS variant ORDER BY {chosen.order}
"""  # noqa: S608  put together from constants; values are parameters
    return sql, chosen.parameters.values
