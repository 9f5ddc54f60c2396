"""The front door of the till for other modules: figures of some store days."""

from datetime import date

from shopfloor import ProductFactory, Till, line_in, sale_in, sell

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.testing.frozen import FrozenClock
from mainstay.work import UnitOfWork
from tradepost.pos import api

SATURDAY = date(2026, 11, 21)


async def test_figures_are_of_the_days_asked_for(
    owner: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork, clock: FrozenClock
) -> None:
    product = await make_product()
    await sell(owner, sale_in(till, [line_in(product, "2")], 498))

    today = await api.figures(uow, [api.StoreDay(till.store_id, SATURDAY, "Europe/Paris")], best=5)
    other = await api.figures(uow, [api.StoreDay(till.store_id, date(2026, 11, 20), "Europe/Paris")], best=5)

    assert today == api.Figures(
        stores={till.store_id: api.Takings(498, 1, 0, 0)},
        best_sellers=(api.BestSeller(product.variant_id, product.name, "2", "piece", 498),),
        by_hour={11: 498},
        items="2",
    )
    assert other == api.Figures(stores={}, best_sellers=(), by_hour={}, items="0")


async def test_figures_of_no_store_are_nothing(uow: UnitOfWork) -> None:
    assert await api.figures(uow, [], best=5) == api.Figures({}, (), {}, "0")


async def test_figures_of_an_unknown_store_are_nothing(uow: UnitOfWork) -> None:
    day = api.StoreDay(ids.new_id(), SATURDAY, "Europe/Paris")

    assert (await api.figures(uow, [day], best=5)).stores == {}
