"""Every statement that adds sales up."""

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
_FIGURES = """
WITH sale AS MATERIALIZED (
    SELECT
        sale.id, sale.store_id, sale.payable_minor,
        extract(hour FROM sale.sold_at AT TIME ZONE day.zone)::int AS hour
    FROM unnest($1::uuid[], $2::date[], $3::text[]) AS day (store_id, business_day, zone)
    JOIN pos_sale AS sale ON sale.store_id = day.store_id AND sale.business_day = day.business_day
    WHERE {own}
),
line AS MATERIALIZED (
    SELECT line.variant_id, line.name, line.quantity, line.total_minor, line.unit
    FROM sale JOIN pos_sale_line AS line ON line.sale_id = sale.id
)
SELECT
    (
        SELECT
            coalesce(jsonb_object_agg(store_id, jsonb_build_object('takings_minor', money, 'tickets', tickets)), '{{}}')
        FROM (SELECT store_id, sum(payable_minor) AS money, count(*) AS tickets FROM sale GROUP BY 1) AS store
    ) AS stores,
    (
        SELECT coalesce(jsonb_agg(to_jsonb(best)), '[]')
        FROM (
            SELECT
                variant_id, max(name) AS name, trim_scale(sum(quantity))::text AS quantity, unit,
                sum(total_minor)::bigint AS total_minor
            FROM line GROUP BY variant_id, unit ORDER BY sum(total_minor) DESC, variant_id, unit LIMIT $4
        ) AS best
    ) AS top_sellers,
    (
        SELECT coalesce(jsonb_agg(to_jsonb(hourly)), '[]')
        FROM (SELECT hour, sum(payable_minor)::bigint AS takings_minor FROM sale GROUP BY 1 ORDER BY 1) AS hourly
    ) AS by_hour,
    (SELECT coalesce(trim_scale(sum(CASE WHEN unit = 'piece' THEN quantity ELSE 1 END)), 0)::text FROM line) AS items
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
    sql = _FIGURES.format(own="true" if owner is None else "sale.cashier_id = $5")
    columns = [[day[place] for day in within] for place in range(3)]
    row = await uow.read_row(sql, *columns, best, *([] if owner is None else [owner]))
    if row is None:
        raise RuntimeError("an aggregate returned no row")
    return row
