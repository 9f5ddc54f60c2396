"""Every statement of the shop module."""

from uuid import UUID

from mainstay.work import Row, UnitOfWork
from tradepost.shop.schemas import BusinessIn, StoreIn, TaxRateIn

_BUSINESS = "SELECT name, currency, country, time_zone FROM shop_business"
_STORES = """
SELECT
    store.id, store.code, store.name, store.time_zone, store.day_cutoff, store.prices_include_tax,
    store.rounding_level, store.rounding_mode, facts.cash_rounding, store.negative_stock, store.receipt_header,
    store.receipt_footer
FROM shop_store AS store
JOIN shop_selling_store AS facts ON facts.store_id = store.id
"""
_ALL_STORES = f"{_STORES} ORDER BY store.created_at, store.id"
_ONE_STORE = f"{_STORES} WHERE store.id = $1"
_TAX_RATES = "SELECT trim_scale(rate) AS rate, name FROM shop_tax_rate ORDER BY position"
_ADD_BUSINESS = """
INSERT INTO shop_business (name, currency, country, time_zone) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING RETURNING true
"""
_ADD_TAX_RATE = """
INSERT INTO shop_tax_rate (rate, name, position)
SELECT $1, $2, coalesce(max(position) + 1, 0) FROM shop_tax_rate
ON CONFLICT DO NOTHING RETURNING true
"""
_ADD_STORE = """
INSERT INTO shop_store (
    id, code, name, time_zone, day_cutoff, prices_include_tax, rounding_level, rounding_mode, cash_increment_minor,
    cash_due_tie, cash_change_tie, cash_above_minor, negative_stock, receipt_header, receipt_footer
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT DO NOTHING RETURNING true
"""
_ZONE_IS_KNOWN = "SELECT EXISTS (SELECT FROM pg_timezone_names WHERE name = $1)"


async def business(uow: UnitOfWork) -> Row | None:
    """Return the business, None before the first set-up."""
    return await uow.read_row(_BUSINESS)


async def all_stores(uow: UnitOfWork) -> list[Row]:
    """Return all stores, the oldest first, for what is kept for everybody; whoever shows them chooses."""
    return await uow.read(_ALL_STORES)


async def stores(uow: UnitOfWork) -> list[Row]:
    """Return the stores that the actor reaches, the oldest first."""
    return [row for row in await all_stores(uow) if uow.actor.reach.has(row["id"])]


async def store(uow: UnitOfWork, store_id: UUID) -> Row | None:
    """Return one store, None as well when the actor does not reach it."""
    return await uow.read_row(_ONE_STORE, store_id) if uow.actor.reach.has(store_id) else None


async def tax_rates(uow: UnitOfWork) -> list[Row]:
    """Return the tax rates, the one that holds by default first."""
    return await uow.read(_TAX_RATES)


async def add_business(uow: UnitOfWork, business: BusinessIn) -> bool:
    """Add the business; False when there is one."""
    return bool(await uow.write(_ADD_BUSINESS, business.name, business.currency, business.country, business.time_zone))


async def add_tax_rate(uow: UnitOfWork, tax_rate: TaxRateIn) -> bool:
    """Add a tax rate at the end of the list; False when the business has it."""
    return bool(await uow.write(_ADD_TAX_RATE, tax_rate.rate, tax_rate.name))


async def add_store(uow: UnitOfWork, store: StoreIn) -> bool:
    """Add a store; False when its id or code is taken."""
    cash = store.cash_rounding
    return bool(
        await uow.write(
            _ADD_STORE,
            store.id,
            store.code,
            store.name,
            store.time_zone,
            store.day_cutoff,
            store.prices_include_tax,
            store.rounding_level,
            store.rounding_mode,
            cash and cash.increment_minor,
            cash and cash.due_tie,
            cash and cash.change_tie,
            cash and cash.above_minor,
            store.negative_stock,
            store.receipt_header,
            store.receipt_footer,
        )
    )


async def knows_zone(uow: UnitOfWork, name: str) -> bool:
    """Say whether the database knows a zone, which it needs for figures by the hour."""
    return bool(await uow.read_value(_ZONE_IS_KNOWN, name))
