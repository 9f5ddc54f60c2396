"""What other modules get of the shop."""

from datetime import time
from decimal import Decimal
from uuid import UUID

import pytest
from shopfloor import business_in, created, store_in

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.work import UnitOfWork
from tradepost.money.rounding import CashRounding, RoundingMode
from tradepost.money.tax import RoundingLevel
from tradepost.shop import api as shop
from tradepost.shop.errors import NotSetUp, UnknownStore
from tradepost.shop.events import StoreAdded

ROUNDING = {"increment_minor": 5, "due_tie": "half_up", "change_tie": "half_down"}


async def test_a_store_comes_as_frozen_facts(owner: Client, uow: UnitOfWork) -> None:
    """Rules 3, 8 and 12: profile, cash and stock policy belong to the store."""
    store = store_in(cash_rounding=ROUNDING, rounding_level="line", rounding_mode="half_even")
    await created(owner, "/api/v1/shop", business_in(store))

    facts = await shop.store(uow, UUID(store["id"]))

    assert facts == shop.StoreFacts(
        id=UUID(store["id"]),
        code="HS",
        name="Harbour Street",
        time_zone="Europe/Paris",
        day_cutoff=time(4),
        prices_include_tax=True,
        rounding_level=RoundingLevel.LINE,
        rounding_mode=RoundingMode.HALF_EVEN,
        cash_rounding=CashRounding(5, RoundingMode.HALF_UP, RoundingMode.HALF_DOWN),
        negative_stock="refuse",
        receipt_header=("12 Harbour Street",),
        receipt_footer=("Thank you",),
    )
    assert await shop.stores(uow) == [facts]


async def test_the_business_has_its_currency_and_rates(owner: Client, uow: UnitOfWork) -> None:
    """Rule 2: the exponent comes with the currency."""
    assert not await shop.is_set_up(uow)
    await created(owner, "/api/v1/shop", business_in(store_in(), currency="KWD"))

    facts = await shop.business(uow)

    assert await shop.is_set_up(uow)
    assert (facts.name, facts.currency, facts.currency_exponent) == ("Harbour Trading", "KWD", 3)
    assert await shop.tax_rates(uow) == (Decimal(20), Decimal(10), Decimal("5.5"))


async def test_what_is_not_there_is_said(uow: UnitOfWork) -> None:
    with pytest.raises(NotSetUp):
        await shop.business(uow)
    with pytest.raises(UnknownStore):
        await shop.store(uow, ids.new_id())
    assert await shop.stores(uow) == []


async def test_the_view_for_other_statements_has_one_row_a_store(owner: Client, uow: UnitOfWork) -> None:
    await created(owner, "/api/v1/shop", business_in(store_in(cash_rounding=ROUNDING)))
    await created(owner, "/api/v1/shop/stores", store_in(code="B"))

    rows = await uow.read("SELECT code, currency, cash_rounding FROM shop_selling_store ORDER BY code")

    assert [dict(row) for row in rows] == [
        {"code": "B", "currency": "EUR", "cash_rounding": None},
        {"code": "HS", "currency": "EUR", "cash_rounding": ROUNDING | {"above_minor": 0}},
    ]
    assert await uow.read_value("SELECT currency FROM shop_currency") == "EUR"


def test_events_of_the_shop_are_frozen() -> None:
    event = StoreAdded(store_id=ids.new_id(), code="HS")
    with pytest.raises(ValueError, match="frozen"):
        event.code = "B"  # type: ignore[misc]  # that is what is tried
