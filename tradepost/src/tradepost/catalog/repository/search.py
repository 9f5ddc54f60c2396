"""What a list of variants selects: all of them or those that fit, from a place in the order on."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Self

from pydantic import StringConstraints

from mainstay.db.grammar import Asked, Filter, Grammar, Order, Parameters, both
from tradepost.catalog.codes.folding import CODE_SIGN, words
from tradepost.catalog.repository.variants import ID_BY_CODE, code_keys

# More words than this add nothing to a search.
MOST_WORDS = 8
# Of what is merely alike nobody wants more.
MOST_ALIKE = 200
SHORTEST_ALIKE = 3
# Follows every text that begins alike.
ENDING = "\U0010ffff"


_CHANGED = Order((("updated_at", "timestamptz"),))
ORDERS = both(
    name=Order((("name_key", "text"),)),
    price=Order((("price", "numeric"),)),
    updated_at=_CHANGED,
) | {
    "sku": Order((("(sku_key = '')", "boolean"), ("sku_key", "text"))),
    "changed": _CHANGED.turned(),
}
BEST_FIRST = Order((("rank", "integer"), ("distance", "integer"), ("name_key", "text")))
# Its statement is put together below.
VARIANTS = Grammar(
    "",
    ORDERS,
    "name",
    {
        "q": Filter(
            Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)],
            about="Fits name, SKU or barcode; typing errors are forgiven",
        ),
        "tag": Filter(Annotated[str, StringConstraints(max_length=100)], about="The product has this tag"),
        "is_active": Filter(bool, about="Only what is sold, or only what is not sold any more"),
    },
    unsorted="the best fit comes first, or the name decides",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is to hold: `q` fits name, SKU or barcode; without `sort` the best fit or the name decides."""

    q: str = ""
    sort: str | None = None
    tag: str | None = None
    is_active: bool | None = None

    @classmethod
    @lru_cache(maxsize=256)
    def of(cls, asked: Asked) -> Self:
        """Return what a caller asks for; asked for again, the same."""
        given: dict[str, Any] = {key: value for key, _, value in asked.conditions}
        return cls(given.get("q", ""), asked.sort, given.get("tag"), given.get("is_active"))

    @property
    def order(self) -> Order:
        """Return what the list is sorted by."""
        if self.sort is None and self.q:
            return BEST_FIRST
        return ORDERS[self.sort or "name"]


@dataclass(frozen=True, slots=True)
class Selection:
    """The parts of a statement that lists variants: `rows` has all columns of the variants and one row too many.

    `keys` say where a row stands in the order; `total` is the number of all that fit.
    """

    definition: str
    rows: str
    total: str
    order: str
    keys: tuple[str, ...]
    parameters: Parameters


def select(wanted: Wanted, after: tuple[str, ...] | None, limit: int, enough: int | None = None) -> Selection:
    """Return the parts of a statement for the page of at most `limit` variants after the place `after`.

    What is merely alike is left out where words find `enough`, which is a page unless told otherwise.
    """
    order = wanted.order
    parameters = Parameters([*code_keys(wanted.q)] if wanted.q else [])
    source = _all(wanted) if not wanted.q and wanted.tag is None else _found(wanted, parameters, enough or limit)
    page = f"{order.beyond(after, parameters)} ORDER BY {order.clause} LIMIT {limit + 1}"
    return Selection(
        source.definition, source.rows.format(page=page), source.total, order.clause, order.columns, parameters
    )


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a page comes from: common table expressions, the rows with a place for the page, and the total."""

    definition: str
    rows: str
    total: str


# What is not sold any more has an index of its own; the rest is counted without looking at it.
_ACTIVE: dict[bool | None, str] = {None: "true", True: "is_active", False: "NOT is_active"}
_EVERY = "(SELECT coalesce(sum(change), 0)::bigint FROM catalog_variant_count)"
_INACTIVE = "(SELECT count(*) FROM catalog_variant WHERE NOT is_active)"
_TOTALS: dict[bool | None, str] = {None: _EVERY, True: f"({_EVERY} - {_INACTIVE})", False: _INACTIVE}


def _all(wanted: Wanted) -> _Source:
    return _Source(
        "",
        f"SELECT * FROM catalog_variant WHERE {_ACTIVE[wanted.is_active]} AND {{page}}",  # noqa: S608  constants
        _TOTALS[wanted.is_active],
    )


_PICKED = """
SELECT variant.*, picked.rank, picked.distance
FROM (SELECT * FROM found WHERE {page}) AS picked
JOIN catalog_variant AS variant USING (id)
"""
_COUNTED = "(SELECT count(*) FROM found)"
_TAGGED = """
WITH found AS MATERIALIZED (
    SELECT id, {column}, 0 AS rank, 0 AS distance FROM catalog_variant WHERE {filters}
)
"""
_EXACT_AND_HITS = f"""
WITH exact AS MATERIALIZED (SELECT {ID_BY_CODE} AS id),
hits AS MATERIALIZED (
    SELECT id, {{column}}, {{rank}} AS rank, 0 AS distance FROM catalog_variant WHERE {{fits}} AND {{filters}}
    UNION ALL
    SELECT id, {{column}}, 0, 0 FROM catalog_variant
    WHERE id = (SELECT id FROM exact) AND NOT ({{fits}}) AND {{filters}}
),
"""  # noqa: S608  put together from constants
_RANK = """
CASE
    WHEN id = (SELECT id FROM exact) THEN 0
    WHEN search LIKE {code_begins} THEN 1
    WHEN search LIKE {name_begins} THEN 2
    ELSE 3
END
"""
_HITS_ALONE = "found AS (SELECT * FROM hits)"
_HAS_TAG = "product_id IN (SELECT id FROM catalog_product WHERE tags @> ARRAY[{tag}::text])"
# What is merely alike is looked for when the words themselves do not fill the page.
_HITS_AND_ALIKE = """
alike AS MATERIALIZED (
    SELECT id, name_key, distance FROM catalog_alike({words}, {most}) AS likely
    WHERE (SELECT count(*) FROM hits) < {limit} AND {filters}
        AND NOT EXISTS (SELECT FROM hits WHERE hits.id = likely.id)
),
found AS (
    SELECT id, name_key, rank, distance FROM hits
    UNION ALL
    SELECT id, name_key, 4, distance FROM alike
)
"""


def _found(wanted: Wanted, parameters: Parameters, enough: int) -> _Source:
    """Return what fits: the exact code first, then beginnings of words, then, where those are few, what is alike."""
    filters = _filters(wanted, parameters)
    if not wanted.q:
        return _Source(_TAGGED.format(column=_column(wanted.order), filters=filters), _PICKED, _COUNTED)
    parts = words(wanted.q)[:MOST_WORDS]
    text = " ".join(parts)
    definition = _EXACT_AND_HITS.format(
        column=_column(wanted.order),
        rank=_rank(wanted, text, parameters),
        fits=_fits(parts, parameters),
        filters=filters,
    )
    if wanted.sort is not None or len(text) < SHORTEST_ALIKE:
        definition += _HITS_ALONE
    else:
        definition += _HITS_AND_ALIKE.format(
            words=parameters.add(parts), most=MOST_ALIKE, limit=parameters.add(enough), filters=filters
        )
    return _Source(definition, _PICKED, _COUNTED)


def _column(order: Order) -> str:
    """Return the column that an order goes by."""
    return order.keys[-1][0]


def _rank(wanted: Wanted, text: str, parameters: Parameters) -> str:
    """Return how well a hit fits, where that decides the order: a single letter says nothing."""
    if wanted.sort is not None or len(text) <= 1:
        return "3"
    return _RANK.format(code_begins=parameters.add(f"%{CODE_SIGN} {text}%"), name_begins=parameters.add(f" {text}%"))


def _fits(parts: list[str], parameters: Parameters) -> str:
    """Return the condition that each word begins a word of the variant; one letter has to begin its name."""
    if not parts:
        return "false"
    if len(parts) == 1 and len(parts[0]) == 1:
        return f"name_key >= {parameters.add(parts[0])} AND name_key < {parameters.add(parts[0] + ENDING)}"
    return " AND ".join(f"search LIKE {parameters.add(f'% {part}%')}" for part in parts)


def _filters(wanted: Wanted, parameters: Parameters) -> str:
    conditions = [] if wanted.is_active is None else [_ACTIVE[wanted.is_active]]
    if wanted.tag is not None:
        conditions.append(_HAS_TAG.format(tag=parameters.add(wanted.tag)))
    return " AND ".join(conditions) or "true"
