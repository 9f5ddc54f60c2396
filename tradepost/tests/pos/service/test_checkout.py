"""Checkout through the front door: once, whole, and at the price that was shown."""

import copy
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import asyncpg
import pytest
from shopfloor import (
    Product,
    ProductFactory,
    Till,
    TillFactory,
    line_in,
    minor,
    product_factory,
    sale_in,
    sell,
    tender_in,
)

from mainstay import ids
from mainstay.errors import NotAllowed
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, Actor, UnitOfWork, WorkOpener
from tradepost.pos.schemas import SaleIn
from tradepost.pos.service import checkout

SALES = "/api/v1/pos/sales"

Statements = Callable[[], AbstractAsyncContextManager[list[str]]]


async def refused(client: Client, sale: dict[str, Any], status: int, code: str) -> dict[str, Any]:
    """Post a ticket, expect a refusal, and return the problem."""
    answer = await client.post(SALES, json=sale)
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), answer.text
    return problem


async def nothing_sold(uow: UnitOfWork) -> bool:
    """Say whether there is no trace of a sale: no document, no stock row, no journal entry, no event."""
    return not await uow.read_value(
        """
        SELECT (SELECT count(*) FROM pos_sale) + (SELECT count(*) FROM pos_payment)
            + (SELECT count(*) FROM stock_movement WHERE kind = 'sale')
            + (SELECT count(*) FROM pos_journal WHERE kind = 'sale')
            + (SELECT count(*) FROM mainstay_event WHERE name = 'pos.sale_completed')
        """
    )


async def test_a_sale_gives_change_a_number_and_tax_by_rate(
    cashier: Client, till: Till, make_product: ProductFactory
) -> None:
    """Rules 4, 7 and 17."""
    bread, milk = await make_product(price="4.20", tax_rate="5.5"), await make_product(price="1.00", tax_rate="20")

    sold = await sell(cashier, sale_in(till, [line_in(bread, "2"), line_in(milk)], 940, tenders=[tender_in(1000)]))

    assert sold["receipt_number"] == "HS1-000001"
    assert (sold["total_minor"], sold["change_minor"], sold["payable_minor"]) == (940, 60, 940)
    assert sold["taxes"] == [
        {"rate": "20", "net_minor": 83, "tax_minor": 17, "gross_minor": 100},
        {"rate": "5.5", "net_minor": 796, "tax_minor": 44, "gross_minor": 840},
    ]


async def test_the_line_keeps_what_it_was_sold_as(owner: Client, till: Till, make_product: ProductFactory) -> None:
    """Rule 9: price, tax rate, name and code are copied; later changes do not reach the sale."""
    product = await make_product(price="2.49", barcode="4009309132524")
    sold = await sell(owner, sale_in(till, [line_in(product)], 249))
    current = (await owner.get(f"/api/v1/catalog/products/{product.id}")).json()
    variant = current["variants"][0]
    change = {"version": variant["version"], "price": "9.99"}
    assert (await owner.patch(f"/api/v1/catalog/variants/{product.variant_id}", json=change)).status_code == 200
    renamed = {"version": current["version"], "name": "Something else"}
    assert (await owner.patch(f"/api/v1/catalog/products/{product.id}", json=renamed)).status_code == 200

    kept = (await owner.get(f"{SALES}/{sold['id']}")).json()["lines"][0]

    assert (kept["name"], kept["unit_price"], kept["barcode"]) == (product.name, "2.49", "4009309132524")


async def test_the_same_ticket_again_gives_the_same_answer(
    cashier: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork
) -> None:
    """Rule 18: for ever, whatever happened since; the header says that it is a replay."""
    sale = sale_in(till, [line_in(await make_product(), "2")], 498)
    first = await cashier.post(SALES, json=sale)

    again = await cashier.post(SALES, json=sale)

    assert (again.status_code, again.json()) == (201, first.json())
    assert (first.headers.get("Idempotent-Replayed"), again.headers["Idempotent-Replayed"]) == (None, "true")
    assert await uow.read_value("SELECT count(*) FROM pos_sale") == 1


async def test_the_same_id_with_other_content_is_refused(
    cashier: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork
) -> None:
    """Rule 18."""
    product = await make_product()
    sale = sale_in(till, [line_in(product)], 249)
    await sell(cashier, sale)

    other = sale_in(till, [line_in(product, "2")], 498, id=sale["id"])
    await refused(cashier, other, 409, "pos.sale_id_reused")

    assert await uow.read_value("SELECT sum(total_minor) FROM pos_sale") == 249


async def test_a_replay_is_answered_after_the_shift_was_closed(
    cashier: Client, till: Till, make_product: ProductFactory
) -> None:
    """Rule 19: a till that did not hear the answer asks again, perhaps after closing time."""
    sale = sale_in(till, [line_in(await make_product())], 249)
    first = await sell(cashier, sale)
    close = await cashier.post(f"/api/v1/pos/shifts/{till.shift_id}/close", json={"counted_minor": 10249})
    assert close.status_code == 200

    assert await sell(cashier, sale) == first


async def test_another_total_than_shown_is_refused_with_the_prices_of_now(
    cashier: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork
) -> None:
    sale = sale_in(till, [line_in(await make_product(price="2.49"), "2")], 400)

    problem = await refused(cashier, sale, 409, "pos.total_changed")

    assert problem["total_minor"] == 498
    assert problem["lines"][0]["unit_price"] == "2.49"
    assert await nothing_sold(uow)


async def test_demand_is_summed_over_the_lines_of_a_ticket(
    cashier: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork
) -> None:
    """Rule 11: two lines of three pieces need six, and five are there."""
    product = await make_product(stock="5")
    sale = sale_in(till, [line_in(product, "3"), line_in(product, "3")], minor(product.price, 6))

    problem = await refused(cashier, sale, 409, "pos.not_enough_stock")

    item = {"variant_id": str(product.variant_id), "name": product.name, "on_hand": "5", "wanted": "6"}
    assert problem["items"] == [item]
    assert await nothing_sold(uow)


async def test_a_store_that_allows_it_sells_below_zero_and_says_so(
    open_till: TillFactory, owner: Client, uow: UnitOfWork
) -> None:
    """Rule 12: going below zero is a decision, and it is recorded."""
    till = await open_till(negative_stock="allow")
    product = await product_factory(owner, till)(stock="1")

    await sell(owner, sale_in(till, [line_in(product, "3")], 747))

    level = await uow.read_row("SELECT on_hand, is_oversold FROM stock_level")
    assert level is not None
    assert (level["on_hand"], level["is_oversold"]) == (-2, True)


async def test_goods_that_were_never_counted_sell_without_moving_stock(
    cashier: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork
) -> None:
    """Rule 12: a shop that has not counted yet can sell."""
    await sell(cashier, sale_in(till, [line_in(await make_product())], 249))

    assert await uow.read_value("SELECT count(*) FROM stock_movement") == 0


async def test_a_sale_takes_stock_once_per_product(
    cashier: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork
) -> None:
    """Rule 10: one ledger row per document and product, with the balance after it."""
    product = await make_product(stock="10")

    sold = await sell(cashier, sale_in(till, [line_in(product, "2"), line_in(product)], 747))

    rows = await uow.read("SELECT quantity, balance, source_id::text FROM stock_movement WHERE kind = 'sale'")
    assert [tuple(row.values()) for row in rows] == [(-3, 7, sold["id"])]


async def test_discounts_on_line_and_ticket_are_shared_out_to_the_cent(
    cashier: Client, till: Till, make_product: ProductFactory
) -> None:
    """Rules 6 and 7: line discount, then ticket discount; the kept parts add up."""
    one, two = await make_product(price="10.00"), await make_product(price="3.33", tax_rate="10")
    lines = [line_in(one, discount={"kind": "percent", "value": "10"}), line_in(two)]
    ticket = sale_in(till, lines, 1133, discount={"kind": "amount", "value_minor": 100})

    sold = await sell(cashier, ticket)

    parts = [(line["discount_minor"], line["ticket_discount_minor"], line["total_minor"]) for line in sold["lines"]]
    assert parts == [(100, 73, 827), (0, 27, 306)]
    assert sold["discount_minor"] == 200


async def test_a_discount_needs_the_right(
    till: Till, make_product: ProductFactory, open_work: WorkOpener, uow: UnitOfWork
) -> None:
    sale = sale_in(till, [line_in(await make_product())], 224, discount={"kind": "percent", "value": "10"})
    trainee = Actor("person", ids.new_id(), "Trainee", "trainee", frozenset({"pos.sell"}))

    with pytest.raises(NotAllowed, match="discounts"):
        async with open_work(trainee) as work:
            await checkout.checkout(work, SaleIn.model_validate(sale))

    assert await nothing_sold(uow)


async def test_cash_and_card_can_be_split(cashier: Client, till: Till, make_product: ProductFactory) -> None:
    product = await make_product(price="20.00")
    card = tender_in(1500, "card", reference="T-1", card_last4="4242", card_brand="Visa")

    sold = await sell(cashier, sale_in(till, [line_in(product)], 2000, tenders=[card, tender_in(1000)]))

    assert sold["change_minor"] == 500
    assert [tender["kind"] for tender in sold["tenders"]] == ["card", "cash"]
    assert sold["tenders"][0]["card_last4"] == "4242"


async def test_cash_is_rounded_where_small_coins_are_gone_and_both_totals_are_kept(
    open_till: TillFactory, owner: Client
) -> None:
    """Rule 8: the cash part only, after tax to the cent."""
    till = await open_till(cash_rounding={"increment_minor": 5, "due_tie": "half_up", "change_tie": "half_up"})
    product = await product_factory(owner, till)(price="2.48")

    cash = await sell(owner, sale_in(till, [line_in(product)], 248, tenders=[tender_in(250)]))
    card = await sell(owner, sale_in(till, [line_in(product)], 248, tenders=[tender_in(248, "card")]))

    assert (cash["total_minor"], cash["cash_rounding_minor"], cash["payable_minor"]) == (248, 2, 250)
    assert (card["total_minor"], card["cash_rounding_minor"], card["payable_minor"]) == (248, 0, 248)


async def test_a_tender_below_the_total_says_what_is_missing(
    cashier: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork
) -> None:
    sale = sale_in(till, [line_in(await make_product())], 249, tenders=[tender_in(200)])

    problem = await refused(cashier, sale, 422, "pos.tender_too_low")

    assert problem["missing_minor"] == 49
    assert await nothing_sold(uow)


async def test_a_card_is_never_charged_more_than_is_due(
    cashier: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork
) -> None:
    sale = sale_in(till, [line_in(await make_product())], 249, tenders=[tender_in(300, "card")])

    problem = await refused(cashier, sale, 422, "pos.tender_too_high")

    assert problem["excess_minor"] == 51
    assert await nothing_sold(uow)


async def test_a_tender_pays_once(cashier: Client, till: Till, make_product: ProductFactory) -> None:
    """Rule 20: a payment belongs to one sale."""
    product, tender = await make_product(), tender_in(249)
    await sell(cashier, sale_in(till, [line_in(product)], 249, tenders=[tender]))

    await refused(cashier, sale_in(till, [line_in(product)], 249, tenders=[tender]), 409, "pos.payment_id_reused")


async def test_a_closed_shift_sells_nothing(
    cashier: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork
) -> None:
    product = await make_product()
    await cashier.post(f"/api/v1/pos/shifts/{till.shift_id}/close", json={"counted_minor": 10000})

    await refused(cashier, sale_in(till, [line_in(product)], 249), 409, "pos.shift_closed")

    assert await nothing_sold(uow)


async def test_an_unknown_register_is_not_found(cashier: Client, till: Till, make_product: ProductFactory) -> None:
    sale = sale_in(till, [line_in(await make_product())], 249, register_id=str(ids.new_id()))

    await refused(cashier, sale, 404, "pos.unknown_register")


async def test_an_unknown_product_is_named(cashier: Client, till: Till) -> None:
    stranger = Product(ids.new_id(), ids.new_id(), "", "1.00")

    problem = await refused(cashier, sale_in(till, [line_in(stranger)], 100), 422, "pos.unknown_variant")

    assert problem["variant_ids"] == [str(stranger.variant_id)]


async def test_weights_are_exact(cashier: Client, till: Till, make_product: ProductFactory) -> None:
    """Rule 29: 0.864 kg at 1.89 is 1.63."""
    bananas = await make_product(price="1.89", unit="kg", stock="2")

    sold = await sell(cashier, sale_in(till, [line_in(bananas, "0.864")], 163))

    assert sold["lines"][0]["quantity"] == "0.864"


async def test_half_a_piece_is_refused(
    cashier: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork
) -> None:
    sale = sale_in(till, [line_in(await make_product(), "0.5")], 125)

    await refused(cashier, sale, 422, "pos.bad_ticket")

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

    await refused(cashier, sale_in(till, [line], 249), 422, "invalid_input")

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

    await refused(cashier, sale, 422, "invalid_input")

    assert await nothing_sold(uow)


@pytest.mark.practice(42)
async def test_a_checkout_takes_the_same_three_round_trips_however_many_lines(
    cashier: Client,
    till: Till,
    make_product: ProductFactory,
    statements: Callable[[], AbstractAsyncContextManager[list[str]]],
) -> None:
    """The session, the facts, and the statement that is the whole transaction."""
    products = [await make_product() for _ in range(3)]
    await sell(cashier, sale_in(till, [line_in(products[0])], 249))

    async with statements() as short:
        await sell(cashier, sale_in(till, [line_in(products[0])], 249))
    lines = [line_in(product) for product in products for _ in range(20)]
    async with statements() as long:
        await sell(cashier, sale_in(till, lines, 60 * 249))

    assert len(short) <= 3
    assert len(long) == len(short), long


async def test_receipt_numbers_follow_one_another_without_a_gap_through_refusals(
    cashier: Client, till: Till, make_product: ProductFactory
) -> None:
    """Rule 17: the number is taken inside the sale's transaction."""
    product = await make_product(stock="2")
    await sell(cashier, sale_in(till, [line_in(product)], 249))
    await refused(cashier, sale_in(till, [line_in(product, "2")], 498), 409, "pos.not_enough_stock")

    second = await sell(cashier, sale_in(till, [line_in(product)], 249))

    assert second["receipt_number"] == "HS1-000002"


async def test_the_event_names_the_receipt(
    cashier: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork
) -> None:
    sold = await sell(cashier, sale_in(till, [line_in(await make_product())], 249))

    payload = await uow.read_value("SELECT payload FROM mainstay_event WHERE name = 'pos.sale_completed'")

    assert (payload["sale_id"], payload["receipt_number"]) == (sold["id"], sold["receipt_number"])
    assert payload["total_minor"] == 249


@pytest.mark.parametrize("act", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("pos_sale", "total_minor"),
        ("pos_sale_line", "quantity"),
        ("pos_sale_tax", "rate"),
        ("pos_payment", "amount_minor"),
        ("pos_journal", "payload"),
    ],
)
async def test_a_completed_sale_cannot_be_changed_or_removed(
    cashier: Client, till: Till, make_product: ProductFactory, open_work: WorkOpener, table: str, column: str, act: str
) -> None:
    """Rule 16: by the database, whoever asks."""
    await sell(cashier, sale_in(till, [line_in(await make_product())], 249))

    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        async with open_work(SYSTEM) as uow:
            await uow.write(act.format(table, column, column))


async def test_the_database_refuses_a_sale_whose_parts_do_not_add_up(
    cashier: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 4 to 7: the last word on money is the database's; a pricing fault is a 500, not a wrong receipt."""
    amounts = checkout._amounts

    def wrong(*args: object) -> dict[str, Any]:
        right = amounts(*args)  # type: ignore[arg-type]  passed on as they come
        return right | {"net_minor": right["net_minor"] + 1, "tax_minor": right["tax_minor"] - 1}

    monkeypatch.setattr(checkout, "_amounts", wrong)
    answer = await cashier.post(SALES, json=sale_in(till, [line_in(await make_product())], 249))

    assert answer.status_code >= 400
    assert await nothing_sold(uow)
