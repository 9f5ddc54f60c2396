"""The constraints of stock, tried by plain SQL."""

from uuid import UUID

import asyncpg
import pytest
from shopfloor import ProductFactory, Till

from mainstay import ids
from mainstay.work import SYSTEM, WorkOpener

MOVE = """
INSERT INTO stock_movement
    (store_id, variant_id, kind, quantity, balance, source_kind, source_id, actor_name, happened_at)
VALUES ($1, $2, $3, $4, 0, 'adjustment', $5, 'Test', now())
"""


async def move(open_work: WorkOpener, till: Till, variant: UUID, kind: str, quantity: int) -> None:
    """Write a row into the ledger."""
    async with open_work(SYSTEM) as uow:
        await uow.write(MOVE, till.store_id, variant, kind, quantity, ids.new_id())


@pytest.mark.parametrize(
    ("kind", "quantity", "constraint"),
    [
        ("adjustment", 0, "ck_stock_movement_quantity_not_zero"),
        ("theft", 1, "ck_stock_movement_kind_listed"),
    ],
)
async def test_a_row_that_means_nothing_is_refused(
    open_work: WorkOpener, till: Till, make_product: ProductFactory, kind: str, quantity: int, constraint: str
) -> None:
    product = await make_product()

    with pytest.raises(asyncpg.CheckViolationError, match=constraint):
        await move(open_work, till, product.variant_id, kind, quantity)


async def test_a_level_below_zero_must_say_so(open_work: WorkOpener, till: Till, make_product: ProductFactory) -> None:
    """Rule 12."""
    product = await make_product(stock="1")

    with pytest.raises(asyncpg.CheckViolationError, match="ck_stock_level_negative_is_recorded"):
        async with open_work(SYSTEM) as uow:
            await uow.write("SELECT set_config('stock.posting', 'on', true)")
            await uow.write("UPDATE stock_level SET on_hand = -1 WHERE variant_id = $1", product.variant_id)


async def test_stock_is_of_things_that_exist(open_work: WorkOpener, till: Till) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="fk_stock_movement_variant_id"):
        await move(open_work, till, ids.new_id(), "adjustment", 1)
