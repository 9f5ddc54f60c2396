"""Every statement of sales: what checkout must know, the sale in one statement, and lists."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from mainstay.work import Actor, Row, UnitOfWork
from tradepost.pos.repository.reaching import owned_by, reached
from tradepost.pos.schemas.sales import ApprovalIn, SaleFilters

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
FROM pos_sale WHERE {conditions} ORDER BY sold_at DESC, id DESC LIMIT {limit}
"""
_SALES_COUNT = "SELECT count(*) FROM pos_sale WHERE {conditions}"
# Each sale and each refund takes the next number of its register in the same transaction, and none is ever removed
# (rules 16 and 17); refunds are few.
_ALL_SALES_COUNT = """
SELECT coalesce(sum(next_number - 1), 0)::bigint - (SELECT count(*) FROM pos_refund) FROM pos_register
"""
# Follows every text that begins alike.
_ENDING = "\U0010ffff"
_HAS_VARIANT = "id IN (SELECT sale_id FROM pos_sale_line WHERE variant_id = {})"
_IN_HOUR = """extract(hour FROM sold_at AT TIME ZONE
    (SELECT time_zone FROM shop_selling_store AS store WHERE store.store_id = pos_sale.store_id)) = {}::int"""
_ADD_APPROVAL = """
INSERT INTO pos_sale_approval (sale_id, permission, approver_id, approver_name) VALUES ($1, $2, $3, $4)
"""


def _conditions(filters: SaleFilters, actor: Actor) -> tuple[list[str], list[object]]:
    """Return the conditions that are asked for and their parameters; only those, so that each finds its index.

    Those of what `actor` reaches are always among them.
    """
    places = actor.reach.places
    asked: list[tuple[str, object]] = [
        ("store_id = {}", filters.store_id),
        ("business_day = {}", filters.business_day),
        ("shift_id = {}", filters.shift_id),
        (_HAS_VARIANT, filters.variant_id),
        (_IN_HOUR, filters.hour),
        ("store_id = ANY ({}::uuid[])", None if places is None else list(places)),
        ("cashier_id = {}", owned_by(actor)),
    ]
    if filters.number:
        asked += [("receipt_number >= {}", filters.number), ("receipt_number < {}", filters.number + _ENDING)]
    given = [(condition, value) for condition, value in asked if value is not None]
    return (
        [condition.format(f"${number}") for number, (condition, _) in enumerate(given, start=1)],
        [value for _, value in given],
    )


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


async def sales(
    uow: UnitOfWork,
    filters: SaleFilters,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Row]:
    """Return sales that fit, newest first, older than `before`."""
    sql, values = sales_statement(uow.actor, filters, before, limit)
    return await uow.read(sql, *values)


def sales_statement(
    actor: Actor, filters: SaleFilters, before: tuple[datetime, UUID] | None, limit: int
) -> tuple[str, list[object]]:
    """Return the SQL and the parameters of `sales`."""
    conditions, values = _conditions(filters, actor)
    if before is not None:
        values += before
        conditions.append(f"(sold_at, id) < (${len(values) - 1}, ${len(values)})")
    values.append(limit)
    return _SALES.format(conditions=" AND ".join(conditions) or "true", limit=f"${len(values)}"), values


async def count_sales(uow: UnitOfWork, filters: SaleFilters) -> int:
    """Return how many sales fit the filters."""
    conditions, values = _conditions(filters, uow.actor)
    sql = _SALES_COUNT.format(conditions=" AND ".join(conditions)) if conditions else _ALL_SALES_COUNT
    return int(await uow.read_value(sql, *values))
