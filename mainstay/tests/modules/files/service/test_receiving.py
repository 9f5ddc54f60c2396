"""Receiving: of two that send the same piece one is taken, and of a file that is gone meanwhile nothing is left."""

from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

import pytest
from file_calls import FILES_URL, new_file, send_piece

from mainstay.modules.files.errors import FileUnknown, WrongOffset
from mainstay.modules.files.repository import files as repository
from mainstay.modules.files.service import finishing, receiving
from mainstay.modules.files.service.placing import FOLDERS
from mainstay.storage.folder import FolderStorage
from mainstay.storage.opening import Place
from mainstay.storage.storage import Shape
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, WorkOpener

RunJobs = Callable[[], Awaitable[int]]
PDF = b"%PDF-1.7 of a price list"


async def announced(client: Client) -> UUID:
    new = new_file(PDF, "list.pdf")
    assert (await client.post(FILES_URL, json=new)).status_code == 201
    return UUID(new["id"])


async def stored_of(open_work: WorkOpener, file_id: UUID) -> list[str]:
    """Return where anything lies of a file."""
    async with open_work(SYSTEM) as uow:
        storage = (await uow.resource(Place)).storage
    return [each.key for folder in FOLDERS async for each in storage.listed(folder) if str(file_id) in each.key]


async def test_a_file_that_is_deleted_while_a_piece_comes_leaves_nothing(
    owner: Client, open_work: WorkOpener, run_jobs: RunJobs
) -> None:
    file_id = await announced(owner)

    async def pieces() -> AsyncIterator[bytes]:
        yield PDF[:7]
        assert (await owner.delete(f"{FILES_URL}/{file_id}")).status_code == 204

    with pytest.raises(FileUnknown):
        await receiving.take(lambda: open_work(SYSTEM), file_id, 0, pieces())
    await run_jobs()
    assert await stored_of(open_work, file_id) == []


async def test_a_file_that_is_deleted_while_it_is_ended_leaves_nothing(
    owner: Client, open_work: WorkOpener, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_id = await announced(owner)
    await send_piece(owner, str(file_id), 0, PDF)
    put = FolderStorage.put

    async def put_late(
        storage: FolderStorage, key: str, pieces: AsyncIterator[bytes], shape: Shape | None = None
    ) -> int:
        size = await put(storage, key, pieces, shape)
        assert (await owner.delete(f"{FILES_URL}/{file_id}")).status_code == 204
        return size

    monkeypatch.setattr(FolderStorage, "put", put_late)
    with pytest.raises(FileUnknown):
        await finishing.finish(lambda: open_work(SYSTEM), file_id, None)
    await run_jobs()
    assert await stored_of(open_work, file_id) == []


async def test_nothing_is_kept_of_an_empty_piece(owner: Client, open_work: WorkOpener, run_jobs: RunJobs) -> None:
    file_id = await announced(owner)

    assert (await send_piece(owner, str(file_id), 0, b""))["received"] == 0

    await run_jobs()
    assert await stored_of(open_work, file_id) == []


async def test_of_two_writers_at_one_place_one_is_taken_and_the_other_told_where_to_go_on(
    owner: Client, open_work: WorkOpener, run_jobs: RunJobs
) -> None:
    file_id = await announced(owner)

    async def slower() -> AsyncIterator[bytes]:
        yield b"%PDF-1.7 other"
        await send_piece(owner, str(file_id), 0, b"%PDF-1.7 first")

    with pytest.raises(WrongOffset) as refused:
        await receiving.take(lambda: open_work(SYSTEM), file_id, 0, slower())
    await run_jobs()

    assert refused.value.extra == {"received": 14}
    async with open_work(SYSTEM) as uow:
        kept = await repository.pieces(uow, file_id)
    assert await stored_of(open_work, file_id) == kept
    assert len(kept) == 1
