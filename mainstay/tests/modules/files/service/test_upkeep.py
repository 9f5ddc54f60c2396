"""Upkeep: what never came is removed, how files stand is told, and readiness says when their place is away."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest
from file_calls import FILES_URL, new_file, picture, send, send_piece, sweep

from mainstay.db.backup.making import alone
from mainstay.modules.files.repository import upkeep as repository
from mainstay.modules.files.service import upkeep
from mainstay.modules.files.service.placing import INCOMING
from mainstay.observe.counters import Counters
from mainstay.observe.health import HealthSettings, Unhealthy
from mainstay.storage.opening import Place
from mainstay.storage.storage import NotStored, StorageFailed, Stored
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, WorkOpener


async def nothing_listed(_folder: str) -> AsyncIterator[Stored]:
    """A list that shows nothing: each file is asked for."""
    nothing: tuple[Stored, ...] = ()
    for each in nothing:
        yield each


RunJobs = Callable[[], Awaitable[int]]
PATIENCE = 20.0


async def test_a_file_that_never_came_is_removed_with_its_pieces(
    owner: Client, open_work: WorkOpener, run_jobs: RunJobs
) -> None:
    new = new_file(b"%PDF-1.7 words", "list.pdf")
    await owner.post(FILES_URL, json=new)
    await send_piece(owner, new["id"], 0, b"%PDF")
    await sweep(open_work)
    assert (await owner.get(f"{FILES_URL}/{new['id']}")).status_code == 200  # it may still be on its way
    async with open_work(SYSTEM) as uow:
        await uow.write("UPDATE files_file SET created_at = now() - $1::interval", timedelta(hours=25))
    await sweep(open_work)
    await run_jobs()
    assert (await owner.get(f"{FILES_URL}/{new['id']}")).status_code == 404
    async with open_work(SYSTEM) as uow:
        storage = (await uow.resource(Place)).storage
        assert [each async for each in storage.listed(INCOMING) if new["id"] in each.key] == []


async def test_forms_that_were_not_made_are_made_by_the_sweep(
    owner: Client, open_work: WorkOpener, run_jobs: RunJobs
) -> None:
    made = await send(owner, picture())
    async with open_work(SYSTEM) as uow:
        await uow.write("DELETE FROM procrastinate_jobs")
        await uow.write("UPDATE files_file SET created_at = now() - interval '2 hours'")
    await sweep(open_work)
    await run_jobs()
    assert len((await owner.get(f"{FILES_URL}/{made['id']}")).json()["forms"]) == 2


async def test_a_place_that_takes_its_time_is_asked_for_many_files_side_by_side(
    owner: Client, open_work: WorkOpener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red when one is asked for after the other: the first then waits for the last."""
    made = [await send(owner, b"%PDF-1.7 words", f"list {number}.pdf") for number in range(3)]
    async with open_work(SYSTEM) as uow:
        storage = (await uow.resource(Place)).storage
    head, all_are_there = storage.head, asyncio.Barrier(len(made))

    async def wait_for_all(key: str) -> Stored:
        async with asyncio.timeout(PATIENCE):
            await all_are_there.wait()
        return await head(key)

    monkeypatch.setattr(storage, "head", wait_for_all)
    monkeypatch.setattr(storage, "listed", nothing_listed)
    await sweep(open_work)
    assert [(await owner.get(f"{FILES_URL}/{each['id']}")).json()["is_missing"] for each in made] == [False] * 3


async def test_a_place_that_fails_marks_no_file_as_lost(
    owner: Client, open_work: WorkOpener, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await send(owner, b"%PDF-1.7 words", "list.pdf")
    async with open_work(SYSTEM) as uow:
        storage = (await uow.resource(Place)).storage

    async def fail(_key: str) -> Stored:
        raise StorageFailed("away")

    monkeypatch.setattr(storage, "head", fail)
    monkeypatch.setattr(storage, "listed", nothing_listed)
    with pytest.raises(StorageFailed):
        await sweep(open_work)
    assert (await owner.get(f"{FILES_URL}/{made['id']}")).json()["is_missing"] is False


async def test_asking_for_a_backup_keeps_none_from_beginning(open_work: WorkOpener, database_url: str) -> None:
    """Files are dropped all day: a backup that begins in that moment must not give up."""
    async with open_work(SYSTEM) as uow:
        assert not await repository.is_backup_under_way(uow)
        with alone(database_url):
            assert await repository.is_backup_under_way(uow)
        assert not await repository.is_backup_under_way(uow)


async def test_the_sweep_asks_for_no_file_by_itself_that_a_list_shows(
    owner: Client, open_work: WorkOpener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red when it asks for each: with some 15,000 files in a bucket it is never done within its time."""
    lost, _ = [await send(owner, name.encode(), f"{name}.txt") for name in ("one", "two")]
    async with open_work(SYSTEM) as uow:
        storage = (await uow.resource(Place)).storage
        lost_key = await uow.read_value("SELECT key FROM files_file WHERE id = $1::text::uuid", lost["id"])
    await storage.delete(lost_key)
    asked: list[str] = []

    async def nothing_there(_storage: object, key: str) -> Stored:
        asked.append(key)
        raise NotStored("There is no such stored file.")

    monkeypatch.setattr(type(storage), "head", nothing_there)
    async with open_work(SYSTEM) as uow:
        seen = await upkeep.look(uow)

    assert asked == [lost_key]
    assert seen.missing == (UUID(lost["id"]),)


async def test_how_files_stand_is_counted(owner: Client, open_work: WorkOpener) -> None:
    made = await send(owner, b"%PDF-1.7 words", "list.pdf")
    counters = Counters()
    async with open_work(SYSTEM) as uow:
        await repository.mark_missing(uow, [])
        await upkeep.observe(uow, counters)
    assert counters.value(upkeep.FILES, state="ready") == 1
    assert counters.value(upkeep.BYTES, state="ready") == made["size"]
    assert counters.value(upkeep.FILES, state="refused") == 0
    assert counters.value(upkeep.MISSING, state="ready") == 0


async def test_readiness_says_when_the_place_of_files_is_away(
    open_work: WorkOpener, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_work(SYSTEM) as uow:
        storage = (await uow.resource(Place)).storage
        await upkeep.check(uow, HealthSettings())

        async def fail() -> None:
            raise StorageFailed("away")

        monkeypatch.setattr(storage, "check", fail)
        with pytest.raises(Unhealthy, match="cannot be used"):
            await upkeep.check(uow, HealthSettings())
