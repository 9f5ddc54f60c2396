"""What holds of sales holds after real ones, by cash and card; the faults are in tests/versions/test_upgrade.py."""

from holding import broken, figure
from shopfloor import ProductFactory, Till, back_in, give_back, line_in, refund_in, sale_in, sell, tender_in

from mainstay.testing.client import Client
from mainstay.testing.database import as_owner
from mainstay.work import UnitOfWork
from tradepost.pos.invariants import ALL, GIVEN_BACK, TAKEN


async def test_they_hold_for_a_till_that_sold(
    owner: Client, uow: UnitOfWork, till: Till, make_product: ProductFactory
) -> None:
    product = await make_product()
    assert await broken(uow, ALL) == {}
    for tenders in ([tender_in(249)], [tender_in(200, "card"), tender_in(100)]):
        await sell(owner, sale_in(till, [line_in(product)], 249, tenders=tenders))

    assert await broken(uow, ALL) == {}
    assert '"sales": 2' in await figure(uow, TAKEN)
    assert '"payable": 498' in await figure(uow, TAKEN)


async def test_a_changed_payment_and_a_cut_journal_break_them(
    owner: Client, uow: UnitOfWork, till: Till, make_product: ProductFactory
) -> None:
    sale = await sell(owner, sale_in(till, [line_in(await make_product())], 249))

    async with as_owner(uow):
        for table in ("pos_payment", "pos_journal"):
            await uow.write(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        await uow.write("UPDATE pos_payment SET amount_minor = 248")
        await uow.write("DELETE FROM pos_journal WHERE kind = 'sale'")

    assert await broken(uow, ALL) == {
        "pos.parts_add_up": [sale["receipt_number"]],
        "pos.journal_is_whole": ["HS1 end"],
    }


async def test_they_hold_after_refunds_and_see_what_a_refund_got_wrong(
    owner: Client, uow: UnitOfWork, till: Till, make_product: ProductFactory
) -> None:
    sale = await sell(owner, sale_in(till, [line_in(await make_product(), "2")], 498))
    refund = await give_back(owner, refund_in(till, sale, [back_in(sale)], 249))
    await owner.post(f"/api/v1/pos/shifts/{till.shift_id}/close", json={"counted_minor": 10249})
    assert await broken(uow, ALL) == {}
    assert '"payable": 249' in await figure(uow, GIVEN_BACK)

    async with as_owner(uow):
        for table in ("pos_refund", "pos_refund_line"):
            await uow.write(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        await uow.write("UPDATE pos_refund_line SET quantity = 3")
        await uow.write(
            "UPDATE pos_refund SET cash_minor = 250, payable_minor = 250, cash_rounding_minor = 1, number = 9"
        )

    assert await broken(uow, ALL) == {
        "pos.drawers_add_up": [f"HS1 {(await uow.read_value('SELECT opened_at::text FROM pos_shift'))}"],
        "pos.numbers_follow": ["HS1"],
        "pos.refund_parts_add_up": [refund["receipt_number"]],
        "pos.refunds_within_sales": [f"{sale['receipt_number']} 0"],
    }
