"""Every statement of the till."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from mainstay.work import Actor, Row, UnitOfWork
from tradepost.pos.permissions import SALES
from tradepost.pos.schemas import ApprovalIn, JournalEntryIn, SaleFilters

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
SELECT id, receipt_number, sold_at, register_name, cashier_name, total_minor, currency, lines_count
FROM pos_sale WHERE {conditions} ORDER BY sold_at DESC, id DESC LIMIT {limit}
"""
_SALES_COUNT = "SELECT count(*) FROM pos_sale WHERE {conditions}"
# Each sale takes the next number of its register in the same transaction, and none is ever removed (rules 16 and 17).
_ALL_SALES_COUNT = "SELECT coalesce(sum(next_number - 1), 0)::bigint FROM pos_register"
# No sale is theirs.
NOBODY = UUID(int=0)
# Follows every text that begins alike.
_ENDING = "\U0010ffff"
_HAS_VARIANT = "id IN (SELECT sale_id FROM pos_sale_line WHERE variant_id = {})"
_IN_HOUR = """extract(hour FROM sold_at AT TIME ZONE
    (SELECT time_zone FROM shop_selling_store AS store WHERE store.store_id = pos_sale.store_id)) = {}::int"""

_REGISTERS = """
SELECT
    register.id, register.code, register.name, register.store_id, store.name AS store_name,
    shift.id AS shift_id, shift.opened_at, shift.opened_by_name, shift.float_minor
FROM pos_register AS register
JOIN shop_selling_store AS store ON store.store_id = register.store_id
LEFT JOIN pos_shift AS shift ON shift.id = register.open_shift_id
WHERE register.archived_at IS NULL ORDER BY store.name, register.name
"""
_REGISTER = "SELECT id, store_id, code, name FROM pos_register WHERE id = $1"
_ADD_REGISTER = """
INSERT INTO pos_register (id, store_id, code, name) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING RETURNING id
"""
_LOCK_REGISTER = """
SELECT register.id, register.code, register.store_id, register.open_shift_id, register.archived_at, store.currency
FROM pos_register AS register
JOIN shop_selling_store AS store ON store.store_id = register.store_id
WHERE register.id = $1 FOR UPDATE OF register
"""
_ARCHIVE_REGISTER = "UPDATE pos_register SET archived_at = now() WHERE id = $1"
_ADD_APPROVAL = """
INSERT INTO pos_sale_approval (sale_id, permission, approver_id, approver_name) VALUES ($1, $2, $3, $4)
"""
_SHIFT_SUMS = """
SELECT
    shift.id, shift.register_id, register.name AS register_name, register.store_id, store.name AS store_name,
    shift.currency, shift.opened_at, shift.opened_by_name, shift.float_minor, shift.closed_at, shift.closed_by_name,
    shift.counted_minor, shift.expected_minor, shift.difference_minor, shift.opened_by_id, shift.closed_by_id,
    coalesce(sums.sales_count, 0) AS sales_count, coalesce(sums.takings_minor, 0)::bigint AS takings_minor,
    coalesce(sums.cash_minor, 0)::bigint AS cash_minor, coalesce(sums.card_minor, 0)::bigint AS card_minor
FROM {shifts} AS shift
JOIN pos_register AS register ON register.id = shift.register_id
JOIN shop_selling_store AS store ON store.store_id = register.store_id
LEFT JOIN LATERAL (
    SELECT
        count(*) AS sales_count, sum(payable_minor) AS takings_minor,
        sum(cash_minor - change_minor) AS cash_minor, sum(card_minor) AS card_minor
    FROM pos_sale WHERE shift_id = shift.id AND {own}
) AS sums ON true
"""
_ONE_SHIFT = _SHIFT_SUMS.format(shifts="(SELECT * FROM pos_shift WHERE id = $1)", own="{own}")
_OWN_SUMS = "(cashier_id = $2 OR $2 IN (shift.opened_by_id, shift.closed_by_id))"
# The page is cut before sums are made: they read the sales of each shift.
_PAGE_OF_SHIFTS = """(
    SELECT * FROM pos_shift
    WHERE ($1::uuid IS NULL OR register_id = $1) AND ($2::timestamptz IS NULL OR (opened_at, id) < ($2, $3::uuid))
        AND {reached}
    ORDER BY opened_at DESC, id DESC LIMIT $4
)"""
_SHIFTS = f"{_SHIFT_SUMS.format(shifts=_PAGE_OF_SHIFTS, own='true')} ORDER BY shift.opened_at DESC, shift.id DESC"
_SHIFTS_COUNT = "SELECT count(*) FROM pos_shift WHERE ($1::uuid IS NULL OR register_id = $1) AND {reached}"
_OPEN_SHIFT = """
INSERT INTO pos_shift (id, register_id, currency, opened_at, opened_by_id, opened_by_name, float_minor)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (id) DO NOTHING RETURNING id
"""
_SET_OPEN_SHIFT = "UPDATE pos_register SET open_shift_id = $2 WHERE id = $1"
_CLOSE_SHIFT = """
UPDATE pos_shift SET
    closed_at = $2, closed_by_id = $3, closed_by_name = $4, counted_minor = $5, expected_minor = $6,
    difference_minor = $5::bigint - $6::bigint
WHERE id = $1
"""
_APPEND_JOURNAL = """
SELECT (pos_append_journal(register, $2, $3, $4, $5::jsonb, 0)).sequence
FROM pos_register AS register WHERE id = $1
"""
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
_JOURNAL = """
SELECT register_id, sequence, kind, document_id, payload, previous_hash, hash
FROM pos_journal WHERE register_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3
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
        ("cashier_id = {}", _owner(actor)),
    ]
    if filters.number:
        asked += [("receipt_number >= {}", filters.number), ("receipt_number < {}", filters.number + _ENDING)]
    given = [(condition, value) for condition, value in asked if value is not None]
    return (
        [condition.format(f"${number}") for number, (condition, _) in enumerate(given, start=1)],
        [value for _, value in given],
    )


def _owner(actor: Actor) -> UUID | None:
    """Return whose sales alone the actor reaches: their own, or None when everybody's in their stores."""
    if actor.reach.extent(SALES) != "own":
        return None
    return actor.id or NOBODY


def _reached(uow: UnitOfWork, row: Row | None) -> Row | None:
    """Return a row with a `store_id`, if the actor reaches that store."""
    return row if row is not None and uow.actor.reach.has(row["store_id"]) else None


async def checkout_facts(uow: UnitOfWork, sale_id: UUID, register_id: UUID, variants: Sequence[UUID]) -> Row | None:
    """Return all that checkout must know, in one statement; None when there is no such register in reach."""
    return _reached(uow, await uow.read_row(CHECKOUT_FACTS, sale_id, register_id, list(variants)))


async def write_sale(uow: UnitOfWork, sale: str, events: str) -> Row:
    """Write a priced sale (JSON) as one statement that is the whole transaction; see `pos_checkout`."""
    row = await uow.run_alone(_CHECKOUT, sale, events)
    if row is None:
        raise RuntimeError("pos_checkout returned no row")
    answer: Row = row["answer"]
    return answer


async def write_approved_sale(uow: UnitOfWork, sale: str, events: str, approval: ApprovalIn) -> Row:
    """Write a priced sale (JSON) in the transaction in which its approval was used up, with who gave it."""
    row = await uow.write_row(_CHECKOUT, sale, events)
    if row is None:
        raise RuntimeError("pos_checkout returned no row")
    answer: Row = row["answer"]
    if answer["outcome"] == "sold":
        given = (approval.permission, approval.approver_id, approval.approver_name)
        await uow.write(_ADD_APPROVAL, approval.sale_id, *given)
    return answer


async def sale(uow: UnitOfWork, sale_id: UUID) -> Row | None:
    """Return a sale in reach with lines, taxes, tenders and journal link, shaped as SaleOut."""
    row = _reached(uow, await uow.read_row(_SALE, sale_id))
    return row if row is not None and _owner(uow.actor) in {None, row["cashier_id"]} else None


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


async def registers(uow: UnitOfWork) -> list[Row]:
    """Return all registers in reach with their open shifts."""
    return [row for row in await uow.read(_REGISTERS) if uow.actor.reach.has(row["store_id"])]


async def register(uow: UnitOfWork, register_id: UUID) -> Row | None:
    """Return one register, if it is in reach."""
    return _reached(uow, await uow.read_row(_REGISTER, register_id))


async def add_register(uow: UnitOfWork, register_id: UUID, store_id: UUID, code: str, name: str) -> bool:
    """Add a register; False when its id or code is taken."""
    return bool(await uow.write(_ADD_REGISTER, register_id, store_id, code, name))


async def archive_register(uow: UnitOfWork, register_id: UUID) -> None:
    """Give a locked register up."""
    await uow.write(_ARCHIVE_REGISTER, register_id)


async def lock_register(uow: UnitOfWork, register_id: UUID) -> Row | None:
    """Lock a register that is in reach against sales, opening and closing until the transaction ends."""
    return _reached(uow, await uow.write_row(_LOCK_REGISTER, register_id))


async def shift(uow: UnitOfWork, shift_id: UUID) -> Row | None:
    """Return a shift with its sums, if it is in reach.

    Who reaches their own sales alone finds somebody else's shift while it is open, because they may sell in it: with
    sums of what they sold themselves.
    """
    owner = _owner(uow.actor)
    own, values = ("true", []) if owner is None else (_OWN_SUMS, [owner])
    row = _reached(uow, await uow.read_row(_ONE_SHIFT.format(own=own), shift_id, *values))
    is_theirs = row is not None and (owner is None or owner in {row["opened_by_id"], row["closed_by_id"]})
    return row if row is not None and (is_theirs or row["closed_at"] is None) else None


async def shift_to_close(uow: UnitOfWork, shift_id: UUID) -> Row | None:
    """Return a shift in a store that is in reach with the sums of all its sales, for whoever counts its drawer."""
    return _reached(uow, await uow.read_row(_ONE_SHIFT.format(own="true"), shift_id))


async def shifts(
    uow: UnitOfWork, register_id: UUID | None, before: tuple[datetime, UUID] | None, limit: int
) -> list[Row]:
    """Return shifts in reach, newest first, older than `before`."""
    moment, shift_id = before or (None, None)
    condition, reached = _shifts_reached(uow.actor, 5)
    return await uow.read(_SHIFTS.format(reached=condition), register_id, moment, shift_id, limit, *reached)


async def count_shifts(uow: UnitOfWork, register_id: UUID | None) -> int:
    """Return how many shifts there are in reach."""
    condition, reached = _shifts_reached(uow.actor, 2)
    return int(await uow.read_value(_SHIFTS_COUNT.format(reached=condition), register_id, *reached))


def _shifts_reached(actor: Actor, number: int) -> tuple[str, list[object]]:
    """Return the condition for shifts that the actor reaches, with its parameters from `number` on."""
    places, owner = actor.reach.places, _owner(actor)
    asked: list[tuple[str, object]] = [
        ("register_id IN (SELECT id FROM pos_register WHERE store_id = ANY ({}::uuid[]))", places and list(places)),
        ("{} IN (opened_by_id, closed_by_id)", owner),
    ]
    given = [(condition, value) for condition, value in asked if value is not None]
    conditions = [condition.format(f"${at}") for at, (condition, _) in enumerate(given, start=number)]
    return " AND ".join(conditions) or "true", [value for _, value in given]


async def open_shift(uow: UnitOfWork, shift_id: UUID, lock: Row, opened_at: datetime, float_minor: int) -> bool:
    """Write an open shift of the locked register; False when the id is another's, in reach or not."""
    given = (shift_id, lock["id"], lock["currency"], opened_at, uow.actor.id, uow.actor.name, float_minor)
    if not await uow.write(_OPEN_SHIFT, *given):
        return False
    await uow.write(_SET_OPEN_SHIFT, lock["id"], shift_id)
    return True


async def close_shift(
    uow: UnitOfWork, shift: Row, closed_at: datetime, counted_minor: int, expected_minor: int
) -> None:
    """Close the shift of a locked register."""
    who = (uow.actor.id, uow.actor.name)
    await uow.write(_CLOSE_SHIFT, shift["id"], closed_at, *who, counted_minor, expected_minor)
    await uow.write(_SET_OPEN_SHIFT, shift["register_id"], None)


async def append_journal(uow: UnitOfWork, register_id: UUID, entry: JournalEntryIn) -> None:
    """Append to the journal of a locked register."""
    figures = json.dumps(entry.figures)
    await uow.write(_APPEND_JOURNAL, register_id, entry.kind, entry.document_id, entry.moment, figures)


async def best_selling(uow: UnitOfWork, store_id: UUID, since: date, limit: int) -> list[UUID]:
    """Return the variants on most of the store's latest tickets since a business day; none where it is out of reach."""
    if not uow.actor.reach.has(store_id):
        return []
    return [row["variant_id"] for row in await uow.read(_BEST_SELLING, store_id, since, limit)]


async def journal(uow: UnitOfWork, register_id: UUID, after: int, limit: int) -> list[Row]:
    """Return the entries of a register's journal that follow the one with the sequence number `after`."""
    return await uow.read(_JOURNAL, register_id, after, limit)


async def figures(uow: UnitOfWork, days: Sequence[tuple[UUID, date, str]], best: int) -> Row:
    """Return takings per store, best sellers and takings by local hour of (store, business day, zone) in one read."""
    reached = [day for day in days if uow.actor.reach.has(day[0])]
    owner = _owner(uow.actor)
    sql = _FIGURES.format(own="true" if owner is None else "sale.cashier_id = $5")
    columns = [[day[place] for day in reached] for place in range(3)]
    row = await uow.read_row(sql, *columns, best, *([] if owner is None else [owner]))
    if row is None:
        raise RuntimeError("an aggregate returned no row")
    return row
