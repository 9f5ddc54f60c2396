"""What holds of stock holds after real movements, and not when the ledger tells of others."""

from holding import broken, figure
from shopfloor import ProductFactory, Till, line_in, sale_in, sell

from mainstay.testing.client import Client
from mainstay.testing.database import as_owner
from mainstay.work import UnitOfWork
from tradepost.stock.invariants import ALL, MOVED


async def test_they_hold_for_a_store_that_sold_and_counted(
    owner: Client, uow: UnitOfWork, till: Till, make_product: ProductFactory
) -> None:
    product = await make_product(stock="7")
    await sell(owner, sale_in(till, [line_in(product, "2")], 498))

    assert await broken(uow, ALL) == {}
    assert (await figure(uow, MOVED)).endswith(" and 5")


async def test_a_movement_that_is_another_breaks_them(uow: UnitOfWork, make_product: ProductFactory) -> None:
    product = await make_product(stock="7")

    async with as_owner(uow):
        await uow.write("ALTER TABLE stock_movement DISABLE TRIGGER USER")
        await uow.write("UPDATE stock_movement SET quantity = 6")

    assert (await broken(uow, ALL))["stock.levels_are_sums"] == [str(product.variant_id)]
    assert "stock.balances_follow" in await broken(uow, ALL)
