"""Every statement that adds sales and refunds up."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from mainstay.work import Row, UnitOfWork
from tradepost.pos.repository.reaching import owned_by

_BEST_SELLING = """
SELECT line.variant_id
FROM (
    SELECT id FROM pos_sale WHERE store_id = $1 AND business_day >= $2
    ORDER BY business_day DESC, sold_at DESC LIMIT 300
) AS sale
JOIN pos_sale_line AS line ON line.sale_id = sale.id
GROUP BY line.variant_id ORDER BY count(*) DESC, line.variant_id LIMIT $3
"""
# What was given back on these days counts against what was sold on them; a sale or a refund is one of its kind alone.
_FIGURES = """
WITH day AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $2::date[], $3::text[]) AS day (store_id, business_day, zone)
),
sale AS MATERIALIZED (
    SELECT
        sale.id, sale.store_id, sale.payable_minor,
        extract(hour FROM sale.sold_at AT TIME ZONE day.zone)::int AS hour
    FROM day JOIN pos_sale AS sale ON sale.store_id = day.store_id AND sale.business_day = day.business_day
    WHERE {own_sale}
),
refund AS MATERIALIZED (
    SELECT
        refund.id, refund.store_id, refund.payable_minor, refund.refunded_at,
        extract(hour FROM refund.refunded_at AT TIME ZONE day.zone)::int AS hour
    FROM day JOIN pos_refund AS refund ON refund.store_id = day.store_id AND refund.business_day = day.business_day
    WHERE {own_refund}
),
document AS (
    SELECT store_id, hour, payable_minor AS taken, 0::bigint AS refunded, 1 AS tickets, 0 AS refunds FROM sale
    UNION ALL SELECT store_id, hour, -payable_minor, payable_minor, 0, 1 FROM refund
),
line AS MATERIALIZED (
    SELECT line.variant_id, line.name, line.quantity, line.total_minor, line.unit,
        CASE WHEN line.unit = 'piece' THEN line.quantity ELSE 1 END AS items
    FROM sale JOIN pos_sale_line AS line ON line.sale_id = sale.id
    UNION ALL
    SELECT back.variant_id, sold.name, -back.quantity, -back.total_minor, sold.unit,
        CASE
            WHEN sold.unit = 'piece' THEN -back.quantity
            WHEN sold.quantity = (
                SELECT sum(part.quantity)
                FROM pos_refund_line AS part JOIN pos_refund AS earlier ON earlier.id = part.refund_id
                WHERE part.sale_id = back.sale_id AND part.sale_position = back.sale_position
                    AND (earlier.refunded_at, earlier.id) <= (refund.refunded_at, refund.id)
            ) THEN -1
            ELSE 0
        END
    FROM refund JOIN pos_refund_line AS back ON back.refund_id = refund.id
    JOIN pos_sale_line AS sold ON sold.sale_id = back.sale_id AND sold.position = back.sale_position
)
SELECT
    (
        SELECT
            coalesce(
                jsonb_object_agg(
                    store_id,
                    jsonb_build_object(
                        'takings_minor', taken, 'tickets', tickets, 'refunds', refunds, 'refunded_minor', refunded
                    )
                ),
                '{{}}'
            )
        FROM (
            SELECT
                store_id, sum(taken) AS taken, sum(tickets) AS tickets, sum(refunds) AS refunds,
                sum(refunded) AS refunded
            FROM document GROUP BY 1
        ) AS store
    ) AS stores,
    (
        SELECT coalesce(jsonb_agg(to_jsonb(best)), '[]')
        FROM (
            SELECT
                variant_id, max(name) AS name, trim_scale(sum(quantity))::text AS quantity, unit,
                sum(total_minor)::bigint AS total_minor
            FROM line GROUP BY variant_id, unit HAVING sum(quantity) > 0
            ORDER BY sum(total_minor) DESC, variant_id, unit LIMIT $4
        ) AS best
    ) AS top_sellers,
    (
        SELECT coalesce(jsonb_agg(to_jsonb(hourly)), '[]')
        FROM (SELECT hour, sum(taken)::bigint AS takings_minor FROM document GROUP BY 1 ORDER BY 1) AS hourly
    ) AS by_hour,
    (SELECT coalesce(trim_scale(sum(items)), 0)::text FROM line) AS items
"""


async def best_selling(uow: UnitOfWork, store_id: UUID, since: date, limit: int) -> list[UUID]:
    """Return the variants on most of the store's latest tickets since a business day; none where it is out of reach."""
    if not uow.actor.reach.has(store_id):
        return []
    return [row["variant_id"] for row in await uow.read(_BEST_SELLING, store_id, since, limit)]


async def figures(uow: UnitOfWork, days: Sequence[tuple[UUID, date, str]], best: int) -> Row:
    """Return takings per store, best sellers and takings by local hour of (store, business day, zone) in one read."""
    within = [day for day in days if uow.actor.reach.has(day[0])]
    owner = owned_by(uow.actor)
    own = "true" if owner is None else "{}.cashier_id = $5"
    sql = _FIGURES.format(own_sale=own.format("sale"), own_refund=own.format("refund"))
    columns = [[day[place] for day in within] for place in range(3)]
    row = await uow.read_row(sql, *columns, best, *([] if owner is None else [owner]))
    if row is None:
        raise RuntimeError("an aggregate returned no row")
    return row
