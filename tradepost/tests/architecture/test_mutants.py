"""Guards of money, stock and access are taken away one by one: each time what they guard against really happens.

Every test first sees the guard hold, then breaks it and sees the harm. A guard that could go without harm, or a
scenario that could not tell, would turn up here.
"""

import asyncio
from collections.abc import Awaitable
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from breaking import break_function
from cards_read import picture
from shopfloor import ProductFactory, Till, back_in, give_back, line_in, refund_in, sale_in, sell, tender_in
from shopfloor.services import held_stock, seller, set_up_things, set_up_till

from mainstay import clock, ids
from mainstay.errors import DomainError
from mainstay.testing.client import Client
from mainstay.testing.database import as_owner
from mainstay.web import routing
from mainstay.web.csrf import CsrfGuard
from mainstay.work import SYSTEM, Actor, UnitOfWork, WorkOpener
from tradepost.money.tender import Settlement
from tradepost.money.ticket import PricedTicket
from tradepost.pos.repository import tills
from tradepost.pos.schemas.sales import SaleIn, ShiftIn
from tradepost.pos.service import checkout, shifts
from tradepost.stock import repository as stock
from tradepost.stock.schemas import AdjustmentIn
from tradepost.stock.service import adjust

SALES = "/api/v1/pos/sales"


# -- in one browser, one after the other -------------------------------------------------------------------------------


async def test_without_the_shortage_check_more_leaves_than_was_there(
    cashier: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork
) -> None:
    """Rules 11 and 12."""
    product = await make_product(stock="2")

    async def oversell() -> int:
        return (await cashier.post(SALES, json=sale_in(till, [line_in(product, "3")], 747))).status_code

    assert await oversell() == 409

    await break_function(uow, "stock_post", "IF NOT may_oversell THEN", "IF false THEN")

    assert await oversell() == 201
    assert await uow.read_value("SELECT on_hand FROM stock_level") == -1


async def test_without_the_sum_check_a_wrong_receipt_is_written(
    cashier: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 4 to 7: a pricing fault that moves a cent from the tax to the net."""
    product, amounts = await make_product(), checkout._amounts

    def wrong(priced: PricedTicket, settlement: Settlement) -> dict[str, Any]:
        right = amounts(priced, settlement)
        return right | {"net_minor": right["net_minor"] + 1, "tax_minor": right["tax_minor"] - 1}

    async def missell() -> int:
        return (await cashier.post(SALES, json=sale_in(till, [line_in(product)], 249))).status_code

    monkeypatch.setattr(checkout, "_amounts", wrong)
    assert await missell() == 500

    await break_function(uow, "pos_checkout", "PERFORM pos_assert_sums(sale_uuid);", "")

    assert await missell() == 201
    missing = await uow.read_value(
        "SELECT line.tax_minor - sale.tax_minor FROM pos_sale AS sale, pos_sale_line AS line"
    )
    assert missing == 1


async def test_without_the_comparison_another_ticket_gets_the_first_ones_answer(
    cashier: Client, till: Till, make_product: ProductFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rule 18: the second customer's goods would be handed out unbooked."""
    product, key = await make_product(), str(ids.new_id())

    async def sell(quantity: str, total: int) -> int:
        answer = await cashier.post(SALES, json=sale_in(till, [line_in(product, quantity)], total, id=key))
        return answer.status_code

    assert [await sell("1", 249), await sell("2", 498)] == [201, 409]

    known = await cashier.get(f"{SALES}/{key}")
    monkeypatch.setattr(checkout, "content_hash_of", lambda _sale: "the same")
    key = str(ids.new_id())

    assert [await sell("1", 249), await sell("2", 498)] == [201, 201]
    assert (await cashier.get(f"{SALES}/{key}")).json()["total_minor"] == known.json()["total_minor"]


@pytest.mark.parametrize(
    ("table", "trigger", "act"),
    [
        ("pos_refund", "pos_refund_append_only", "UPDATE pos_refund SET reason = 'Other'"),
        ("pos_sale", "pos_sale_append_only", "UPDATE pos_sale SET cashier_name = 'Somebody else'"),
        ("pos_journal", "pos_journal_append_only", "DELETE FROM pos_journal"),
        ("stock_movement", "stock_movement_append_only", "UPDATE stock_movement SET quantity = 9"),
        ("stock_level", "stock_level_guard", "UPDATE stock_level SET on_hand = 9"),
    ],
)
async def test_without_its_trigger_history_can_be_rewritten(
    cashier: Client,
    owner: Client,
    till: Till,
    make_product: ProductFactory,
    open_work: WorkOpener,
    table: str,
    trigger: str,
    act: str,
) -> None:
    """Rules 10, 16 and 40."""
    sale = await sell(cashier, sale_in(till, [line_in(await make_product(stock="5"))], 249))
    await give_back(owner, refund_in(till, sale, [back_in(sale)], 249))

    async def rewrite() -> list[Any]:
        async with open_work(SYSTEM) as uow, as_owner(uow):
            return list(await uow.write(f"{act} RETURNING 1"))

    with pytest.raises(asyncpg.RestrictViolationError):
        await rewrite()

    async with open_work(SYSTEM) as uow, as_owner(uow):
        await uow.write(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")

    assert await rewrite()


async def test_without_the_permission_check_a_cashier_sees_and_does_everything(
    cashier: Client, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def attempt() -> list[int]:
        register = {"id": str(ids.new_id()), "store_id": str(till.store_id), "code": "HS2", "name": "Till 2"}
        answers = [
            await cashier.get("/api/v1/insight/today"),
            await cashier.post("/api/v1/pos/registers", json=register),
        ]
        return [answer.status_code for answer in answers]

    assert await attempt() == [403, 403]

    monkeypatch.setattr(Actor, "may", lambda _actor, _permission: True)

    assert await attempt() == [200, 201]


async def test_without_the_csrf_guard_a_foreign_page_can_close_the_till(
    owner: Client, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, body = f"/api/v1/pos/shifts/{till.shift_id}/close", {"counted_minor": 0}
    owner.csrf_token = None

    async def attempt() -> list[int]:
        answers = [
            await owner.post(path, json=body),
            await owner.post(path, json=body, headers={"Origin": "https://elsewhere.example"}),
        ]
        return [answer.status_code for answer in answers]

    assert await attempt() == [403, 403]

    monkeypatch.setattr(CsrfGuard, "_check", lambda _guard, _scope: None)

    assert await attempt() == [200, 200]


async def test_without_the_look_at_the_right_a_stranger_sees_the_picture_of_a_card(
    owner: Client, api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = "/api/v1/crm/card-photos"
    params = {"id": str(ids.new_id()), "batch_id": str(ids.new_id()), "filename": "card.png"}
    assert (await owner.post(path, params=params, content=picture())).status_code == 201

    async def seen(client: Client) -> list[int]:
        addresses = (path, f"{path}/{params['id']}/image", "/api/v1/crm/cards")
        return [(await client.get(address)).status_code for address in addresses]

    assert await seen(owner) == [200, 200, 200]
    assert await seen(api) == [401, 401, 401]

    async def let_in(*_: object) -> Actor:
        return SYSTEM

    monkeypatch.setattr(routing, "_permitted", let_in)

    assert await seen(api) == [200, 200, 200]


async def test_without_the_right_to_see_contacts_nobody_sees_the_picture_of_a_card(
    owner: Client, cashier: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = "/api/v1/crm/card-photos"
    params = {"id": str(ids.new_id()), "batch_id": str(ids.new_id()), "filename": "card.png"}
    await owner.post(path, params=params, content=picture())
    image = f"{path}/{params['id']}/image"
    may = Actor.may
    monkeypatch.setattr(Actor, "may", lambda actor, right: not right.startswith("crm.") and may(actor, right))

    assert (await cashier.get(image)).json()["code"] == "not_allowed"

    monkeypatch.setattr(Actor, "may", lambda _actor, _right: True)

    assert (await cashier.get(image)).status_code == 200


# -- side by side ------------------------------------------------------------------------------------------------------


class Scene:
    """A till and two products, the first with ten pieces: whoever sells it waits while its stock is held."""

    def __init__(self, open_work: WorkOpener, till: Till, things: list[UUID]) -> None:
        self.open_work = open_work
        self.till = till
        self.first, self.second = things

    @classmethod
    async def set_up(cls, open_work: WorkOpener) -> "Scene":
        """Set it up."""
        store_id, things = await set_up_things(open_work, 2)
        till = await set_up_till(open_work, store_id)
        async with open_work(SYSTEM) as uow:
            await adjust(uow, AdjustmentIn(
                id=ids.new_id(), store_id=store_id, variant_id=things[0], quantity=Decimal(10), note="Counted"
            ))  # fmt: skip
        return cls(open_work, till, things)

    def ticket(self, variant: UUID) -> SaleIn:
        """Return a ticket of one piece, paid exactly in cash."""
        line = {"id": str(ids.new_id()), "variant_id": str(variant), "quantity": "1"}
        return SaleIn.model_validate(sale_in(self.till, [line], 249, tenders=[tender_in(249)]))

    async def sell(self, ticket: SaleIn) -> str:
        """Sell a ticket; return its receipt number or the code of the refusal."""
        try:
            async with self.open_work(seller()) as uow:
                return (await checkout.checkout(uow, ticket)).sale.receipt_number
        except DomainError as refusal:
            return refusal.code

    async def close(self) -> int | None:
        """Close the shift; return the money that was expected."""
        async with self.open_work(SYSTEM) as uow:
            return (await shifts.close_shift(uow, self.till.shift_id, 0)).expected_minor

    async def while_selling(self, ticket: SaleIn, other: Awaitable[Any]) -> list[Any]:
        """Do something else while a ticket is in the middle of being sold; return both outcomes."""
        async with held_stock(self.open_work, self.first) as queue:
            selling = asyncio.create_task(self.sell(ticket))
            await queue.reaches(1)
            doing = asyncio.ensure_future(other)
            await queue.reaches(2)
        return [await selling, await doing]

    async def break_function(self, name: str, guard: str, instead: str) -> None:
        """Break a guard for all connections."""
        async with self.open_work(SYSTEM) as uow:
            await break_function(uow, name, guard, instead)


async def test_without_the_registers_lock_two_sales_take_one_number(committed: WorkOpener) -> None:
    """Rule 17."""
    scene = await Scene.set_up(committed)

    async def both() -> list[str]:
        return await scene.while_selling(scene.ticket(scene.first), scene.sell(scene.ticket(scene.second)))

    assert await both() == ["HS1-000001", "HS1-000002"]

    locked = "WHERE id = (sale ->> 'register_id')::uuid FOR UPDATE"
    await scene.break_function("pos_checkout", locked, locked.removesuffix(" FOR UPDATE"))

    assert await both() == ["HS1-000003", "pos.sale_id_reused"]


async def test_without_the_look_at_the_id_a_repeat_is_refused_instead_of_answered(committed: WorkOpener) -> None:
    """Rule 18: the sale is there, and the till would be told that it is not its own."""
    scene = await Scene.set_up(committed)

    async def twice() -> list[str]:
        ticket = scene.ticket(scene.first)
        return await scene.while_selling(ticket, scene.sell(ticket))

    assert await twice() == ["HS1-000001", "HS1-000001"]

    await scene.break_function(
        "pos_checkout", "IF EXISTS (SELECT FROM pos_sale WHERE id = sale_uuid) THEN", "IF false THEN"
    )

    assert await twice() == ["HS1-000002", "pos.sale_id_reused"]


async def test_without_its_lock_a_close_misses_the_sale_under_way(
    committed: WorkOpener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rule 21: the drawer would hold more than was expected."""
    scene = await Scene.set_up(committed)
    assert await scene.while_selling(scene.ticket(scene.first), scene.close()) == ["HS1-000001", 10249]

    unlocked = tills._LOCK_REGISTER.replace("FOR UPDATE OF register", "")
    monkeypatch.setattr(tills, "_LOCK_REGISTER", unlocked)
    async with committed(SYSTEM) as uow:
        shift = ShiftIn(id=ids.new_id(), register_id=scene.till.register_id, float_minor=10000)
        await shifts.open_shift(uow, shift)
    scene.till = Till(scene.till.store_id, scene.till.register_id, shift.id)

    assert await scene.while_selling(scene.ticket(scene.first), scene.close()) == ["HS1-000002", 10000]


async def test_without_an_order_of_locks_two_documents_dead_lock(committed: WorkOpener) -> None:
    """Rule 11."""
    store_id, things = await set_up_things(committed, 2)
    first, second = sorted(things)

    async def post(*variants: UUID) -> str:
        document = {
            "store_id": store_id,
            "kind": "adjustment",
            "source_kind": "adjustment",
            "source_id": ids.new_id(),
            "negative": "refuse",
            "starts_keeping": True,
        }
        try:
            async with committed(SYSTEM) as uow:
                await stock.post(uow, document, [(variant, Decimal(1)) for variant in variants], clock.now())
        except asyncpg.DeadlockDetectedError:
            return "dead lock"
        return "booked"

    async def crosswise() -> list[str]:
        async with held_stock(committed, first) as queue:
            one = asyncio.create_task(post(first, second))
            await queue.reaches(1)
            two = asyncio.create_task(post(second, first))
            await queue.reaches(2)
        return sorted([await one, await two])

    await post(first, second)
    assert await crosswise() == ["booked", "booked"]

    listed = "(SELECT (item ->> 'variant_id')::uuid FROM jsonb_array_elements(posting -> 'items') AS item)"
    in_any_order = f"ORDER BY array_position(ARRAY{listed}, variant_id) FOR UPDATE"
    async with committed(SYSTEM) as uow:
        await break_function(uow, "stock_post", "ORDER BY variant_id\n    FOR UPDATE", in_any_order)

    assert await crosswise() == ["booked", "dead lock"]
