"""What holds of the catalogue holds after real changes, and not when the counter tells another number."""

from holding import broken, figure
from shopfloor import ProductFactory

from mainstay.testing.database import as_owner
from mainstay.work import UnitOfWork
from tradepost.catalog.invariants import ALL, PRICES


async def test_they_hold_until_the_counter_is_wrong(uow: UnitOfWork, make_product: ProductFactory) -> None:
    await make_product(barcode="4006381333931")
    assert await broken(uow, ALL) == {}
    assert (await figure(uow, PRICES)).startswith("1, 1, 2.49")

    async with as_owner(uow):
        await uow.write("INSERT INTO catalog_variant_count (change) VALUES (1)")

    assert await broken(uow, ALL) == {"catalog.count_fits": ["variants"]}
