"""Refunds through the front door: against a receipt, never twice, and exact to the minor unit."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from holding import broken
from shopfloor import (
    Product,
    ProductFactory,
    Till,
    TillFactory,
    add_till,
    back_in,
    give_back,
    line_in,
    product_factory,
    refund_in,
    sale_in,
    sell,
    tender_in,
)
from shopfloor.pins import OWNERS_PIN, enrol_till, set_pin, sign_in_by_pin

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.testing.clients import ClientFactory
from mainstay.testing.database import as_owner
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener
from tradepost.pos.invariants import ALL

REFUNDS, SALES = "/api/v1/pos/refunds", "/api/v1/pos/sales"
HALF = {"kind": "percent", "value": "50"}
SignIn = Callable[[str], Awaitable[Client]]


async def refused(client: Client, refund: dict[str, Any], status: int, code: str) -> dict[str, Any]:
    """Ask for a refund, expect a refusal that changes nothing, and return the problem."""
    answer = await client.post(REFUNDS, json=refund)
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), answer.text
    return problem


async def left_of(client: Client, sale: dict[str, Any]) -> dict[str, Any]:
    """Return what is left of a sale."""
    answer = await client.get(f"{SALES}/{sale['id']}/left")
    assert answer.status_code == 200, answer.text
    left: dict[str, Any] = answer.json()
    return left


@pytest.fixture
async def three_for_ten(owner: Client, till: Till, make_product: ProductFactory) -> dict[str, Any]:
    """Three pieces that cost ten euros together, with 20 % tax, of ten that were there."""
    product = await make_product(price="3.50", stock="10")
    discount = {"kind": "amount", "value_minor": 50}
    return await sell(owner, sale_in(till, [line_in(product, "3")], 1000, discount=discount))


async def test_a_refund_is_a_document_of_its_own_and_the_sale_stays(
    owner: Client, till: Till, three_for_ten: dict[str, Any], uow: UnitOfWork
) -> None:
    """Rules 15, 16 and 17: the register's next number, the sale's own tax and discount, goods back in stock."""
    sale = three_for_ten

    refund = await give_back(owner, refund_in(till, sale, [back_in(sale)], 333))

    assert (refund["receipt_number"], refund["sale_receipt_number"]) == ("HS1-000002", sale["receipt_number"])
    assert refund["taxes"] == [{"rate": "20", "net_minor": 277, "tax_minor": 56, "gross_minor": 333}]
    assert (refund["payable_minor"], refund["reason"], refund["approved_by_name"]) == (333, "Does not fit", None)
    assert (await owner.get(f"{SALES}/{sale['id']}")).json() == sale
    assert await uow.read_value("SELECT trim_scale(on_hand)::text FROM stock_level") == "8"
    moved = await uow.read_row("SELECT kind, source_kind, source_id, note FROM stock_movement WHERE quantity = 1")
    assert moved is not None
    assert tuple(moved.values()) == ("refund", "refund", UUID(refund["id"]), "Does not fit")
    journal = await uow.read_value("SELECT payload::jsonb ->> 'sale_id' FROM pos_journal WHERE kind = 'refund'")
    assert journal == sale["id"]
    assert await broken(uow, ALL) == {}


async def test_parts_together_give_the_sale_back_to_the_cent(
    owner: Client, till: Till, three_for_ten: dict[str, Any], uow: UnitOfWork
) -> None:
    """Rules 14 and 15: 3.33, 3.34 and 3.33, and then there is nothing left."""
    sale = three_for_ten
    for worth in (333, 334, 333):
        await give_back(owner, refund_in(till, sale, [back_in(sale)], worth))

    problem = await refused(owner, refund_in(till, sale, [back_in(sale)], 333), 409, "pos.refund_too_much")

    assert problem["lines"] == [{"line_id": sale["lines"][0]["id"], "left": "0"}]
    sums = (
        "SELECT sum(net_minor)::int AS net, sum(tax_minor)::int AS tax, sum(payable_minor)::int AS paid FROM pos_refund"
    )
    row = await uow.read_row(sums)
    assert row is not None
    assert tuple(row.values()) == (sale["net_minor"], sale["tax_minor"], sale["payable_minor"])
    left = await left_of(owner, sale)
    assert (left["payable_minor"], left["lines"][0]["refunded_quantity"], len(left["refunds"])) == (0, "3", 3)
    assert await broken(uow, ALL) == {}


async def test_what_was_sold_net_of_tax_comes_back_with_its_tax(
    owner: Client, open_till: TillFactory, uow: UnitOfWork
) -> None:
    """Rule 15: a line of 2.00 and 20 % on top of it is worth 2.40, whatever the rate is by now."""
    till = await open_till(prices_include_tax=False)
    product = await product_factory(owner, till)(price="2.00")
    sale = await sell(owner, sale_in(till, [line_in(product)], 240))
    await uow.write("UPDATE catalog_variant SET tax_rate = 10, price = 9")
    await uow.commit()

    refund = await give_back(owner, refund_in(till, sale, [back_in(sale)], 240))

    assert (refund["net_minor"], refund["tax_minor"], refund["lines"][0]["total_minor"]) == (200, 40, 200)
    assert await broken(uow, ALL) == {}


async def test_weights_come_back_to_the_gram_and_damaged_goods_not_to_stock(
    owner: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork
) -> None:
    """Rule 29."""
    cheese = await make_product(price="10.00", unit="kg", stock="5")
    pot = await make_product(price="4.00", stock="5")
    sale = await sell(owner, sale_in(till, [line_in(cheese, "1.250"), line_in(pot, "2")], 2050))
    lines = [back_in(sale, 0, "0.333"), back_in(sale, 1, "1", goods="damaged")]

    refund = await give_back(owner, refund_in(till, sale, lines, 733))

    assert [(line["quantity"], line["goods"]) for line in refund["lines"]] == [("0.333", "to_stock"), ("1", "damaged")]
    levels = await uow.read("SELECT trim_scale(on_hand)::text AS on_hand FROM stock_level ORDER BY variant_id")
    assert [row["on_hand"] for row in levels] == ["4.083", "3"]


async def test_the_same_refund_again_gives_the_same_answer_for_ever(
    owner: Client, till: Till, three_for_ten: dict[str, Any], uow: UnitOfWork
) -> None:
    """Rules 18 and 19: also after the shift was closed."""
    wanted = refund_in(till, three_for_ten, [back_in(three_for_ten)], 333)
    first = await owner.post(REFUNDS, json=wanted)
    await owner.post(f"/api/v1/pos/shifts/{till.shift_id}/close", json={"counted_minor": 10667})

    again = await owner.post(REFUNDS, json=wanted)

    assert (again.status_code, again.json()) == (201, first.json())
    assert (first.headers.get("Idempotent-Replayed"), again.headers["Idempotent-Replayed"]) == (None, "true")
    await refused(owner, wanted | {"reason": "Something else"}, 409, "pos.refund_id_reused")
    assert await uow.read_value("SELECT count(*) FROM pos_refund") == 1


async def test_an_id_or_a_tender_belongs_to_one_refund(
    owner: Client, till: Till, three_for_ten: dict[str, Any], make_product: ProductFactory
) -> None:
    """Rules 18 and 20: the id of another sale's refund, and a repayment that was made already."""
    other = await sell(owner, sale_in(till, [line_in(await make_product(), "2")], 498))
    first = refund_in(till, three_for_ten, [back_in(three_for_ten)], 333)
    await give_back(owner, first)

    same_id = refund_in(till, other, [back_in(other)], 249, id=first["id"])
    await refused(owner, same_id, 409, "pos.refund_id_reused")
    same_tender = refund_in(till, other, [back_in(other)], 249, tenders=[first["tenders"][0] | {"amount_minor": 249}])
    assert (await refused(owner, same_tender, 409, "pos.payment_id_reused"))["status"] == 409


async def test_what_does_not_fit_the_sale_is_refused(
    owner: Client, cashier: Client, till: Till, three_for_ten: dict[str, Any], uow: UnitOfWork
) -> None:
    """Rule 14, and the form of what is asked."""
    sale, one = three_for_ten, [back_in(three_for_ten)]
    stranger = {"line_id": str(ids.new_id()), "quantity": "1"}
    for status, code, refund in (
        (409, "pos.refund_too_much", refund_in(till, sale, [back_in(sale, quantity="4")], 1333)),
        (409, "pos.refund_changed", refund_in(till, sale, one, 350)),
        (409, "pos.shift_closed", refund_in(till, sale, one, 333, shift_id=str(ids.new_id()))),
        (404, "pos.unknown_sale", refund_in(till, sale, one, 333, sale_id=str(ids.new_id()))),
        (404, "pos.unknown_register", refund_in(till, sale, one, 333, register_id=str(ids.new_id()))),
        (422, "pos.unknown_line", refund_in(till, sale, [stranger], 333)),
        (422, "pos.bad_ticket", refund_in(till, sale, [back_in(sale, quantity="0.5")], 167)),
        (422, "pos.bad_ticket", refund_in(till, sale, one, 333, tenders=[tender_in(333), tender_in(0, "card")])),
        (422, "pos.refund_tender_wrong", refund_in(till, sale, one, 333, tenders=[tender_in(332)])),
        (422, "pos.refund_tender_wrong", refund_in(till, sale, one, 333, tenders=[tender_in(334)])),
        (422, "pos.refund_tender_wrong", refund_in(till, sale, one, 333, tenders=[tender_in(333, "card")])),
        (422, "invalid_input", refund_in(till, sale, [*one, *one], 333)),
        (422, "invalid_input", refund_in(till, sale, one, 333, reason="")),
        (422, "invalid_input", refund_in(till, sale, [back_in(sale, quantity="0")], 0)),
    ):
        await refused(owner, refund, status, code)
    await refused(cashier, refund_in(till, sale, one, 333), 403, "not_allowed")

    assert await uow.read_value("SELECT count(*) FROM pos_refund") == 0
    assert await uow.read_value("SELECT next_number FROM pos_register") == 2
    assert await uow.read_value("SELECT count(*) FROM stock_movement WHERE kind = 'refund'") == 0


async def test_a_card_takes_back_what_it_paid_and_cash_the_rest(
    owner: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork
) -> None:
    product = await make_product(price="10.00")
    tenders = [tender_in(400, "card", reference="T-17"), tender_in(600)]
    sale = await sell(owner, sale_in(till, [line_in(product)], 1000, tenders=tenders))
    ways = [tender_in(400, "card", reference="R-17", card_last4="4242"), tender_in(600)]

    refund = await give_back(owner, refund_in(till, sale, [back_in(sale)], 1000, tenders=ways))

    assert [(way["kind"], way["amount_minor"], way["card_last4"]) for way in refund["tenders"]] == [
        ("card", 400, "4242"),
        ("cash", 600, None),
    ]
    assert await broken(uow, ALL) == {}


async def test_cash_is_rounded_and_all_of_it_comes_back_in_the_end(owner: Client, open_till: TillFactory) -> None:
    """Rule 8: 10.03 was paid with 10.05; 5.02 come back as 5.00, the rest as 5.05."""
    till = await open_till(
        cash_rounding={"increment_minor": 5, "due_tie": "half_up", "change_tie": "half_down", "above_minor": 0}
    )
    make = product_factory(owner, till)
    lines = [line_in(await make(price="5.02")), line_in(await make(price="5.01"))]
    sale = await sell(owner, sale_in(till, lines, 1003, tenders=[tender_in(1005)]))

    first = await give_back(owner, refund_in(till, sale, [back_in(sale, 0)], 502, tenders=[tender_in(500)]))
    last = await give_back(owner, refund_in(till, sale, [back_in(sale, 1)], 501, tenders=[tender_in(505)]))

    assert [(one["total_minor"], one["cash_rounding_minor"], one["payable_minor"]) for one in (first, last)] == [
        (502, -2, 500),
        (501, 4, 505),
    ]


async def test_a_refund_in_cash_leaves_the_drawer_and_the_shift_closes_right(
    owner: Client, till: Till, three_for_ten: dict[str, Any]
) -> None:
    """Rule 21: of 100.00 and 10.00 taken, 3.33 were given back."""
    await give_back(owner, refund_in(till, three_for_ten, [back_in(three_for_ten)], 333))

    answer = await owner.post(f"/api/v1/pos/shifts/{till.shift_id}/close", json={"counted_minor": 10667})

    shift = answer.json()
    assert (shift["expected_minor"], shift["difference_minor"]) == (10667, 0)
    assert (shift["sales_count"], shift["refunds_count"], shift["refunded_minor"]) == (1, 1, 333)
    assert (shift["takings_minor"], shift["cash_minor"], shift["card_minor"]) == (667, 667, 0)


async def test_goods_come_back_at_another_register_in_its_own_shift(
    owner: Client, till: Till, three_for_ten: dict[str, Any]
) -> None:
    """Rule 17: the series of the register at which the money is given back."""
    other = await add_till(owner, till.store_id, "HS2")

    refund = await give_back(owner, refund_in(other, three_for_ten, [back_in(three_for_ten)], 333))

    assert (refund["receipt_number"], refund["shift_id"]) == ("HS2-000001", str(other.shift_id))
    closed = await owner.post(f"/api/v1/pos/shifts/{till.shift_id}/close", json={"counted_minor": 11000})
    assert closed.json()["difference_minor"] == 0


async def test_what_was_given_for_nothing_comes_back_for_nothing(
    owner: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork
) -> None:
    free = {"kind": "percent", "value": "100"}
    sale = await sell(
        owner, sale_in(till, [line_in(await make_product(stock="2"))], 0, discount=free, tenders=[tender_in(0)])
    )

    refund = await give_back(owner, refund_in(till, sale, [back_in(sale)], 0, tenders=[]))

    assert (refund["payable_minor"], refund["tenders"]) == (0, [])
    assert await uow.read_value("SELECT trim_scale(on_hand)::text FROM stock_level") == "2"


async def test_a_refund_is_published_and_on_record_with_its_reason(
    owner: Client, till: Till, three_for_ten: dict[str, Any], uow: UnitOfWork
) -> None:
    refund = await give_back(owner, refund_in(till, three_for_ten, [back_in(three_for_ten)], 333))

    payload = await uow.read_value("SELECT payload FROM mainstay_event WHERE name = 'pos.sale_refunded'")
    assert (payload["refund_id"], payload["sale_id"]) == (refund["id"], three_for_ten["id"])
    assert (payload["total_minor"], payload["receipt_number"]) == (333, "HS1-000002")
    [entry] = (await owner.get("/api/v1/audit/entries", params={"act": "pos.sale_refunded"})).json()["items"]
    assert (entry["object_id"], entry["reason"]) == (refund["id"], "Does not fit")


@pytest.fixture
async def device(owner: Client, cashier: Client, till: Till, make_client: ClientFactory) -> Client:
    """A till on which a cashier is signed in by PIN, who gives no money back alone; the owner has a PIN too."""
    tablet = make_client()
    await enrol_till(owner, till.register_id, tablet)
    await set_pin(cashier)
    await set_pin(owner, OWNERS_PIN)
    await sign_in_by_pin(tablet, cashier)
    return tablet


async def approval(device: Client, refund: dict[str, Any], approver: Client) -> dict[str, str]:
    """Have somebody approve a refund; return the header that carries the approval."""
    body = {"refund": refund, "approver_id": str(approver.person_id), "pin": OWNERS_PIN}
    answer = await device.post(f"{REFUNDS}/approvals", json=body)
    assert answer.status_code == 201, answer.text
    return {"X-Approval": answer.json()["token"]}


async def test_a_cashier_gives_money_back_with_an_approval_of_exactly_this_refund(
    device: Client, owner: Client, cashier: Client, till: Till, three_for_ten: dict[str, Any], uow: UnitOfWork
) -> None:
    wanted = refund_in(till, three_for_ten, [back_in(three_for_ten)], 333)
    await refused(device, wanted, 403, "identity.approval_needed")
    header = await approval(device, wanted, owner)
    more = refund_in(till, three_for_ten, [back_in(three_for_ten, quantity="2")], 667, id=wanted["id"])
    answer = await device.post(REFUNDS, json=more, headers=header)
    assert answer.json()["code"] == "identity.approval_refused"

    answer = await device.post(REFUNDS, json=wanted, headers=header)

    assert answer.status_code == 201, answer.text
    refund = answer.json()
    assert refund["cashier_name"].startswith("Cashier")
    assert refund["approved_by_name"].startswith("Owner")
    entry = await uow.read_row("SELECT actor_id, approver_id FROM audit_entry WHERE act = 'pos.sale_refunded'")
    assert entry is not None
    assert (entry["actor_id"], entry["approver_id"]) == (cashier.person_id, owner.person_id)
    again = refund_in(till, three_for_ten, [back_in(three_for_ten)], 334)
    assert (await device.post(REFUNDS, json=again, headers=header)).json()["code"] == "identity.approval_refused"


async def test_who_may_give_money_back_needs_no_approval_and_a_pin_opens_its_own_till(
    device: Client, owner: Client, till: Till, three_for_ten: dict[str, Any]
) -> None:
    other = await add_till(owner, till.store_id, "HS2")
    elsewhere = refund_in(other, three_for_ten, [back_in(three_for_ten)], 333)
    body = {"refund": elsewhere, "approver_id": str(owner.person_id), "pin": OWNERS_PIN}

    await refused(device, elsewhere, 403, "pos.other_register")
    assert (await device.post(f"{REFUNDS}/approvals", json=body)).json()["code"] == "pos.other_register"
    answer = await owner.post(f"{REFUNDS}/approvals", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "pos.nothing_to_approve")


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE pos_refund SET reason = 'Other'",
        "DELETE FROM pos_refund_line",
        "UPDATE pos_refund_payment SET amount_minor = 1",
        "TRUNCATE pos_refund_tax",
    ],
)
async def test_a_refund_is_never_changed(
    owner: Client, till: Till, three_for_ten: dict[str, Any], open_work: WorkOpener, act: str
) -> None:
    """Rule 16: the program has no right to, and whoever has is kept from it by triggers."""
    await give_back(owner, refund_in(till, three_for_ten, [back_in(three_for_ten)], 333))

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with open_work(SYSTEM) as uow:
            await uow.write(act)
    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        async with open_work(SYSTEM) as uow, as_owner(uow):
            await uow.write(act)


async def test_the_sales_of_others_are_refunded_by_who_reaches_them(
    owner: Client, sign_in_as: SignIn, till: Till, product: Product, uow: UnitOfWork
) -> None:
    """A manager who reaches only what they sold themselves gives nothing back of what others sold."""
    sale = await sell(owner, sale_in(till, [line_in(product)], 249))
    await uow.write("""UPDATE identity_role SET extents = '{"pos.sales": "own"}' WHERE key = 'manager'""")
    await uow.commit()
    manager = await sign_in_as("manager")

    await refused(manager, refund_in(till, sale, [back_in(sale)], 249), 404, "pos.unknown_sale")
    own = await sell(manager, sale_in(till, [line_in(product)], 249))
    assert (await give_back(manager, refund_in(till, own, [back_in(own)], 249)))["payable_minor"] == 249


@pytest.fixture
async def product(make_product: ProductFactory) -> Product:
    """Something for 2.49."""
    return await make_product()
