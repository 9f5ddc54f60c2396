"""The catalogue's jobs: run again without harm, never two files at once, and what is left after a fault."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from shopfloor import business_in, created, product_in, store_in
from shopfloor.services import WAITING

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.testing.database import as_owner
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener
from tradepost.catalog import jobs
from tradepost.catalog.events import ImportRequested
from tradepost.catalog.repository import lists
from tradepost.catalog.repository.search import Wanted
from tradepost.catalog.schemas import ImportOut, ProductIn
from tradepost.catalog.service import products, reading, uploads
from tradepost.catalog.service.importing import Collision
from tradepost.catalog.service.uploads import Spool, Target
from tradepost.shop.schemas import BusinessIn
from tradepost.shop.service import business

ImportFile = Callable[..., Awaitable[dict[str, Any]]]
RunJobs = Callable[[], Awaitable[int]]


async def send(open_work: WorkOpener, store_id: UUID, text: str) -> UUID:
    """Keep a file without having it read."""
    import_id = ids.new_id()
    with Spool() as spool:
        spool.add(text.encode())
        async with open_work(SYSTEM) as uow:
            await uploads.receive(uow, Target(import_id, "a.csv", store_id), spool)
    return import_id


async def shown(open_work: WorkOpener, import_id: UUID) -> ImportOut:
    """Return an import as others see it."""
    async with open_work(SYSTEM) as uow:
        return await uploads.get_import(uow, import_id)


@pytest.fixture
async def shared(committed: WorkOpener) -> tuple[WorkOpener, UUID]:
    """A database of its own with a store, on which units of work run side by side."""
    store = store_in()
    async with committed(SYSTEM) as uow:
        await business.set_up(uow, BusinessIn.model_validate(business_in(store)))
    return committed, UUID(store["id"])


async def test_an_import_that_ended_is_not_read_again(
    import_file: ImportFile, open_work: WorkOpener, uow: UnitOfWork
) -> None:
    """Rule 35: a job that runs twice changes nothing the second time."""
    found = await import_file("name,price\nBread,1\n")
    await uow.write("UPDATE catalog_variant SET price = 2")
    event = ImportRequested(import_id=UUID(found["id"]), store_id=UUID(found["store_id"]))
    async with open_work(SYSTEM) as again:
        await jobs.import_sheet(again, event)
    assert await uow.read_value("SELECT price FROM catalog_variant") == 2


def test_files_are_read_one_after_the_other() -> None:
    events = [ImportRequested(import_id=ids.new_id(), store_id=ids.new_id()) for _ in range(2)]
    assert jobs.IMPORT_SHEET.lock is not None
    assert len({jobs.IMPORT_SHEET.lock(event) for event in events}) == 1


async def test_progress_is_seen_while_nothing_else_is(shared: tuple[WorkOpener, UUID]) -> None:
    """Rule 35: the rows are in the catalogue all at once, at the end."""
    open_work, store_id = shared
    import_id = await send(open_work, store_id, "name,price\n" + "".join(f"Thing {n},1\n" for n in range(8000)))

    async def read() -> None:
        async with open_work(SYSTEM) as uow:
            await reading.read_import(uow, import_id)

    reader = asyncio.create_task(read())
    seen: list[tuple[float, int]] = []
    while not reader.done():
        async with open_work(SYSTEM) as uow:
            present = await uow.read_value("SELECT count(*) FROM catalog_variant")
        now = await shown(open_work, import_id)
        if now.status == "running":
            seen.append((now.progress, present))
    await reader

    assert {present for _, present in seen} == {0}
    assert [progress for progress, _ in seen] == sorted(progress for progress, _ in seen)
    assert {progress for progress, _ in seen} & {0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875}
    done = await shown(open_work, import_id)
    assert (done.status, done.progress, done.created) == ("done", 1.0, 8000)


async def test_a_fault_leaves_nothing_and_the_next_try_all(shared: tuple[WorkOpener, UUID]) -> None:
    """Rule 35: products, report and stock come together or not at all."""
    open_work, store_id = shared
    import_id = await send(open_work, store_id, "name,price\n" + "".join(f"Thing {n},1\n" for n in range(1500)))
    async with open_work(SYSTEM) as uow, as_owner(uow):
        await uow.write("ALTER TABLE catalog_import ADD CONSTRAINT fault CHECK (status <> 'done')")

    with pytest.raises(asyncpg.CheckViolationError):
        async with open_work(SYSTEM) as uow:
            await reading.read_import(uow, import_id)

    broken = await shown(open_work, import_id)
    async with open_work(SYSTEM) as uow:
        left = await uow.read_value(
            "SELECT (SELECT count(*) FROM catalog_variant) + (SELECT count(*) FROM catalog_import_item)"
        )
        async with as_owner(uow):
            await uow.write("ALTER TABLE catalog_import DROP CONSTRAINT fault")
    async with open_work(SYSTEM) as uow:
        await reading.read_import(uow, import_id)
    assert (broken.status, left) == ("waiting", 0)
    assert broken.problem is not None
    assert "tried again" in broken.problem
    done = await shown(open_work, import_id)
    assert (done.status, done.problem, done.created) == ("done", None, 1500)


async def test_a_product_made_meanwhile_is_not_doubled(shared: tuple[WorkOpener, UUID]) -> None:
    """Rule 28: whoever comes second starts again and finds the first."""
    open_work, store_id = shared
    import_id = await send(open_work, store_id, "sku,name,price\nSAME,Imported,1\n")
    body = ProductIn.model_validate(product_in(sku="SAME"))
    by_hand = open_work.unit(SYSTEM)
    await products.create_product(by_hand, body)

    async def read() -> None:
        async with open_work(SYSTEM) as uow:
            await reading.read_import(uow, import_id)

    waiting = asyncio.create_task(read())
    await _until_it_waits(open_work)
    await by_hand.commit()
    await by_hand.close()
    with pytest.raises(Collision):
        await waiting
    await read()

    done = await shown(open_work, import_id)
    assert (done.status, done.created, done.updated) == ("done", 0, 1)
    async with open_work(SYSTEM) as uow:
        assert await uow.read_value("SELECT count(*) FROM catalog_variant") == 1


async def _until_it_waits(open_work: WorkOpener) -> None:
    """Return when some statement waits for another's transaction."""
    for _ in range(2000):
        async with open_work(SYSTEM) as uow:
            if await uow.read_value(WAITING):
                return
        await asyncio.sleep(0.005)
    raise AssertionError("nobody waited")


async def test_two_files_with_the_same_content_at_once_are_one_import(shared: tuple[WorkOpener, UUID]) -> None:
    """Rule 35."""
    open_work, store_id = shared
    await asyncio.gather(*(send(open_work, store_id, "name,price\nBread,1\n") for _ in range(4)))
    async with open_work(SYSTEM) as uow:
        assert await uow.read_value("SELECT count(*) FROM catalog_import") == 1
        assert await uow.read_value("SELECT count(*) FROM mainstay_event WHERE name = 'catalog.import_requested'") == 1


async def test_words_of_new_names_are_learnt(owner: Client, store_id: UUID, uow: UnitOfWork, run_jobs: RunJobs) -> None:
    made = await created(owner, "/api/v1/catalog/products", product_in() | {"name": "Gorgonzola dolce 200g"})
    await run_jobs()
    await owner.patch(f"/api/v1/catalog/products/{made['id']}", json={"version": 1, "name": "Taleggio"})
    await run_jobs()
    words = [row["word"] for row in await uow.read("SELECT word FROM catalog_word ORDER BY word")]
    assert words == ["dolce", "gorgonzola", "taleggio"]
    found = (await owner.get("/api/v1/catalog/variants", params={"q": "talegio"})).json()["items"]
    assert [item["name"] for item in found] == ["Taleggio"]


async def test_tidying_keeps_the_number_and_the_search(
    import_file: ImportFile, open_work: WorkOpener, uow: UnitOfWork
) -> None:
    for number in range(3):
        await import_file(f"name,price\nBread {number},1\n")
    assert await uow.read_value("SELECT count(*) FROM catalog_variant_count") == 3

    async with open_work(SYSTEM) as work:
        await jobs.tidy(work)
        await jobs.tidy(work)

    assert await uow.read_value("SELECT array_agg(change) FROM catalog_variant_count") == [3]
    page = await lists.page(uow, Wanted("bread"), None, 5, with_cost=False)
    assert page.total == 3


async def test_the_schedule_runs_at_night() -> None:
    assert (jobs.TIDY.name, jobs.TIDY.cron) == ("catalog.tidy", "40 3 * * *")
