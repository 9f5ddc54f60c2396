"""The rules of the numbers: computed from documents, by store and business day (rule 24)."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from uuid import UUID

from mainstay import clock
from mainstay.observe.counters import Counters
from mainstay.work import Actor, UnitOfWork, WorkOpener
from tradepost.insight.schemas import HourOut, StoreTodayOut, TodayOut, TopSellerOut
from tradepost.money.rounding import RoundingMode, divide_rounded
from tradepost.pos import api as pos
from tradepost.pos.events import SaleCompleted, SaleRefunded
from tradepost.shop import api as shop

BEST = 10
# Of the present business day of each store; money in minor units of the business's currency.
TAKINGS, TICKETS = "tradepost_today_takings_minor", "tradepost_today_tickets"
REFUNDS, REFUNDED = "tradepost_today_refunds", "tradepost_today_refunded_minor"
# Seconds: between two looks at the event log, between two looks at the calendar, and the longest a watch lasts.
LOOK = 0.3
DAY_CHECK = 60.0
LONGEST_WATCH = 300.0


async def position(uow: UnitOfWork) -> int:
    """Return a number that grows with every sale and every refund."""
    return max(await _newest(uow), default=0)


async def _newest(uow: UnitOfWork) -> list[int]:
    """Return what is another list after every sale and every refund, also one that is committed after later ones."""
    return await uow.latest_positions(SaleCompleted.name, SaleRefunded.name)


async def check_reach(uow: UnitOfWork, store_id: UUID | None) -> None:
    """Raise shop's errors where `today` would: for a shop that is not set up, and for an unknown store."""
    await shop.business(uow)
    if store_id:
        await shop.store(uow, store_id)


async def today(uow: UnitOfWork, store_id: UUID | None) -> TodayOut:
    """Return the figures of the present business day of one store or of all. Raises shop's error for an unknown one.

    The position is read first: a sale or refund between the two reads is counted and announced once more, never missed.
    """
    newest = await position(uow)
    business = await shop.business(uow)
    stores = [await shop.store(uow, store_id)] if store_id else await shop.stores(uow)
    moment = clock.now()
    days = [
        pos.StoreDay(store.id, shop.business_day(store.time_zone, store.day_cutoff, moment), store.time_zone)
        for store in stores
    ]
    figures = await pos.figures(uow, days, BEST)
    return _today(business.currency, [store.name for store in stores], days, figures, newest)


async def observe(uow: UnitOfWork, counters: Counters) -> None:
    """Say what was taken on the present business day of each store: the figures of `today`, for collectors."""
    if not await shop.is_set_up(uow):
        return
    codes = {store.id: store.code for store in await shop.stores(uow)}
    figures = await today(uow, None)
    for store in figures.stores:
        labels = {"store": codes[store.store_id]}
        counters.set(TAKINGS, store.takings_minor, **labels)
        counters.set(TICKETS, store.tickets, **labels)
        counters.set(REFUNDS, store.refunds, **labels)
        counters.set(REFUNDED, store.refunded_minor, **labels)


async def watch(open_work: WorkOpener, actor: Actor, store_id: UUID | None) -> AsyncIterator[TodayOut]:
    """Yield the figures at once and whenever they have changed, for five minutes; no connection is held in between.

    The question each time is for the positions of the newest sales and refunds in the event log: one small index read.
    Once a minute the figures are computed anyhow, because the business day ends without a sale. Raises shop's error for
    an unknown store.
    """
    shown: TodayOut | None = None
    seen: list[int] = []
    computed_at = ends_at = clock.monotonic()
    ends_at += LONGEST_WATCH
    while clock.monotonic() < ends_at:
        async with open_work(actor) as uow:
            # Before the figures: what comes between the two is computed once more.
            newest = await _newest(uow)
            if shown is None or newest != seen or clock.monotonic() - computed_at > DAY_CHECK:
                seen, computed_at = newest, clock.monotonic()
                figures = await today(uow, store_id)
            else:
                figures = shown
        if figures != shown:
            shown = figures
            yield figures
        await asyncio.sleep(LOOK)


def _today(
    currency: str, names: Sequence[str], days: Sequence[pos.StoreDay], figures: pos.Figures, newest: int
) -> TodayOut:
    takings = sum(taken.takings_minor for taken in figures.stores.values())
    tickets = sum(taken.tickets for taken in figures.stores.values())
    refunded = sum(taken.refunded_minor for taken in figures.stores.values())
    nothing = pos.Takings(0, 0, 0, 0)
    return TodayOut(
        business_day=max((day.business_day for day in days), default=None),
        currency=currency,
        takings_minor=takings,
        tickets=tickets,
        refunds=sum(taken.refunds for taken in figures.stores.values()),
        refunded_minor=refunded,
        average_minor=divide_rounded(takings + refunded, tickets, RoundingMode.HALF_UP) if tickets else 0,
        items=figures.items,
        stores=[
            StoreTodayOut(
                store_id=day.store_id,
                name=name,
                business_day=day.business_day,
                **asdict(figures.stores.get(day.store_id, nothing)),
            )
            for name, day in zip(names, days, strict=True)
        ],
        top_sellers=[
            TopSellerOut(
                variant_id=best.variant_id,
                name=best.name,
                quantity=best.quantity,
                unit=best.unit,
                total_minor=best.total_minor,
            )
            for best in figures.best_sellers
        ],
        by_hour=[HourOut(hour=hour, takings_minor=taken) for hour, taken in figures.by_hour.items()],
        position=newest,
    )
