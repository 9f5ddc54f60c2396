"""The rules of stock apart from its routes: corrections side by side, and what they announce."""

import asyncio
from decimal import Decimal
from uuid import UUID

import pytest
from shopfloor import ProductFactory, Till
from shopfloor.services import set_up_things

from mainstay import ids
from mainstay.db.grammar import Asked
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener
from tradepost.stock import service
from tradepost.stock.schemas import AdjustmentIn


def adjustment(store_id: UUID, variant_id: UUID, quantity: str = "5") -> AdjustmentIn:
    """Return a correction."""
    return AdjustmentIn(
        id=ids.new_id(), store_id=store_id, variant_id=variant_id, quantity=Decimal(quantity), note="Counted"
    )


async def test_a_correction_is_announced(uow: UnitOfWork, till: Till, make_product: ProductFactory) -> None:
    product = await make_product()
    correction = adjustment(till.store_id, product.variant_id, "-0.500")

    await service.adjust(uow, adjustment(till.store_id, product.variant_id))
    await service.adjust(uow, correction)
    await uow.commit()

    rows = await uow.read("SELECT payload FROM mainstay_event WHERE name = 'stock.adjusted' ORDER BY position")
    assert rows[1]["payload"] == {
        "adjustment_id": str(correction.id),
        "store_id": str(till.store_id),
        "variant_id": str(product.variant_id),
        "quantity": "-0.500",
    }


async def test_the_newest_rows_of_the_ledger_come_first(
    uow: UnitOfWork, till: Till, make_product: ProductFactory
) -> None:
    product = await make_product()
    for quantity in ("1", "2", "3"):
        await service.adjust(uow, adjustment(till.store_id, product.variant_id, quantity))

    page = await service.movements(uow, (till.store_id, product.variant_id), Asked(), None, 1)

    assert [(row.quantity, page.total) for row in page.items] == [(Decimal(3), 3)]
    assert page.next_cursor is not None


@pytest.mark.practice(45)
async def test_the_same_correction_five_times_at_once_is_booked_once(committed: WorkOpener) -> None:
    """Rule 10: a client that retries while its first call is still under way moves the stock once."""
    store_id, (thing,) = await set_up_things(committed, 1)
    correction = adjustment(store_id, thing)

    async def adjust_apart() -> None:
        async with committed(SYSTEM) as uow:
            await service.adjust(uow, correction)

    await asyncio.gather(*(adjust_apart() for _ in range(5)))

    async with committed(SYSTEM) as uow:
        assert await service.levels(uow, store_id, [thing]) == {thing: 5}
