"""Listing and searching variants: one statement a page, by keyset, with the number of all that fit."""

from dataclasses import dataclass, field
from typing import Literal

import asyncpg

from mainstay.db.query import decode_cursor, encode_cursor
from mainstay.errors import InvalidInput
from mainstay.work import Row, UnitOfWork
from tradepost.catalog.codes.folding import CODE_SIGN, words
from tradepost.catalog.repository.variants import COLUMNS, FACT_COLUMNS, ID_BY_CODE, code_keys

Sort = Literal["name", "-name", "sku", "price", "-price", "changed"]

# More words than this add nothing to a search.
MOST_WORDS = 8
# Of what is merely alike nobody wants more.
MOST_ALIKE = 200
SHORTEST_ALIKE = 3
# Follows every text that begins alike.
ENDING = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is sorted by before the id: (expression, type) pairs, all in one direction."""

    keys: tuple[tuple[str, str], ...]
    is_descending: bool = False

    @property
    def clause(self) -> str:
        """Return what follows ORDER BY."""
        direction = " DESC" if self.is_descending else ""
        return ", ".join(f"{key}{direction}" for key in (*(key for key, _ in self.keys), "id"))


ORDERS: dict[Sort, Order] = {
    "name": Order((("name_key", "text"),)),
    "-name": Order((("name_key", "text"),), is_descending=True),
    "sku": Order((("(sku_key = '')", "boolean"), ("sku_key", "text"))),
    "price": Order((("price", "numeric"),)),
    "-price": Order((("price", "numeric"),), is_descending=True),
    "changed": Order((("updated_at", "timestamptz"),), is_descending=True),
}
BEST_FIRST = Order((("rank", "integer"), ("distance", "integer"), ("name_key", "text")))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is to hold: `q` fits name, SKU or barcode; without `sort` the best fit or the name decides."""

    q: str = ""
    sort: Sort | None = None
    tag: str | None = None
    only_active: bool = False

    @property
    def order(self) -> Order:
        """Return what the list is sorted by."""
        if self.sort is None and self.q:
            return BEST_FIRST
        return ORDERS[self.sort or "name"]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of variants, the cursor of the next one, and how many variants fit in all."""

    rows: list[Row]
    next_cursor: str | None
    total: int


async def page(uow: UnitOfWork, wanted: Wanted, cursor: str | None, limit: int) -> Page:
    """Return a page of at most `limit` variants after `cursor`. Raises InvalidInput for a foreign cursor."""
    after = decode_cursor(cursor, len(wanted.order.keys) + 1) if cursor is not None else None
    sql, values = statement(wanted, after, limit)
    try:
        rows = await uow.read(sql, *values)
    except asyncpg.DataError as failure:
        if after is None:
            raise
        raise InvalidInput("The cursor is not one that this list gave out.") from failure
    following = encode_cursor(*rows[limit - 1]["place"]) if len(rows) > limit else None
    return Page([row for row in rows[:limit] if row["id"]], following, rows[0]["total"])


async def facts(uow: UnitOfWork, q: str, limit: int) -> list[Row]:
    """Return what other modules may know of active variants that fit `q`, best first; by name without `q`."""
    sql, values = statement(Wanted(q.strip(), only_active=True), None, limit, FACT_COLUMNS)
    return [row for row in (await uow.read(sql, *values))[:limit] if row["variant_id"]]


def statement(
    wanted: Wanted, after: tuple[str, ...] | None, limit: int, columns: str = COLUMNS
) -> tuple[str, list[object]]:
    """Return the SQL and the parameters of a page with one row more than `limit`, if there is one.

    Each row has the `total` of all that fit and its own `place` in the order, as text; without any row there is one
    of nulls that has the total. `after` is the place of the last row of the page before.
    """
    order = wanted.order
    parameters = _Parameters([*code_keys(wanted.q)] if wanted.q else [])
    place = ", ".join(f"{key}::text" for key in (*(key for key, _ in order.keys), "id"))
    source = _all(wanted) if not wanted.q and wanted.tag is None else _found(wanted, parameters, limit)
    rows = source.rows.format(
        page=f"{_beyond(order, after, parameters)} ORDER BY {order.clause} LIMIT {parameters.add(limit + 1)}"
    )
    sql = f"""
{source.definition}
SELECT {columns}, ARRAY[{place}] AS place, counted.total
FROM (SELECT {source.total} AS total) AS counted
LEFT JOIN ({rows}) AS variant ON true
ORDER BY {order.clause}
"""  # noqa: S608  put together from constants; values are parameters
    return sql, parameters.values


@dataclass(slots=True)
class _Parameters:
    """The parameters of a statement, numbered as they are added."""

    values: list[object] = field(default_factory=list)

    def add(self, value: object) -> str:
        """Add a value and return its placeholder."""
        self.values.append(value)
        return f"${len(self.values)}"


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a page comes from: common table expressions, the rows with a place for the page, and the total."""

    definition: str
    rows: str
    total: str


def _beyond(order: Order, after: tuple[str, ...] | None, parameters: _Parameters) -> str:
    """Return the condition for what follows the place `after`, in either direction."""
    if after is None:
        return "true"
    types = [*(kind for _, kind in order.keys), "uuid"]
    values = ", ".join(f"{parameters.add(text)}::text::{kind}" for text, kind in zip(after, types, strict=True))
    keys = ", ".join((*(key for key, _ in order.keys), "id"))
    return f"({keys}) {'<' if order.is_descending else '>'} ({values})"


def _all(wanted: Wanted) -> _Source:
    active = "is_active AND" if wanted.only_active else ""
    return _Source(
        "",
        f"SELECT * FROM catalog_variant WHERE {active} {{page}}",  # noqa: S608  put together from constants
        "(SELECT coalesce(sum(change), 0)::bigint FROM catalog_variant_count)",
    )


_PICKED = """
SELECT variant.*, picked.rank, picked.distance
FROM (SELECT * FROM found WHERE {page}) AS picked
JOIN catalog_variant AS variant USING (id)
"""
_COUNTED = "(SELECT count(*) FROM found)"
_TAGGED = """
WITH found AS MATERIALIZED (
    SELECT id, name_key, sku_key, price, updated_at, 0 AS rank, 0 AS distance
    FROM catalog_variant WHERE {filters}
)
"""
_EXACT_AND_HITS = f"""
WITH exact AS MATERIALIZED (SELECT {ID_BY_CODE} AS id),
hits AS MATERIALIZED (
    SELECT
        id, name_key, sku_key, price, updated_at, 0 AS distance,
        CASE
            WHEN id = (SELECT id FROM exact) THEN 0
            WHEN search LIKE {{code_begins}} THEN 1
            WHEN search LIKE {{name_begins}} THEN 2
            ELSE 3
        END AS rank
    FROM catalog_variant WHERE {{fits}} AND {{filters}}
    UNION ALL
    SELECT id, name_key, sku_key, price, updated_at, 0, 0
    FROM catalog_variant WHERE id = (SELECT id FROM exact) AND NOT ({{fits}}) AND {{filters}}
),
"""  # noqa: S608  put together from constants
_HITS_ALONE = "found AS (SELECT * FROM hits)"
_HAS_TAG = "product_id IN (SELECT id FROM catalog_product WHERE tags @> ARRAY[{tag}::text])"
# What is merely alike is looked for when the words themselves do not fill the page.
_HITS_AND_ALIKE = """
alike AS MATERIALIZED (
    SELECT id, name_key, distance FROM catalog_alike({text}, {most}) AS likely
    WHERE (SELECT count(*) FROM hits) < {limit} AND NOT EXISTS (SELECT FROM hits WHERE hits.id = likely.id)
        AND {filters}
),
found AS (
    SELECT id, name_key, rank, distance FROM hits
    UNION ALL
    SELECT id, name_key, 4, distance FROM alike
)
"""


def _found(wanted: Wanted, parameters: _Parameters, limit: int) -> _Source:
    """Return what fits: the exact code first, then beginnings of words, then, where those are few, what is alike."""
    filters = _filters(wanted, parameters)
    if not wanted.q:
        return _Source(_TAGGED.format(filters=filters), _PICKED, _COUNTED)
    parts = words(wanted.q)[:MOST_WORDS]
    text = " ".join(parts)
    definition = _EXACT_AND_HITS.format(
        fits=_fits(parts, parameters),
        filters=filters,
        code_begins=parameters.add(f"%{CODE_SIGN} {text}%"),
        name_begins=parameters.add(f" {text}%"),
    )
    if wanted.sort is not None or len(text) < SHORTEST_ALIKE:
        definition += _HITS_ALONE
    else:
        definition += _HITS_AND_ALIKE.format(
            text=parameters.add(text), most=MOST_ALIKE, limit=parameters.add(limit), filters=filters
        )
    return _Source(definition, _PICKED, _COUNTED)


def _fits(parts: list[str], parameters: _Parameters) -> str:
    """Return the condition that each word begins a word of the variant; one letter has to begin its name."""
    if not parts:
        return "false"
    if len(parts) == 1 and len(parts[0]) == 1:
        return f"name_key >= {parameters.add(parts[0])} AND name_key < {parameters.add(parts[0] + ENDING)}"
    return " AND ".join(f"search LIKE {parameters.add(f'% {part}%')}" for part in parts)


def _filters(wanted: Wanted, parameters: _Parameters) -> str:
    conditions = ["is_active"] if wanted.only_active else []
    if wanted.tag is not None:
        conditions.append(_HAS_TAG.format(tag=parameters.add(wanted.tag)))
    return " AND ".join(conditions) or "true"
