"""Checkout through the front door: what is refused, and that it changes nothing."""

import copy
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from shopfloor import (
    Product,
    ProductFactory,
    Till,
    assert_refused,
    line_in,
    nothing_sold,
    sale_in,
    tender_in,
)

from mainstay import ids
from mainstay.errors import NotAllowed
from mainstay.testing.client import Client
from mainstay.work import Actor, UnitOfWork, WorkOpener
from tradepost.money.tender import Settlement
from tradepost.money.ticket import PricedTicket
from tradepost.pos.schemas.sales import SaleIn
from tradepost.pos.service import checkout

SALES = "/api/v1/pos/sales"

SignIn = Callable[[str], Awaitable[Client]]


async def test_another_total_than_shown_is_refused_with_the_prices_of_now(
    cashier: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork
) -> None:
    sale = sale_in(till, [line_in(await make_product(price="2.49"), "2")], 400)

    problem = await assert_refused(cashier, sale, 409, "pos.total_changed")

    assert problem["total_minor"] == 498
    assert problem["lines"][0]["unit_price"] == "2.49"
    assert await nothing_sold(uow)


async def test_a_discount_needs_the_right(
    till: Till, make_product: ProductFactory, open_work: WorkOpener, uow: UnitOfWork
) -> None:
    sale = sale_in(till, [line_in(await make_product())], 224, discount={"kind": "percent", "value": "10"})
    trainee = Actor("person", ids.new_id(), "Trainee", "trainee", frozenset({"pos.sell"}))

    with pytest.raises(NotAllowed, match="discounts"):
        async with open_work(trainee) as work:
            await checkout.checkout(work, SaleIn.model_validate(sale))

    assert await nothing_sold(uow)


async def test_a_tender_below_the_total_says_what_is_missing(
    cashier: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork
) -> None:
    sale = sale_in(till, [line_in(await make_product())], 249, tenders=[tender_in(200)])

    problem = await assert_refused(cashier, sale, 422, "pos.tender_too_low")

    assert problem["missing_minor"] == 49
    assert await nothing_sold(uow)


async def test_a_card_is_never_charged_more_than_is_due(
    cashier: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork
) -> None:
    sale = sale_in(till, [line_in(await make_product())], 249, tenders=[tender_in(300, "card")])

    problem = await assert_refused(cashier, sale, 422, "pos.tender_too_high")

    assert problem["excess_minor"] == 51
    assert await nothing_sold(uow)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"discount": {"kind": "amount", "value_minor": 250}}, "money.invalid_discount"),
        ({"tenders": [tender_in(0, "card")]}, "money.invalid_tender"),
    ],
)
async def test_a_ticket_that_cannot_be_priced_or_paid_says_why(
    cashier: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork, change: dict[str, Any], reason: str
) -> None:
    sale = sale_in(till, [line_in(await make_product())], 249) | change

    problem = await assert_refused(cashier, sale, 422, "pos.bad_ticket")

    assert problem["reason"] == reason
    assert await nothing_sold(uow)


async def test_a_closed_shift_sells_nothing(
    cashier: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork
) -> None:
    product = await make_product()
    await cashier.post(f"/api/v1/pos/shifts/{till.shift_id}/close", json={"counted_minor": 10000})

    await assert_refused(cashier, sale_in(till, [line_in(product)], 249), 409, "pos.shift_closed")

    assert await nothing_sold(uow)


async def test_an_unknown_register_is_not_found(cashier: Client, till: Till, make_product: ProductFactory) -> None:
    sale = sale_in(till, [line_in(await make_product())], 249, register_id=str(ids.new_id()))

    await assert_refused(cashier, sale, 404, "pos.unknown_register")


async def test_an_unknown_product_is_named(cashier: Client, till: Till) -> None:
    stranger = Product(ids.new_id(), ids.new_id(), "", "1.00")

    problem = await assert_refused(cashier, sale_in(till, [line_in(stranger)], 100), 422, "pos.unknown_variant")

    assert problem["variant_ids"] == [str(stranger.variant_id)]


async def test_half_a_piece_is_refused(
    cashier: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork
) -> None:
    sale = sale_in(till, [line_in(await make_product(), "0.5")], 125)

    await assert_refused(cashier, sale, 422, "pos.bad_ticket")

    assert await nothing_sold(uow)


BAD = [
    ("quantity", "-1"),
    ("quantity", "0"),
    ("quantity", "NaN"),
    ("quantity", "Infinity"),
    ("quantity", "1.0001"),
    ("quantity", "1000001"),
    ("quantity", "one"),
]


@pytest.mark.practice(46)
@pytest.mark.parametrize(("field", "value"), BAD)
async def test_bad_quantities_are_refused_and_change_nothing(
    cashier: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork, field: str, value: str
) -> None:
    line = line_in(await make_product()) | {field: value}

    await assert_refused(cashier, sale_in(till, [line], 249), 422, "invalid_input")

    assert await nothing_sold(uow)


@pytest.mark.practice(46)
@pytest.mark.parametrize(
    "change",
    [
        {"lines": []},
        {"expected_total_minor": -1},
        {"expected_total_minor": 2.49},
        {"tenders": [tender_in(-249)]},
        {"tenders": [tender_in(249) | {"amount_minor": 2.49}]},
        {"discount": {"kind": "percent", "value": "101"}},
        {"discount": {"kind": "percent", "value": "-1"}},
        {"discount": {"kind": "amount", "value": "5"}},
        {"tenders": [tender_in(249, "card", card_last4="4242424242424242")]},
        {"tenders": [tender_in(249) | {"kind": "cheque"}]},
        {"device_at": "2026-11-21T10:00:00"},
        {"surprise": 1},
    ],
)
async def test_bad_tickets_are_refused_and_change_nothing(
    cashier: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork, change: dict[str, Any]
) -> None:
    sale = sale_in(till, [line_in(await make_product())], 249) | copy.deepcopy(change)

    await assert_refused(cashier, sale, 422, "invalid_input")

    assert await nothing_sold(uow)


async def test_the_database_refuses_a_sale_whose_parts_do_not_add_up(
    cashier: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 4 to 7: the last word on money is the database's; a pricing fault is a 500, not a wrong receipt."""
    amounts = checkout._amounts

    def wrong(priced: PricedTicket, settlement: Settlement) -> dict[str, Any]:
        right = amounts(priced, settlement)
        return right | {"net_minor": right["net_minor"] + 1, "tax_minor": right["tax_minor"] - 1}

    monkeypatch.setattr(checkout, "_amounts", wrong)
    answer = await cashier.post(SALES, json=sale_in(till, [line_in(await make_product())], 249))

    assert answer.status_code == 500
    assert await nothing_sold(uow)
