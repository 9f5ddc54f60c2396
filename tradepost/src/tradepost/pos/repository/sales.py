"""Every statement of sales: what checkout must know, the sale in one statement, and lists."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from mainstay.db.grammar import RANGE, Asked, Filter, Grammar, Order, Parameters, Whole, both
from mainstay.work import Row, UnitOfWork
from tradepost.pos.repository.numbers import BEGINS, ReceiptNumber
from tradepost.pos.repository.reaching import owned_by, reached, reached_by
from tradepost.pos.schemas.sales import ApprovalIn

CHECKOUT_FACTS = """
SELECT
    register.store_id, register.name AS register_name, register.open_shift_id,
    store.name AS store_name, store.time_zone, store.day_cutoff, store.prices_include_tax, store.rounding_level,
    store.rounding_mode, store.cash_rounding, store.negative_stock, store.receipt_header, store.receipt_footer,
    store.currency,
    (SELECT content_hash FROM pos_sale WHERE id = $1) AS known_hash,
    (
        SELECT jsonb_agg(
            jsonb_build_object(
                'variant_id', variant_id, 'name', name, 'sku', sku, 'barcode', barcode, 'unit', unit,
                'price', trim_scale(price)::text, 'cost', cost::text, 'tax_rate', trim_scale(tax_rate)::text
            )
        )
        FROM catalog_sellable WHERE variant_id = ANY ($3) AND is_active
    ) AS items
FROM pos_register AS register
JOIN shop_selling_store AS store ON store.store_id = register.store_id
WHERE register.id = $2
"""
# The whole transaction in one statement; see migrations/sql/pos_checkout_1.sql.
_CHECKOUT = "SELECT pos_checkout($1::jsonb, $2::jsonb) AS answer"
_SALE = """
SELECT
    sale.id, sale.receipt_number, sale.content_hash, sale.register_id, sale.register_name, sale.shift_id,
    sale.store_id, sale.cashier_id,
    sale.cashier_name, sale.sold_at, sale.business_day, sale.currency, sale.prices_include_tax, sale.rounding_level,
    sale.rounding_mode, sale.subtotal_minor, sale.discount_minor, sale.net_minor, sale.tax_minor, sale.total_minor,
    sale.cash_rounding_minor, sale.payable_minor, sale.change_minor,
    jsonb_build_object(
        'id', sale.store_id, 'name', store.name, 'time_zone', store.time_zone,
        'receipt_header', store.receipt_header, 'receipt_footer', store.receipt_footer
    ) AS store,
    (
        SELECT jsonb_agg(
            to_jsonb(line) - 'sale_id' - 'cost' - 'position' || jsonb_build_object(
                'quantity', trim_scale(quantity)::text, 'unit_price', trim_scale(unit_price)::text,
                'tax_rate', trim_scale(tax_rate)::text
            )
            ORDER BY position
        )
        FROM pos_sale_line AS line WHERE sale_id = sale.id
    ) AS lines,
    (
        SELECT jsonb_agg(
            to_jsonb(tax) - 'sale_id' || jsonb_build_object('rate', trim_scale(rate)::text) ORDER BY tax.rate DESC
        )
        FROM pos_sale_tax AS tax WHERE sale_id = sale.id
    ) AS taxes,
    (
        SELECT coalesce(jsonb_agg(to_jsonb(payment) - 'sale_id' - 'position' ORDER BY position), '[]')
        FROM pos_payment AS payment WHERE sale_id = sale.id
    ) AS tenders,
    (
        SELECT jsonb_build_object('sequence', sequence, 'hash', hash)
        FROM pos_journal WHERE document_id = sale.id
    ) AS journal,
    (SELECT approver_name FROM pos_sale_approval WHERE sale_id = sale.id) AS approved_by_name
FROM pos_sale AS sale
JOIN shop_selling_store AS store ON store.store_id = sale.store_id
WHERE sale.id = $1
"""
_SALES = """
SELECT
    id, receipt_number, sold_at, register_name, cashier_name, total_minor, currency, lines_count,
    (SELECT coalesce(sum(payable_minor), 0)::bigint FROM pos_refund WHERE sale_id = pos_sale.id) AS refunded_minor
FROM pos_sale WHERE {conditions} ORDER BY {order} LIMIT {limit}
"""
_SALES_COUNT = "SELECT count(*) FROM pos_sale WHERE {conditions}"
# Each sale and each refund takes the next number of its register in the same transaction, and none is ever removed
# (rules 16 and 17); refunds are few.
_ALL_SALES_COUNT = """
SELECT coalesce(sum(next_number - 1), 0)::bigint - (SELECT count(*) FROM pos_refund) FROM pos_register
"""
_HAS_VARIANT = "id IN (SELECT sale_id FROM pos_sale_line WHERE variant_id = {0})"
# The zones of all stores are read once, not for each sale.
_IN_HOUR = """extract(hour FROM sold_at AT TIME ZONE (
    (SELECT jsonb_object_agg(store.store_id, time_zone) FROM shop_selling_store AS store) ->> pos_sale.store_id::text
)) = {0}::int"""
# Each index makes every sale dearer: docs/decisions/0058-filters-and-orders.md.
SALES = Grammar(
    _SALES,
    both(
        sold_at=Order((("sold_at", "timestamptz"),)),
        total_minor=Order((("total_minor", "bigint"),)),
        receipt_number=Order((("receipt_number", "text"),), ending=()),
    ),
    "-sold_at",
    {
        "store_id": Filter(UUID, "store_id"),
        "register_id": Filter(UUID, "register_id"),
        "cashier_id": Filter(UUID, "cashier_id", about="Rung up by this person"),
        "shift_id": Filter(UUID, "shift_id"),
        "business_day": Filter(date, "business_day", ("eq", "gte", "lte")),
        "sold_at": Filter(AwareDatetime, "sold_at", RANGE),
        "total_minor": Filter(Whole, "total_minor", ("eq", *RANGE), "The total, in minor units"),
        "variant_id": Filter(UUID, about="Sales with this variant on a line", condition=_HAS_VARIANT),
        "hour": Filter(
            Annotated[int, Field(ge=0, le=23)],
            about="Within this hour of the store's clock",
            condition=_IN_HOUR,
            # Each store has a clock of its own, which no index of all sales could follow.
            within="business_day",
        ),
        "q": Filter(ReceiptNumber, about="The receipt number, or its beginning", condition=BEGINS),
    },
)
# Jumps from one to the next along the index: who they are, however many sales there are.
_CASHIERS = """
WITH RECURSIVE present AS (
    (SELECT cashier_id FROM pos_sale ORDER BY cashier_id LIMIT 1)
    UNION ALL
    SELECT (
        SELECT sale.cashier_id FROM pos_sale AS sale
        WHERE sale.cashier_id > present.cashier_id ORDER BY sale.cashier_id LIMIT 1
    )
    FROM present WHERE present.cashier_id IS NOT NULL
)
SELECT newest.cashier_id AS id, newest.cashier_name AS name
FROM present CROSS JOIN LATERAL (
    SELECT cashier_id, cashier_name FROM pos_sale
    WHERE cashier_id = present.cashier_id AND {conditions} ORDER BY sold_at DESC, id DESC LIMIT 1
) AS newest
ORDER BY name, id LIMIT {limit}
"""
_ADD_APPROVAL = """
INSERT INTO pos_sale_approval (sale_id, permission, approver_id, approver_name) VALUES ($1, $2, $3, $4)
"""


async def checkout_facts(uow: UnitOfWork, sale_id: UUID, register_id: UUID, variants: Sequence[UUID]) -> Row | None:
    """Return all that checkout must know, in one statement; None when there is no such register in reach."""
    return reached(uow, await uow.read_row(CHECKOUT_FACTS, sale_id, register_id, list(variants)))


async def write_sale(uow: UnitOfWork, sale: str, events: str) -> Row:
    """Write a priced sale (JSON) as one statement that is the whole transaction; see `pos_checkout`."""
    row = await uow.run_alone(_CHECKOUT, sale, events)
    if row is None:
        raise RuntimeError("pos_checkout returned no row")
    answer: Row = row["answer"]
    return answer


async def write_sale_by_leave(uow: UnitOfWork, sale: str, events: str, approval: ApprovalIn | None) -> Row:
    """Write a priced sale (JSON) in a transaction: that in which its approval was used up, with who gave it, if any."""
    row = await uow.write_row(_CHECKOUT, sale, events)
    if row is None:
        raise RuntimeError("pos_checkout returned no row")
    answer: Row = row["answer"]
    if answer["outcome"] == "sold" and approval is not None:
        given = (approval.permission, approval.approver_id, approval.approver_name)
        await uow.write(_ADD_APPROVAL, approval.document_id, *given)
    return answer


async def sale(uow: UnitOfWork, sale_id: UUID) -> Row | None:
    """Return a sale in reach with lines, taxes, tenders and journal link, shaped as SaleOut."""
    row = await sent_before(uow, sale_id)
    return row if row is not None and owned_by(uow.actor) in {None, row["cashier_id"]} else None


async def sent_before(uow: UnitOfWork, sale_id: UUID) -> Row | None:
    """Return a sale in a store in reach, whoever sold it, for a till that has its whole content and sends it again.

    The next cashier sends what the former one got no answer to: were it not found, the till would sell it once more.
    """
    return reached(uow, await uow.read_row(_SALE, sale_id))


async def sales(uow: UnitOfWork, asked: Asked, cursor: str | None, size: int) -> tuple[list[Row], str | None]:
    """Return a page of the sales that fit, and the cursor of the next one."""
    sql, values = SALES.select(asked, cursor, size, reached_by(uow.actor))
    return SALES.order(asked).page(await uow.read(sql, *values), size)


async def count_sales(uow: UnitOfWork, asked: Asked) -> int:
    """Return how many sales fit."""
    parameters, reached = Parameters(), reached_by(uow.actor)
    conditions = SALES.conditions(asked, reached, parameters)
    is_narrowed = asked.conditions or reached
    sql = _SALES_COUNT.format(conditions=conditions) if is_narrowed else _ALL_SALES_COUNT
    return int(await uow.read_value(sql, *parameters.values))


async def cashiers(uow: UnitOfWork, limit: int) -> list[Row]:
    """Return who rang up sales in reach, by the name that their newest one has."""
    parameters = Parameters()
    conditions = SALES.conditions(Asked(), reached_by(uow.actor), parameters)
    return await uow.read(_CASHIERS.format(conditions=conditions, limit=parameters.add(limit)), *parameters.values)
