"""At a till that takes PINs: discounts that somebody else approves, and sales that keep who rang them up."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from shopfloor import (
    Product,
    ProductFactory,
    Till,
    add_till,
    assert_refused,
    line_in,
    nothing_sold,
    sale_in,
    sell,
)
from shopfloor.pins import OWNERS_PIN, enrol_till, set_pin, sign_in_by_pin

from mainstay.testing.client import Client
from mainstay.testing.clients import ClientFactory
from mainstay.work import Row, UnitOfWork
from tradepost.pos.repository import sales

SignIn = Callable[[str], Awaitable[Client]]
SALES, APPROVALS = "/api/v1/pos/sales", "/api/v1/pos/sales/approvals"
HALF = {"kind": "percent", "value": "50"}
WITHOUT_DISCOUNT = """
UPDATE identity_role SET permissions = '{pos.sell,pos.read_sales,shop.read}', known_permissions = '{pos.discount}'
WHERE key = 'cashier'
"""
MANAGERS_PIN = "60482"
OWN_SALES_ALONE = """UPDATE identity_role SET extents = '{"pos.sales": "own"}' WHERE key = 'cashier'"""


@pytest.fixture
async def product(make_product: ProductFactory) -> Product:
    """Something for ten euros."""
    return await make_product(price="10.00", stock="100")


@pytest.fixture
async def device(owner: Client, cashier: Client, till: Till, make_client: ClientFactory, uow: UnitOfWork) -> Client:
    """A till on which a cashier is signed in by PIN who may give no discounts; the owner has a PIN too."""
    await uow.write(WITHOUT_DISCOUNT)
    await uow.commit()
    tablet = make_client()
    await enrol_till(owner, till.register_id, tablet)
    await set_pin(cashier)
    await set_pin(owner, OWNERS_PIN)
    await sign_in_by_pin(tablet, cashier)
    return tablet


def reduced(till: Till, product: Product, **changed: object) -> dict[str, Any]:
    """Return a ticket of ten euros with half of it off."""
    return sale_in(till, [line_in(product)], 500, discount=HALF, **changed)


async def approved(device: Client, sale: dict[str, Any], approver: Client, pin: str = OWNERS_PIN) -> dict[str, str]:
    """Have somebody approve a ticket; return the header that carries the approval."""
    body = {"sale": sale, "approver_id": str(approver.person_id), "pin": pin}
    answer = await device.post(APPROVALS, json=body)
    assert answer.status_code == 201, answer.text
    return {"X-Approval": answer.json()["token"]}


@pytest.mark.practice(33)
async def test_an_approved_discount_names_cashier_and_approver_on_the_sale_and_in_the_trail(
    device: Client, owner: Client, cashier: Client, till: Till, product: Product, uow: UnitOfWork
) -> None:
    sale = reduced(till, product)
    await assert_refused(device, sale, 403, "identity.approval_needed")
    assert await nothing_sold(uow)

    header = await approved(device, sale, owner)
    answer = await device.post(SALES, json=sale, headers=header)

    assert answer.status_code == 201, answer.text
    sold = answer.json()
    assert sold["cashier_name"].startswith("Cashier")
    assert sold["approved_by_name"].startswith("Owner")
    assert (await device.get(f"{SALES}/{sale['id']}")).json()["approved_by_name"] == sold["approved_by_name"]
    entry = await uow.read_row(
        "SELECT actor_id, approver_id FROM audit_entry WHERE act = 'pos.sale_approved' AND object_id = $1", sale["id"]
    )
    assert entry is not None
    assert (entry["actor_id"], entry["approver_id"]) == (cashier.person_id, owner.person_id)


async def test_a_repeated_call_gets_its_answer_though_the_approval_is_used(
    device: Client, owner: Client, till: Till, product: Product
) -> None:
    """Rule 18: the same id and content is the same sale, for ever."""
    sale = reduced(till, product)
    header = await approved(device, sale, owner)

    first = await device.post(SALES, json=sale, headers=header)
    again = await device.post(SALES, json=sale, headers=header)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"


async def test_an_approval_is_for_the_ticket_as_it_was_shown(
    device: Client, owner: Client, till: Till, product: Product, uow: UnitOfWork
) -> None:
    sale = reduced(till, product)
    header = await approved(device, sale, owner)
    changed = (
        sale | {"discount": {"kind": "percent", "value": "90"}, "expected_total_minor": 100},
        reduced(till, product),
        reduced(till, product, id=sale["id"]),
    )

    for other in changed:
        answer = await device.post(SALES, json=other, headers=header)
        assert (answer.status_code, answer.json()["code"]) == (403, "identity.approval_refused")
    assert await nothing_sold(uow)
    assert (await device.post(SALES, json=sale, headers=header)).status_code == 201


async def test_a_sale_that_fails_leaves_no_trace_and_its_approval(
    device: Client, owner: Client, till: Till, product: Product, uow: UnitOfWork
) -> None:
    sale = sale_in(till, [line_in(product, "200")], 100_000, discount=HALF)
    header = await approved(device, sale, owner)

    answer = await device.post(SALES, json=sale, headers=header)

    assert (answer.status_code, answer.json()["code"]) == (409, "pos.not_enough_stock")
    assert await nothing_sold(uow)
    assert await uow.read_value("SELECT count(*) FROM identity_approval WHERE used_at IS NULL") == 1
    assert await uow.read_value("SELECT count(*) FROM pos_sale_approval") == 0


async def test_what_the_cashier_may_do_alone_needs_no_approval(
    device: Client, owner: Client, till: Till, product: Product
) -> None:
    sale = sale_in(till, [line_in(product)], 1000)

    body = {"sale": sale, "approver_id": str(owner.person_id), "pin": OWNERS_PIN}
    answer = await device.post(APPROVALS, json=body)

    assert (answer.status_code, answer.json()["code"]) == (409, "pos.nothing_to_approve")
    assert (await sell(device, sale))["approved_by_name"] is None


async def test_without_a_pin_session_a_discount_is_refused_as_before(
    device: Client, cashier: Client, till: Till, product: Product
) -> None:
    problem = await assert_refused(cashier, reduced(till, product), 403, "not_allowed")

    assert problem["permission"] == "pos.discount"


async def test_a_pin_opens_one_register(device: Client, owner: Client, till: Till, product: Product) -> None:
    other = await add_till(owner, till.store_id, "HS2")
    sale = sale_in(other, [line_in(product)], 1000)

    await assert_refused(device, sale, 403, "pos.other_register")
    closed = await device.post(f"/api/v1/pos/shifts/{other.shift_id}/close", json={"counted_minor": 10_000})
    assert (closed.status_code, closed.json()["code"]) == (403, "pos.other_register")
    assert (
        await device.post(f"/api/v1/pos/shifts/{till.shift_id}/close", json={"counted_minor": 1})
    ).status_code == 200


async def test_a_pin_takes_nothing_out_as_a_file(device: Client, owner: Client) -> None:
    await sign_in_by_pin(device, owner, OWNERS_PIN)

    for path in ("sales.csv", "shifts.csv"):
        assert (await device.get(f"/api/v1/pos/{path}")).status_code == 403
        assert (await owner.get(f"/api/v1/pos/{path}")).status_code == 200
    for path in ("catalog/variants", "crm/contacts", "insight/today", "audit/entries", "pos/sales"):
        assert (await device.get(f"/api/v1/{path}")).status_code == (200 if path == "pos/sales" else 403), path


async def test_a_sale_rung_up_before_the_lock_keeps_its_cashier(
    device: Client, owner: Client, cashier: Client, till: Till, product: Product
) -> None:
    """An offline till sends what it has when the next cashier is signed in."""
    mark = (await device.get("/api/v1/identity/session")).json()["station"]["mark"]
    sale = sale_in(till, [line_in(product)], 1000, rung_up_by=mark)
    await sign_in_by_pin(device, owner, OWNERS_PIN)

    sold = await sell(device, sale)
    own = await sell(device, sale_in(till, [line_in(product)], 1000))

    assert sold["cashier_name"].startswith("Cashier")
    assert own["cashier_name"].startswith("Owner")
    assert await sell(device, sale) == sold


@pytest.fixture
async def manager(sign_in_as: SignIn) -> Client:
    """A manager, who may give discounts, with a PIN."""
    client = await sign_in_as("manager")
    await set_pin(client, MANAGERS_PIN)
    return client


async def mark_of(device: Client, person: Client, pin: str) -> str:
    """Sign somebody in at the till; return the mark of what they ring up."""
    session = await sign_in_by_pin(device, person, pin)
    mark: str = session["station"]["mark"]
    return mark


async def told_of_marks(owner: Client) -> list[dict[str, Any]]:
    """Return what the trail tells of discounts that a mark alone allowed."""
    answer = await owner.get("/api/v1/audit/entries", params={"act": "pos.discount_by_mark"})
    assert answer.status_code == 200, answer.text
    entries: list[dict[str, Any]] = answer.json()["items"]
    return entries


async def test_a_discount_that_the_mark_alone_allows_is_told_of_with_who_sent_it(
    device: Client, manager: Client, cashier: Client, owner: Client, till: Till, product: Product
) -> None:
    mark = await mark_of(device, manager, MANAGERS_PIN)
    sale = reduced(till, product, rung_up_by=mark)
    await sign_in_by_pin(device, cashier)

    sold = await sell(device, sale)
    assert await sell(device, sale) == sold

    assert (sold["cashier_name"][:7], sold["approved_by_name"]) == ("Manager", None)
    (entry,) = await told_of_marks(owner)
    assert (entry["actor"]["id"], entry["object_id"]) == (str(cashier.person_id), sale["id"])
    assert entry["new"]["cashier_id"] == str(manager.person_id)
    assert entry["new"]["discount_minor"] == 500


async def test_the_mark_of_a_manager_who_was_deactivated_allows_nothing(
    device: Client, manager: Client, cashier: Client, till: Till, product: Product, uow: UnitOfWork
) -> None:
    mark = await mark_of(device, manager, MANAGERS_PIN)
    await sign_in_by_pin(device, cashier)
    await uow.write("UPDATE identity_person SET is_active = false WHERE id = $1", manager.person_id)
    await uow.commit()
    discount = {"kind": "percent", "value": "90"}

    sale = sale_in(till, [line_in(product)], 100, discount=discount, rung_up_by=mark)

    await assert_refused(device, sale, 403, "identity.approval_needed")
    assert await nothing_sold(uow)


async def test_nothing_is_told_of_a_mark_that_was_not_needed(
    device: Client, manager: Client, cashier: Client, owner: Client, till: Till, product: Product
) -> None:
    mark = await mark_of(device, manager, MANAGERS_PIN)
    await sign_in_by_pin(device, cashier)
    await sell(device, sale_in(till, [line_in(product)], 1000, rung_up_by=mark))
    await sign_in_by_pin(device, owner, OWNERS_PIN)
    await sell(device, reduced(till, product, rung_up_by=mark))

    assert await told_of_marks(owner) == []


@pytest.fixture
async def unanswered(
    device: Client, sign_in_as: SignIn, till: Till, product: Product, uow: UnitOfWork
) -> dict[str, Any]:
    """A sale whose answer got lost, on a till where the next cashier is signed in; they see their own sales alone."""
    await uow.write(OWN_SALES_ALONE)
    await uow.commit()
    mark = (await device.get("/api/v1/identity/session")).json()["station"]["mark"]
    sale = sale_in(till, [line_in(product)], 1000, rung_up_by=mark)
    await sell(device, sale)
    following = await sign_in_as("cashier")
    await set_pin(following)
    await sign_in_by_pin(device, following)
    return sale


async def test_a_sale_that_the_next_cashier_sends_again_is_not_sold_twice(
    device: Client, unanswered: dict[str, Any], uow: UnitOfWork
) -> None:
    """Rule 18: were it answered that the id is another's, the till would sell the ticket under a new one."""
    again = await device.post(SALES, json=unanswered)

    assert (again.status_code, again.headers.get("Idempotent-Replayed")) == (201, "true"), again.text
    assert await uow.read_value("SELECT count(*) FROM pos_sale") == 1
    assert (await device.get(f"{SALES}/{unanswered['id']}")).status_code == 404
    assert (await device.get(SALES)).json()["items"] == []
    other = unanswered | {"expected_total_minor": 999}
    await assert_refused(device, other, 409, "pos.sale_id_reused")


async def test_without_the_look_past_their_own_the_next_cashier_is_told_that_the_sale_is_anothers(
    device: Client, unanswered: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: a repeated sale is looked for among those that one may see."""
    assert (await device.post(SALES, json=unanswered)).status_code == 201

    async def among_those_seen(uow: UnitOfWork, sale_id: UUID) -> Row | None:
        row = await found(uow, sale_id)
        return row if row is not None and row["cashier_id"] == uow.actor.id else None

    found = sales.sent_before
    monkeypatch.setattr(sales, "sent_before", among_those_seen)

    await assert_refused(device, unanswered, 409, "pos.sale_id_reused")


async def test_a_forged_mark_makes_nobody_else_the_cashier(
    device: Client, owner: Client, till: Till, product: Product
) -> None:
    mark = (await device.get("/api/v1/identity/session")).json()["station"]["mark"]
    assert owner.person_id is not None
    forged = owner.person_id.hex + mark[32:]

    sold = await sell(device, sale_in(till, [line_in(product)], 1000, rung_up_by=forged))

    assert sold["cashier_name"].startswith("Cashier")


async def test_an_archived_register_takes_no_pins_and_opens_no_more(device: Client, owner: Client, till: Till) -> None:
    path = f"/api/v1/pos/registers/{till.register_id}/archive"
    early = await owner.post(path)
    assert (early.status_code, early.json()["code"]) == (409, "pos.register_open")
    await device.post(f"/api/v1/pos/shifts/{till.shift_id}/close", json={"counted_minor": 10_000})

    assert (await owner.post(path)).status_code == 204
    assert (await owner.post(path)).status_code == 204

    assert (await device.get("/api/v1/identity/station")).json()["station"] is None
    assert (await device.get("/api/v1/pos/registers")).status_code == 401
    assert (await owner.get("/api/v1/pos/registers")).json()["items"] == []
    shift = {"id": str(till.store_id), "register_id": str(till.register_id), "float_minor": 0}
    reopened = await owner.post("/api/v1/pos/shifts", json=shift)
    assert (reopened.status_code, reopened.json()["code"]) == (404, "pos.unknown_register")
