"""The front door of the shop module for other modules.

For statements that need a store's facts there are the views `shop_selling_store` and `shop_currency` (see the
migrations).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal
from uuid import UUID

from mainstay.work import Row, UnitOfWork
from tradepost.money.currency import currency
from tradepost.money.rounding import CashRounding, RoundingMode
from tradepost.money.tax import RoundingLevel
from tradepost.shop import repository
from tradepost.shop.service import business as businesses
from tradepost.shop.service import days


@dataclass(frozen=True, slots=True)
class BusinessFacts:
    """The business; `currency_exponent` is the number of decimals of its currency."""

    name: str
    currency: str
    currency_exponent: int
    country: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class StoreFacts:
    """A store: its clock, its tax profile, its cash and its stock policy."""

    id: UUID
    code: str
    name: str
    time_zone: str
    day_cutoff: time
    prices_include_tax: bool
    rounding_level: RoundingLevel
    rounding_mode: RoundingMode
    cash_rounding: CashRounding | None
    negative_stock: Literal["refuse", "allow"]
    receipt_header: tuple[str, ...]
    receipt_footer: tuple[str, ...]


async def is_set_up(uow: UnitOfWork) -> bool:
    """Say whether there is a business."""
    return await repository.business(uow) is not None


async def business(uow: UnitOfWork) -> BusinessFacts:
    """Return the business. Raises NotSetUp (409) before the first set-up."""
    row = await businesses.business(uow)
    return BusinessFacts(
        name=row["name"],
        currency=row["currency"],
        currency_exponent=currency(row["currency"]).exponent,
        country=row["country"],
        time_zone=row["time_zone"],
    )


async def tax_rates(uow: UnitOfWork) -> tuple[Decimal, ...]:
    """Return the tax rates of the business in percent; the first holds where none is named."""
    return tuple(row["rate"] for row in await repository.tax_rates(uow))


async def store(uow: UnitOfWork, store_id: UUID) -> StoreFacts:
    """Return one store. Raises UnknownStore (404)."""
    return _facts(await businesses.store(uow, store_id))


async def stores(uow: UnitOfWork) -> list[StoreFacts]:
    """Return all stores, the oldest first."""
    return [_facts(row) for row in await repository.stores(uow)]


def business_day(time_zone: str, day_cutoff: time, moment: datetime) -> date:
    """Return the business day of an aware `moment` in a store with this zone and cut-off (rule 24)."""
    return days.business_day(time_zone, day_cutoff, moment)


def business_day_range(time_zone: str, day_cutoff: time, day: date) -> tuple[datetime, datetime]:
    """Return when a business day begins and when the next one does, in UTC: a half-open range (rule 24)."""
    start = days.day_start(time_zone, day_cutoff, day)
    return start, days.day_start(time_zone, day_cutoff, day + timedelta(days=1))


def _facts(row: Row) -> StoreFacts:
    cash = row["cash_rounding"]
    return StoreFacts(
        id=row["id"],
        code=row["code"],
        name=row["name"],
        time_zone=row["time_zone"],
        day_cutoff=row["day_cutoff"],
        prices_include_tax=row["prices_include_tax"],
        rounding_level=RoundingLevel(row["rounding_level"]),
        rounding_mode=RoundingMode(row["rounding_mode"]),
        cash_rounding=cash
        and CashRounding(
            increment_minor=cash["increment_minor"],
            due_tie=RoundingMode(cash["due_tie"]),
            change_tie=RoundingMode(cash["change_tie"]),
            above_minor=cash["above_minor"],
        ),
        negative_stock=row["negative_stock"],
        receipt_header=tuple(row["receipt_header"]),
        receipt_footer=tuple(row["receipt_footer"]),
    )
