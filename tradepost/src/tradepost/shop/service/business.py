"""The rules of the business: there is one of it, and its stores have clocks and roundings that exist."""

from functools import cache
from uuid import UUID
from zoneinfo import available_timezones

from mainstay import clock
from mainstay.cache.kind import Kind
from mainstay.errors import FieldProblem
from mainstay.messages.audit import Entry
from mainstay.setup import Place
from mainstay.work import Row, UnitOfWork
from tradepost.money.currency import currency
from tradepost.money.errors import UnknownCurrency
from tradepost.shop import repository
from tradepost.shop.errors import (
    AlreadySetUp,
    InvalidSetting,
    NotSetUp,
    StoreCodeTaken,
    StoreIdReused,
    TaxRateTaken,
    UnknownStore,
)
from tradepost.shop.events import BusinessSetUp, StoreAdded, TaxRateAdded
from tradepost.shop.schemas import BusinessIn, BusinessOut, ShopOut, StoreIn, StoreOut, TaxRateIn, TaxRateOut
from tradepost.shop.service.days import business_day

# Of everybody: the stores that somebody reaches are chosen afterwards.
FACTS = Kind("shop.facts", ShopOut, ("shop_business", "shop_store", "shop_tax_rate"), seconds=900, is_shared=True)


async def shop(uow: UnitOfWork) -> ShopOut:
    """Return the business, the stores that the actor reaches, and the tax rates."""
    known, now = await facts(uow), clock.now()
    reached = (store for store in known.stores if uow.actor.reach.has(store.id))
    # A kept business day may be over.
    stores = [
        each.model_copy(update={"business_day": business_day(each.time_zone, each.day_cutoff, now)}) for each in reached
    ]
    return known.model_copy(update={"stores": stores})


async def facts(uow: UnitOfWork) -> ShopOut:
    """Return the business, all its stores and its tax rates, as they are kept while none of them has changed."""

    async def read() -> ShopOut:
        row = await repository.business(uow)
        return ShopOut(
            business=BusinessOut(**row, currency_exponent=currency(row["currency"]).exponent) if row else None,
            stores=[_shown(row) for row in await repository.all_stores(uow)],
            tax_rates=[TaxRateOut.model_validate(dict(row)) for row in await repository.tax_rates(uow)],
        )

    return await uow.cached(FACTS, "", read)


async def business(uow: UnitOfWork) -> Row:
    """Return the business. Raises NotSetUp before the first set-up."""
    row = await repository.business(uow)
    if row is None:
        raise NotSetUp("Set up the business first.")
    return row


async def names(uow: UnitOfWork) -> tuple[str, ...]:
    """Return what the business is called; nothing before the first set-up."""
    row = await repository.business(uow)
    return () if row is None else (row["name"],)


async def places(uow: UnitOfWork) -> tuple[Place, ...]:
    """Return the stores, to which people can be limited."""
    return tuple(Place(row["id"], row["name"]) for row in await repository.stores(uow))


async def store(uow: UnitOfWork, store_id: UUID) -> Row:
    """Return one store. Raises UnknownStore."""
    row = await repository.store(uow, store_id)
    if row is None:
        raise UnknownStore("There is no such store.")
    return row


async def set_up(uow: UnitOfWork, wanted: BusinessIn) -> ShopOut:
    """Set up the business with its first store; the same content again changes nothing.

    Raises AlreadySetUp, InvalidSetting.
    """
    uow.actor.demand_everywhere()
    await _check_settings(uow, wanted)
    if not await repository.add_business(uow, wanted):
        present = await shop(uow)
        if not _is_set_up_so(present, wanted):
            raise AlreadySetUp("The business is set up already; nothing was changed.")
        return present
    for tax_rate in wanted.tax_rates:
        await repository.add_tax_rate(uow, tax_rate)
    await repository.add_store(uow, wanted.store)
    uow.publish(BusinessSetUp(currency=wanted.currency, country=wanted.country))
    uow.publish(StoreAdded(store_id=wanted.store.id, code=wanted.store.code))
    told = {"name": wanted.name, "currency": wanted.currency, "country": wanted.country}
    uow.record(Entry("shop.business_set_up", "shop.business", new=told))
    _record_store(uow, wanted.store)
    return await shop(uow)


async def add_store(uow: UnitOfWork, wanted: StoreIn) -> StoreOut:
    """Add a store; the same id and content again changes nothing.

    Raises NotSetUp, StoreCodeTaken, StoreIdReused, InvalidSetting.
    """
    # Whoever is limited to stores would not reach the new one.
    uow.actor.demand_everywhere()
    await business(uow)
    await _check_zone(uow, "time_zone", wanted.time_zone)
    if await repository.add_store(uow, wanted):
        uow.publish(StoreAdded(store_id=wanted.id, code=wanted.code))
        _record_store(uow, wanted)
        return _shown(await store(uow, wanted.id))
    known = await repository.store(uow, wanted.id)
    if known is None:
        raise StoreCodeTaken(f"Another store has the code {wanted.code}; choose a different one.")
    if not _is_store_so(_shown(known), wanted):
        raise StoreIdReused("A store with this id and other content exists; nothing was changed.")
    return _shown(known)


async def add_tax_rate(uow: UnitOfWork, wanted: TaxRateIn) -> TaxRateOut:
    """Add a tax rate; the same rate and name again changes nothing. Raises NotSetUp, TaxRateTaken."""
    await business(uow)
    if await repository.add_tax_rate(uow, wanted):
        uow.publish(TaxRateAdded(rate=str(wanted.rate)))
        uow.record(Entry("shop.tax_rate_added", "shop.tax_rate", str(wanted.rate), new={"name": wanted.name}))
    elif wanted.model_dump() not in [dict(row) for row in await repository.tax_rates(uow)]:
        raise TaxRateTaken(f"The rate of {wanted.rate} % exists already under another name.")
    return TaxRateOut(rate=wanted.rate, name=wanted.name)


def _record_store(uow: UnitOfWork, store: StoreIn) -> None:
    uow.record(Entry("shop.store_added", "shop.store", store.id, new={"code": store.code, "name": store.name}))


def _shown(row: Row) -> StoreOut:
    day = business_day(row["time_zone"], row["day_cutoff"], clock.now())
    return StoreOut.model_validate(dict(row) | {"business_day": day})


def _is_store_so(present: StoreOut, wanted: StoreIn) -> bool:
    return present.model_dump(exclude={"business_day"}) == wanted.model_dump()


def _is_set_up_so(present: ShopOut, wanted: BusinessIn) -> bool:
    """Say whether the first set-up had this content."""
    if present.business is None or not present.stores:
        return False
    facts = wanted.model_dump(exclude={"tax_rates", "store"})
    return (
        present.business.model_dump(exclude={"currency_exponent"}) == facts
        and [rate.model_dump() for rate in present.tax_rates] == [rate.model_dump() for rate in wanted.tax_rates]
        and _is_store_so(present.stores[0], wanted.store)
    )


async def _check_settings(uow: UnitOfWork, wanted: BusinessIn) -> None:
    try:
        currency(wanted.currency)
    except UnknownCurrency as failure:
        raise _invalid("currency", failure.code, str(failure)) from failure
    await _check_zone(uow, "time_zone", wanted.time_zone)
    await _check_zone(uow, "store.time_zone", wanted.store.time_zone)
    if len({rate.rate for rate in wanted.tax_rates}) < len(wanted.tax_rates):
        raise _invalid("tax_rates", "duplicate", "A tax rate is listed twice.")


async def _check_zone(uow: UnitOfWork, field: str, name: str) -> None:
    """Refuse a zone that Python or PostgreSQL does not know: both reckon business days."""
    if name not in _zones() or not await repository.knows_zone(uow, name):
        raise _invalid(field, "unknown_zone", f"There is no time zone {name}; it must read like Europe/Paris.")


@cache
def _zones() -> frozenset[str]:
    return frozenset(name for name in available_timezones() if "/" in name or name == "UTC")


def _invalid(field: str, code: str, message: str) -> InvalidSetting:
    return InvalidSetting(message, errors=[FieldProblem(field, code, message)])
