"""Guards of refunds are taken away one by one: each time money leaves that should not (see test_mutants.py)."""

import asyncio
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from breaking import break_function
from shopfloor import ProductFactory, Till, back_in, line_in, refund_in, sale_in, sell, tender_in
from shopfloor.services import held_stock, manager, seller, set_up_things, set_up_till

from mainstay import ids
from mainstay.errors import DomainError
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, Row, UnitOfWork, WorkOpener
from tradepost.pos.repository import refunds
from tradepost.pos.schemas.refunds import RefundIn
from tradepost.pos.schemas.sales import SaleIn
from tradepost.pos.service import checkout, refunding
from tradepost.stock.schemas import AdjustmentIn
from tradepost.stock.service import adjust


async def test_without_the_limit_in_the_database_a_stale_look_gives_goods_back_twice(
    owner: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rule 14: the program believes that nothing has come back yet."""
    sale = await sell(owner, sale_in(till, [line_in(await make_product(stock="5"))], 249))
    row = await refunds.sale_left(uow, UUID(sale["id"]))

    async def stale(*_: object) -> Row | None:
        return row

    monkeypatch.setattr(refunds, "sale_left", stale)

    async def bring_back() -> int:
        return (await owner.post("/api/v1/pos/refunds", json=refund_in(till, sale, [back_in(sale)], 249))).status_code

    assert [await bring_back(), await bring_back()] == [201, 500]

    await break_function(uow, "pos_limit_refund", "IF EXISTS (", "IF false AND EXISTS (")
    assert await bring_back() == 500
    await break_function(uow, "pos_limit_refunded_line", "RAISE EXCEPTION", "RAISE NOTICE")

    assert await bring_back() == 201
    assert await uow.read_value("SELECT sum(payable_minor)::int FROM pos_refund") == 2 * sale["payable_minor"]


async def test_without_the_sum_check_of_refunds_a_wrong_receipt_is_written(
    owner: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rule 15: a fault that tells the tax office of a cent less than the lines."""
    sale, amounts = await sell(owner, sale_in(till, [line_in(await make_product(), "2")], 498)), refunding._amounts

    def wrong(*given: Any) -> dict[str, Any]:  # noqa: ANN401  whatever the original takes
        right = amounts(*given)
        return right | {"net_minor": right["net_minor"] + 1, "tax_minor": right["tax_minor"] - 1}

    async def bring_back() -> int:
        return (await owner.post("/api/v1/pos/refunds", json=refund_in(till, sale, [back_in(sale)], 249))).status_code

    monkeypatch.setattr(refunding, "_amounts", wrong)
    assert await bring_back() == 500

    await break_function(uow, "pos_refund", "PERFORM pos_assert_refund_sums(refund_uuid);", "")

    assert await bring_back() == 201


async def test_without_the_comparison_another_refund_gets_the_first_ones_answer(
    owner: Client, till: Till, make_product: ProductFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rule 18: the money of two pieces would be handed out, and that of one booked."""
    sale = await sell(owner, sale_in(till, [line_in(await make_product(), "9")], 2241))

    async def twice() -> list[int]:
        key = str(ids.new_id())
        asked = [
            refund_in(till, sale, [back_in(sale, quantity=quantity)], total, id=key)
            for quantity, total in (("1", 249), ("2", 498))
        ]
        return [(await owner.post("/api/v1/pos/refunds", json=one)).status_code for one in asked]

    assert await twice() == [201, 409]

    monkeypatch.setattr(refunding, "content_hash_of", lambda _wanted: "the same")

    assert await twice() == [201, 201]


async def test_without_the_look_at_the_right_a_cashier_gives_money_back_alone(
    cashier: Client, till: Till, make_product: ProductFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    sale = await sell(cashier, sale_in(till, [line_in(await make_product(), "2")], 498))

    async def bring_back() -> int:
        asked = refund_in(till, sale, [back_in(sale)], 249)
        return (await cashier.post("/api/v1/pos/refunds", json=asked)).status_code

    assert await bring_back() == 403

    async def nobody(*_: object) -> None:
        return None

    monkeypatch.setattr(refunding, "_leave", nobody)

    assert await bring_back() == 201


async def test_without_the_sales_lock_two_tills_give_the_same_goods_back(committed: WorkOpener) -> None:
    """Rule 14: at one moment, in a shop with two tills; the money of one piece leaves twice."""
    store_id, [thing] = await set_up_things(committed, 1)
    tills = [await set_up_till(committed, store_id, code) for code in ("HS1", "HS2")]
    async with committed(SYSTEM) as uow:
        counted = AdjustmentIn(
            id=ids.new_id(), store_id=store_id, variant_id=thing, quantity=Decimal(9), note="Counted"
        )
        await adjust(uow, counted)

    async def give_back(sale: dict[str, Any], till: Till) -> str:
        wanted = RefundIn.model_validate(refund_in(till, sale, [back_in(sale)], 249))
        try:
            async with committed(manager()) as uow:
                return (await refunding.refund(uow, wanted)).refund.receipt_number
        except DomainError as refusal:
            return refusal.code

    async def both() -> list[str]:
        line = {"id": str(ids.new_id()), "variant_id": str(thing), "quantity": "1"}
        sale = sale_in(tills[0], [line], 249, tenders=[tender_in(249)])
        async with committed(seller()) as uow:
            await checkout.checkout(uow, SaleIn.model_validate(sale))
        async with held_stock(committed, thing) as queue:
            one = asyncio.create_task(give_back(sale, tills[0]))
            await queue.reaches(1)
            two = asyncio.create_task(give_back(sale, tills[1]))
            await queue.reaches(2)
        return [await one, await two]

    assert await both() == ["HS1-000002", "pos.refund_too_much"]

    async with committed(SYSTEM) as uow:
        lock = "pg_advisory_xact_lock(hashtextextended(sale::text, 0))"
        await break_function(uow, "pos_lock_sale", lock, "NULL::void")

    assert await both() == ["HS1-000004", "HS2-000001"]
