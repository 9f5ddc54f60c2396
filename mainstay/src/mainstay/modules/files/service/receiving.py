"""Taking a file: announced, sent in pieces that may be sent again, and ended by the hash of the whole."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from mainstay.errors import JsonValue
from mainstay.messages.audit import Entry
from mainstay.modules.files.errors import FileTooLarge, IdReused, NotReceiving, TooMany, WrongOffset
from mainstay.modules.files.events import BytesDropped
from mainstay.modules.files.repository import files as repository
from mainstay.modules.files.schemas import FileIn, FileOut
from mainstay.modules.files.service.naming import safe_name
from mainstay.modules.files.service.owning import demand_file, demand_owner
from mainstay.modules.files.service.placing import INCOMING, new_key, reaching, storage_of
from mainstay.modules.files.service.showing import shown
from mainstay.modules.files.settings import FileSettings
from mainstay.work import Row, UnitOfWork

MEGABYTE: Final = 1024 * 1024
LARGEST_PIECE: Final = 8 * MEGABYTE
OBJECT: Final = "files.file"

OpenWork = Callable[[], AbstractAsyncContextManager[UnitOfWork]]


@dataclass(frozen=True, slots=True)
class Announced:
    """A file that was announced, and whether it was before."""

    file: FileOut
    is_repeat: bool


async def announce(uow: UnitOfWork, wanted: FileIn) -> Announced:
    """Begin a file, once: the same again changes nothing.

    Raises OwnerUnknown, NotAllowed, FileTooLarge, TooMany, and IdReused for another file with this id.
    """
    owner = await demand_owner(uow, wanted.owner_kind, wanted.owner_id, "write")
    most = uow.setup.settings.of(FileSettings).largest_mb
    if wanted.size > most * MEGABYTE:
        raise FileTooLarge(f"A file may have at most {most} MB.")
    name = safe_name(wanted.filename)
    place, file = (wanted.owner_kind, wanted.owner_id), (name, wanted.size)
    is_new = await repository.add(uow, wanted.id, place, file, owner.most)
    row = await repository.one(uow, wanted.id)
    if row is None:
        raise TooMany(f"There are {owner.most} files; remove one that is not needed any more.")
    if not is_new and (row["owner_kind"], row["owner_id"], row["filename"], row["size"]) != (*place, *file):
        raise IdReused("Another file with this id exists; nothing was changed.")
    if is_new:
        new: dict[str, JsonValue] = {"filename": name, "size": wanted.size, "owner_id": str(wanted.owner_id)}
        uow.record(Entry("files.added", OBJECT, wanted.id, new=new))
    return Announced(await shown(uow, row), not is_new)


async def take(open_work: OpenWork, file_id: UUID, start: int, pieces: AsyncIterator[bytes]) -> FileOut:
    """Store a piece that begins at `start`; nothing is kept of one that breaks off.

    Raises FileUnknown, NotAllowed, NotReceiving, StorageAway, and WrongOffset, which says where to go on.
    """
    async with open_work() as uow:
        row = await demand_file(uow, file_id, "write")
        _demand_place(row, start)
        storage = await storage_of(uow)
    key = new_key(INCOMING, file_id)
    with reaching():
        size = await storage.put(key, _bounded(pieces, row["size"] - start))
    async with open_work() as uow:
        is_taken = size > 0 and await repository.take(uow, file_id, start, size, key)
        if not is_taken:
            # Somebody else was quicker, or has removed the file.
            uow.publish(BytesDropped(keys=(key,)))
    # In another transaction: that the file is gone must not keep its bytes.
    async with open_work() as uow:
        row = await demand_file(uow, file_id, "write")
        file = await shown(uow, row)
    if size and not is_taken:
        raise _wrong_offset(row)
    return file


async def _bounded(pieces: AsyncIterator[bytes], most: int) -> AsyncIterator[bytes]:
    """Pass pieces on. Raises FileTooLarge when there are more than `most` bytes."""
    left = most
    async for piece in pieces:
        left -= len(piece)
        if left < 0:
            raise FileTooLarge("The file is larger than it was announced.")
        yield piece


def _demand_place(row: Row, start: int) -> None:
    if row["state"] != "receiving":
        raise NotReceiving("All of this file was received before.", extra={"received": row["received"]})
    if row["received"] != start:
        raise _wrong_offset(row)


def _wrong_offset(row: Row) -> WrongOffset:
    received = row["received"]
    return WrongOffset(f"The next piece begins at {received}.", extra={"received": received})
