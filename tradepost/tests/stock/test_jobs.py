"""Opening stock from an imported file, as the program does it: upload, job of the catalogue, job of the stock."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from shopfloor import Till, adjust, store_in

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener
from tradepost.catalog.events import ImportFinished
from tradepost.stock.jobs import OPEN_STOCK

BREAD, MILK = "4009309132524", "6291041500213"
ImportFile = Callable[..., Awaitable[UUID]]

LEDGER = """
SELECT code, stock_movement.kind, trim_scale(quantity)::text AS quantity, trim_scale(balance)::text AS balance
FROM stock_movement JOIN catalog_barcode USING (variant_id) WHERE store_id = $1 ORDER BY stock_movement.id
"""


async def ledger(uow: UnitOfWork, store_id: UUID) -> list[tuple[str, ...]]:
    """Return the ledger of a store: code, kind, quantity and balance."""
    return [tuple(row.values()) for row in await uow.read(LEDGER, store_id)]


async def variant_of(owner: Client, code: str) -> UUID:
    """Return the variant with a barcode."""
    return UUID((await owner.get(f"/api/v1/catalog/variants/by-code/{code}")).json()["id"])


async def test_an_import_opens_the_stock_of_its_store(till: Till, import_file: ImportFile, uow: UnitOfWork) -> None:
    """Rule 10: opening stock is a ledger row that names the import."""
    import_id = await import_file(f"{BREAD},Bread,2.40,10,248", f"{MILK},Milk,1.10,5.5,65")

    assert sorted(await ledger(uow, till.store_id)) == [(BREAD, "opening", "248", "248"), (MILK, "opening", "65", "65")]
    assert await uow.read_value("SELECT count(*) FROM stock_movement WHERE source_id = $1", import_id) == 2


async def test_opening_stock_is_one_event(till: Till, import_file: ImportFile, uow: UnitOfWork) -> None:
    import_id = await import_file(f"{BREAD},Bread,2.40,10,248", f"{MILK},Milk,1.10,5.5,65")

    rows = await uow.read("SELECT payload FROM mainstay_event WHERE name = 'stock.opened'")

    (payload,) = [row["payload"] for row in rows]
    assert (payload["import_id"], payload["store_id"], payload["variants"]) == (str(import_id), str(till.store_id), 2)


async def test_the_same_file_again_opens_nothing_again(till: Till, import_file: ImportFile, uow: UnitOfWork) -> None:
    """Rule 35: a repeat is harmless."""
    await import_file(f"{BREAD},Bread,2.40,10,248")

    await import_file(f"{BREAD},Bread,2.40,10,248")

    assert await ledger(uow, till.store_id) == [(BREAD, "opening", "248", "248")]


async def test_the_job_that_runs_twice_opens_once(
    till: Till, import_file: ImportFile, open_work: WorkOpener, uow: UnitOfWork
) -> None:
    """A worker that dies after its work runs the job again."""
    import_id = await import_file(f"{BREAD},Bread,2.40,10,248")
    event = ImportFinished(import_id=import_id, store_id=till.store_id, created=1, updated=0, unchanged=0)

    async with open_work(SYSTEM) as work:
        await OPEN_STOCK.run(work, event)

    assert await ledger(uow, till.store_id) == [(BREAD, "opening", "248", "248")]


async def test_a_later_file_does_not_overwrite_a_living_ledger(
    owner: Client, till: Till, import_file: ImportFile, uow: UnitOfWork
) -> None:
    """Rule 10: what was counted since is worth more than what a file says."""
    await import_file(f"{BREAD},Bread,2.40,10,248")
    await adjust(owner, till.store_id, await variant_of(owner, BREAD), "-8")

    await import_file(f"{BREAD},Bread,2.50,10,999", f"{MILK},Milk,1.10,5.5,65")

    assert await ledger(uow, till.store_id) == [
        (BREAD, "opening", "248", "248"),
        (BREAD, "adjustment", "-8", "240"),
        (MILK, "opening", "65", "65"),
    ]


async def test_a_file_of_known_goods_alone_opens_nothing(till: Till, import_file: ImportFile, uow: UnitOfWork) -> None:
    await import_file(f"{BREAD},Bread,2.40,10,248")

    await import_file(f"{BREAD},Bread,2.50,10,999")

    assert await uow.read_value("SELECT count(*) FROM mainstay_event WHERE name = 'stock.opened'") == 1


async def test_each_store_has_stock_of_its_own(
    owner: Client, till: Till, import_file: ImportFile, uow: UnitOfWork
) -> None:
    other = store_in(code="MA", name="Market")
    assert (await owner.post("/api/v1/shop/stores", json=other)).status_code == 201
    await import_file(f"{BREAD},Bread,2.40,10,248")

    await import_file(f"{BREAD},Bread,2.40,10,7", store_id=UUID(other["id"]))

    assert await ledger(uow, till.store_id) == [(BREAD, "opening", "248", "248")]
    assert await ledger(uow, UUID(other["id"])) == [(BREAD, "opening", "7", "7")]


async def test_goods_without_a_quantity_are_not_kept(till: Till, import_file: ImportFile, uow: UnitOfWork) -> None:
    """Rule 12: nothing is known about them, which is not the same as nothing being there."""
    await import_file(f"{BREAD},Bread,2.40,10,", f"{MILK},Milk,1.10,5.5,65")

    assert await uow.read_value("SELECT count(*) FROM stock_level") == 1


async def test_an_import_that_brought_nothing_opens_nothing(till: Till, open_work: WorkOpener, uow: UnitOfWork) -> None:
    event = ImportFinished(import_id=ids.new_id(), store_id=till.store_id, created=0, updated=0, unchanged=0)

    async with open_work(SYSTEM) as work:
        await OPEN_STOCK.run(work, event)

    assert await ledger(uow, till.store_id) == []
