"""The sample's products: 3,000 real ones, taken in by the real import, once."""

import importlib.resources
from decimal import Decimal

from shopfloor import business_in, created, product_in, store_in

from mainstay.bootstrap.program import Program
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener
from mainstay.worker.inline import run_deferred
from tradepost.catalog import api as catalog
from tradepost.catalog.service.sample import import_sample
from tradepost.shop import api as shop
from tradepost.shop.service.sample import set_up_sample


async def load(program: Program, open_work: WorkOpener) -> int:
    """Do what a start with sample data does, and return how many jobs ran."""
    for hook in (set_up_sample, import_sample):
        async with open_work(SYSTEM) as uow:
            await hook(uow)
    return await run_deferred(program, open_work)


async def test_the_sample_has_3000_products_and_opening_stock(
    program: Program, open_work: WorkOpener, owner: Client
) -> None:
    """Rules 26 and 35: also the row whose check digit is wrong."""
    await load(program, open_work)

    (found,) = (await owner.get("/api/v1/catalog/imports")).json()["items"]
    listed = (await owner.get("/api/v1/catalog/variants")).json()
    scanned = (await owner.get("/api/v1/catalog/variants/by-code/26015638")).json()

    assert [found[key] for key in ("rows_read", "rows_accepted", "rows_rejected", "rows_warned", "created")] == [
        3000, 3000, 0, 1, 3000,
    ]  # fmt: skip
    assert (listed["total"], scanned["barcode"]) == (3000, "26015638")
    async with open_work(SYSTEM) as uow:
        first = (await shop.stores(uow))[0]
        movements = await uow.read_row(
            "SELECT count(*), sum(quantity) FROM stock_movement WHERE store_id = $1", first.id
        )
    assert movements is not None
    assert (movements["count"] > 2900, movements["sum"] > Decimal(1000)) == (True, True)


async def test_a_second_start_changes_nothing(program: Program, open_work: WorkOpener, uow: UnitOfWork) -> None:
    await load(program, open_work)
    before = await uow.read_value("SELECT count(*) FROM mainstay_event")

    assert await load(program, open_work) == 0

    assert await uow.read_value("SELECT count(*) FROM mainstay_event") == before
    assert await uow.read_value("SELECT count(*) FROM catalog_variant") == 3000


async def test_products_that_are_there_already_are_left_alone(open_work: WorkOpener, owner: Client) -> None:
    await created(owner, "/api/v1/shop", business_in(store_in()))
    await created(owner, "/api/v1/catalog/products", product_in())
    async with open_work(SYSTEM) as uow:
        await import_sample(uow)
        assert await uow.read_value("SELECT count(*) FROM catalog_import") == 0
        assert len(await catalog.find(uow, "", 10)) == 1


def test_the_file_is_in_the_package_with_its_credit() -> None:
    folder = importlib.resources.files("tradepost.catalog").joinpath("sample")
    assert folder.joinpath("groceries.csv").read_text("utf-8").count("\n") == 3001
    credit = folder.joinpath("README.md").read_text("utf-8")
    assert "Open Food Facts" in credit
    assert "Open Database License" in credit
