"""Checkout through the front door: once, whole, and at the price that was shown."""

from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest
from counting import Statements
from shopfloor import (
    ProductFactory,
    Till,
    TillFactory,
    assert_refused,
    line_in,
    minor,
    nothing_sold,
    product_factory,
    sale_in,
    sell,
    tender_in,
)

from mainstay.testing.client import Client
from mainstay.testing.database import as_owner
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

SALES = "/api/v1/pos/sales"

SignIn = Callable[[str], Awaitable[Client]]


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


async def test_a_sale_marks_no_table_that_kept_answers_are_read_from(
    cashier: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork
) -> None:
    """Each mark would cost the checkout time, and the kept answers of everybody would end with it."""
    sale = sale_in(till, [line_in(await make_product(), "2")], 498)
    marks = "SELECT array_agg(mark::text ORDER BY mark) FROM mainstay_topic"
    before = await uow.read_value(marks)

    assert (await cashier.post(SALES, json=sale)).status_code == 201

    assert before
    assert await uow.read_value(marks) == before


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
    await assert_refused(cashier, other, 409, "pos.sale_id_reused")

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


async def test_demand_is_summed_over_the_lines_of_a_ticket(
    cashier: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork
) -> None:
    """Rule 11: two lines of three pieces need six, and five are there."""
    product = await make_product(stock="5")
    sale = sale_in(till, [line_in(product, "3"), line_in(product, "3")], minor(product.price, 6))

    problem = await assert_refused(cashier, sale, 409, "pos.not_enough_stock")

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


async def test_a_tender_pays_once(cashier: Client, till: Till, make_product: ProductFactory) -> None:
    """Rule 20: a payment belongs to one sale."""
    product, tender = await make_product(), tender_in(249)
    await sell(cashier, sale_in(till, [line_in(product)], 249, tenders=[tender]))

    await assert_refused(
        cashier, sale_in(till, [line_in(product)], 249, tenders=[tender]), 409, "pos.payment_id_reused"
    )


async def test_weights_are_exact(cashier: Client, till: Till, make_product: ProductFactory) -> None:
    """Rule 29: 0.864 kg at 1.89 is 1.63."""
    bananas = await make_product(price="1.89", unit="kg", stock="2")

    sold = await sell(cashier, sale_in(till, [line_in(bananas, "0.864")], 163))

    assert sold["lines"][0]["quantity"] == "0.864"


@pytest.mark.practice(42)
async def test_a_checkout_takes_three_round_trips_however_many_lines(
    owner: Client, sign_in_as: SignIn, till: Till, make_product: ProductFactory, statements: Statements
) -> None:
    """The session, the facts, and the statement that is the whole transaction."""
    products = [await make_product(stock="100") for _ in range(3)]
    lines = [line_in(product) for product in products for _ in range(20)]
    # The driver learns the types of the parameters once per connection.
    await sell(owner, sale_in(till, lines[:1], 249))
    short, long = sale_in(till, lines[:1], 249), sale_in(till, lines, 60 * 249)

    trips = [await round_trips(await sign_in_as("cashier"), sale, statements) for sale in (short, long)]

    assert [len(taken) for taken in trips] == [3, 3], trips
    assert trips[0] == trips[1]


async def round_trips(client: Client, sale: dict[str, Any], statements: Statements) -> list[str]:
    """Sell and return the statements that it took; the savepoint around the last one is this suite's own."""
    async with statements() as taken:
        await sell(client, sale)
    return [statement for statement in taken if "SAVEPOINT" not in statement]


async def test_receipt_numbers_follow_one_another_without_a_gap_through_refusals(
    cashier: Client, till: Till, make_product: ProductFactory
) -> None:
    """Rule 17: the number is taken inside the sale's transaction."""
    product = await make_product(stock="2")
    await sell(cashier, sale_in(till, [line_in(product)], 249))
    await assert_refused(cashier, sale_in(till, [line_in(product, "2")], 498), 409, "pos.not_enough_stock")

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
    """Rule 16: the program has no right to, and whoever has is kept from it by triggers."""
    await sell(cashier, sale_in(till, [line_in(await make_product())], 249))

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with open_work(SYSTEM) as uow:
            await uow.write(act.format(table, column, column))
    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        async with open_work(SYSTEM) as uow, as_owner(uow):
            await uow.write(act.format(table, column, column))
