"""Every statement of refunds: what is left of a sale, the refund itself, and lists."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime

from mainstay.db.grammar import RANGE, Asked, Filter, Grammar, Order, Parameters, both
from mainstay.work import Row, UnitOfWork
from tradepost.pos.repository.numbers import BEGINS, ReceiptNumber
from tradepost.pos.repository.reaching import owned_by, reached, reached_by
from tradepost.pos.schemas.sales import ApprovalIn

# Taken before anything is read that a refund of the same sale could change.
_LOCK_SALE = "SELECT pos_lock_sale($1)"
_PLACE = """
SELECT
    register.store_id, register.open_shift_id, store.time_zone, store.day_cutoff, store.cash_rounding,
    (SELECT content_hash FROM pos_refund WHERE id = $1) AS known_hash
FROM pos_register AS register
JOIN shop_selling_store AS store ON store.store_id = register.store_id
WHERE register.id = $2
"""
_SALE_LEFT = """
SELECT
    sale.id AS sale_id, sale.store_id, sale.cashier_id, sale.currency, sale.prices_include_tax, sale.rounding_mode,
    (sale.payable_minor - back.payable_minor)::bigint AS payable_minor,
    (sale.card_minor - back.card_minor)::bigint AS card_minor,
    (
        SELECT jsonb_agg(
            jsonb_build_object(
                'line_id', line.id, 'position', line.position, 'variant_id', line.variant_id, 'name', line.name,
                'unit', line.unit, 'quantity', trim_scale(line.quantity)::text,
                'tax_rate', trim_scale(line.tax_rate)::text, 'net_minor', line.net_minor, 'tax_minor', line.tax_minor,
                'refunded_quantity', trim_scale(coalesce(came.quantity, 0))::text
            )
            ORDER BY line.position
        )
        FROM pos_sale_line AS line
        LEFT JOIN (
            SELECT sale_position, sum(quantity) AS quantity FROM pos_refund_line WHERE sale_id = $1 GROUP BY 1
        ) AS came ON came.sale_position = line.position
        WHERE line.sale_id = sale.id
    ) AS lines
FROM pos_sale AS sale
CROSS JOIN LATERAL (
    SELECT coalesce(sum(payable_minor), 0) AS payable_minor, coalesce(sum(card_minor), 0) AS card_minor
    FROM pos_refund WHERE sale_id = sale.id
) AS back
WHERE sale.id = $1
"""
# See migrations/sql/pos_refund_1.sql.
_REFUND = "SELECT pos_refund($1::jsonb) AS answer"
_ADD_APPROVAL = """
INSERT INTO pos_refund_approval (refund_id, permission, approver_id, approver_name) VALUES ($1, $2, $3, $4)
"""
_ONE = """
SELECT
    refund.id, refund.receipt_number, refund.content_hash, refund.sale_id, sale.receipt_number AS sale_receipt_number,
    refund.register_id, refund.register_name, refund.shift_id, refund.store_id, refund.cashier_id, refund.cashier_name,
    refund.refunded_at, refund.business_day, refund.currency, sale.prices_include_tax, refund.reason, refund.net_minor,
    refund.tax_minor, refund.total_minor, refund.cash_rounding_minor, refund.payable_minor,
    jsonb_build_object(
        'id', refund.store_id, 'name', store.name, 'time_zone', store.time_zone,
        'receipt_header', store.receipt_header, 'receipt_footer', store.receipt_footer
    ) AS store,
    (
        SELECT jsonb_agg(
            jsonb_build_object(
                'line_id', sold.id, 'variant_id', sold.variant_id, 'name', sold.name, 'sku', sold.sku,
                'unit', sold.unit, 'quantity', trim_scale(line.quantity)::text,
                'tax_rate', trim_scale(sold.tax_rate)::text, 'goods', line.goods, 'total_minor', line.total_minor,
                'net_minor', line.net_minor, 'tax_minor', line.tax_minor
            )
            ORDER BY line.position
        )
        FROM pos_refund_line AS line
        JOIN pos_sale_line AS sold ON sold.sale_id = line.sale_id AND sold.position = line.sale_position
        WHERE line.refund_id = refund.id
    ) AS lines,
    (
        SELECT jsonb_agg(
            to_jsonb(tax) - 'refund_id' || jsonb_build_object('rate', trim_scale(rate)::text) ORDER BY tax.rate DESC
        )
        FROM pos_refund_tax AS tax WHERE refund_id = refund.id
    ) AS taxes,
    (
        SELECT coalesce(jsonb_agg(to_jsonb(payment) - 'refund_id' - 'position' ORDER BY position), '[]')
        FROM pos_refund_payment AS payment WHERE refund_id = refund.id
    ) AS tenders,
    (
        SELECT jsonb_build_object('sequence', sequence, 'hash', hash)
        FROM pos_journal WHERE document_id = refund.id
    ) AS journal,
    (SELECT approver_name FROM pos_refund_approval WHERE refund_id = refund.id) AS approved_by_name
FROM pos_refund AS refund
JOIN pos_sale AS sale ON sale.id = refund.sale_id
JOIN shop_selling_store AS store ON store.store_id = refund.store_id
WHERE refund.id = $1
"""
_REFUNDS = """
SELECT
    id, receipt_number, sale_id, refunded_at, register_name, cashier_name, reason, payable_minor, currency, lines_count,
    store_id,
    (SELECT sale.receipt_number FROM pos_sale AS sale WHERE sale.id = pos_refund.sale_id) AS sale_receipt_number
FROM pos_refund WHERE {conditions} ORDER BY {order} LIMIT {limit}
"""
_OF_SALE = _REFUNDS.format(conditions="sale_id = $1", order="refunded_at DESC, id DESC", limit="ALL")
_COUNT = "SELECT count(*) FROM pos_refund WHERE {conditions}"
REFUNDS = Grammar(
    _REFUNDS,
    both(
        refunded_at=Order((("refunded_at", "timestamptz"),)),
        receipt_number=Order((("receipt_number", "text"),), ending=()),
    ),
    "-refunded_at",
    {
        "store_id": Filter(UUID, "store_id"),
        "shift_id": Filter(UUID, "shift_id"),
        "sale_id": Filter(UUID, "sale_id", about="Of this sale"),
        "cashier_id": Filter(UUID, "cashier_id", about="Given by this person"),
        "business_day": Filter(date, "business_day", ("eq", "gte", "lte")),
        "refunded_at": Filter(AwareDatetime, "refunded_at", RANGE),
        "q": Filter(ReceiptNumber, about="The receipt number, or its beginning", condition=BEGINS),
    },
)


async def lock_sale(uow: UnitOfWork, sale_id: UUID) -> None:
    """Wait until nobody else is giving something of this sale back, and have others wait until this work ends."""
    await uow.write(_LOCK_SALE, sale_id)


async def place(uow: UnitOfWork, refund_id: UUID, register_id: UUID) -> Row | None:
    """Return what a refund must know of its register, and what is known of its id; None for a register out of reach."""
    return reached(uow, await uow.read_row(_PLACE, refund_id, register_id))


async def sale_left(uow: UnitOfWork, sale_id: UUID) -> Row | None:
    """Return what of a sale in reach has not been given back, by line and in money."""
    row = reached(uow, await uow.read_row(_SALE_LEFT, sale_id))
    return row if row is not None and owned_by(uow.actor) in {None, row["cashier_id"]} else None


async def write_refund(uow: UnitOfWork, refund: str, approval: ApprovalIn | None) -> Row:
    """Write a refund (JSON) in this transaction, with who approved it, if anybody had to; see `pos_refund`."""
    row = await uow.write_row(_REFUND, refund)
    if row is None:
        raise RuntimeError("pos_refund returned no row")
    answer: Row = row["answer"]
    if answer["outcome"] == "refunded" and approval is not None:
        given = (approval.permission, approval.approver_id, approval.approver_name)
        await uow.write(_ADD_APPROVAL, approval.document_id, *given)
    return answer


async def refund(uow: UnitOfWork, refund_id: UUID) -> Row | None:
    """Return a refund in reach, shaped as RefundOut."""
    row = await given_before(uow, refund_id)
    return row if row is not None and owned_by(uow.actor) in {None, row["cashier_id"]} else None


async def given_before(uow: UnitOfWork, refund_id: UUID) -> Row | None:
    """Return a refund of a store in reach, whoever gave it, for whoever has its whole content and sends it again."""
    return reached(uow, await uow.read_row(_ONE, refund_id))


async def refunds_of(uow: UnitOfWork, sale_id: UUID) -> list[Row]:
    """Return the refunds of a sale that were given in stores in reach, newest first."""
    return [row for row in await uow.read(_OF_SALE, sale_id) if uow.actor.reach.has(row["store_id"])]


async def refunds(uow: UnitOfWork, asked: Asked, cursor: str | None, size: int) -> tuple[list[Row], str | None]:
    """Return a page of the refunds that fit, and the cursor of the next one."""
    sql, values = REFUNDS.select(asked, cursor, size, reached_by(uow.actor))
    return REFUNDS.order(asked).page(await uow.read(sql, *values), size)


async def count_refunds(uow: UnitOfWork, asked: Asked) -> int:
    """Return how many refunds fit."""
    parameters = Parameters()
    conditions = REFUNDS.conditions(asked, reached_by(uow.actor), parameters)
    return int(await uow.read_value(_COUNT.format(conditions=conditions), *parameters.values))
