"""Giving files out: to who reaches their record, and by links that are signed and run out."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from mainstay import clock
from mainstay.keyring import Keyring
from mainstay.messages.audit import Entry
from mainstay.modules.files.errors import FileUnknown, LinkRefused, NotReady
from mainstay.modules.files.events import BytesDropped, FileReady
from mainstay.modules.files.repository import files as repository
from mainstay.modules.files.schemas import FileOut, FormName, LinkOut
from mainstay.modules.files.service.owning import demand_file, demand_owner
from mainstay.modules.files.service.placing import reaching, storage_of
from mainstay.modules.files.service.receiving import OBJECT
from mainstay.modules.files.service.showing import shown, shown_all
from mainstay.modules.files.settings import FileSettings
from mainstay.storage.storage import Storage
from mainstay.work import Row, UnitOfWork

PURPOSE: Final = "files.link"
AVIF: Final = "image/avif"


@dataclass(frozen=True, slots=True)
class Given:
    """Bytes that are given out: what they are, how many, and how to read a part of them."""

    filename: str
    media_type: str
    size: int
    tag: str
    read: "Reader"


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads from the place for bytes, after the work with the database has ended."""

    key: str
    place: Storage

    async def __call__(self, start: int, stop: int) -> AsyncIterator[bytes]:
        """Yield the bytes from `start` up to `stop`."""
        async with aclosing(self.place.read(self.key, start, stop)) as pieces:
            async for piece in pieces:
                yield piece


async def listed(uow: UnitOfWork, kind: str, owner_id: UUID) -> list[FileOut]:
    """Return the files of a record. Raises OwnerUnknown and NotAllowed."""
    await demand_owner(uow, kind, owner_id, "read")
    return await shown_all(uow, await repository.of_owner(uow, kind, owner_id))


async def one(uow: UnitOfWork, file_id: UUID) -> FileOut:
    """Return a file. Raises FileUnknown and NotAllowed."""
    return await shown(uow, await demand_file(uow, file_id, "read"))


async def content(uow: UnitOfWork, file_id: UUID) -> Given:
    """Return the bytes of a file. Raises FileUnknown, NotAllowed, NotReady and StorageAway."""
    return await _given(uow, await demand_file(uow, file_id, "read"))


async def form(uow: UnitOfWork, file_id: UUID, name: FormName, *, takes_avif: bool = False) -> Given:
    """Return a smaller form of a picture, in AVIF for whoever takes it, if there is one.

    Raises FileUnknown, NotAllowed, NotReady and StorageAway.
    """
    row = await demand_file(uow, file_id, "read")
    _demand_ready(row)
    found = next((each for each in await repository.forms(uow, [file_id]) if each["name"] == name), None)
    if found is None:
        raise FileUnknown("This form is not made yet.")
    if takes_avif and found["avif_key"] is not None:
        return await _of_key(uow, found["avif_key"], f"{row['filename']}.avif", AVIF)
    return await _of_key(uow, found["key"], f"{row['filename']}.webp", found["media_type"])


async def link(uow: UnitOfWork, file_id: UUID) -> LinkOut:
    """Return a link that gives the file to whoever has it. Raises FileUnknown, NotAllowed, NotReady, StorageAway.

    Where the place for bytes gives none itself, it is an address of this program, signed with its secret.
    """
    row = await demand_file(uow, file_id, "read")
    _demand_ready(row)
    seconds = uow.setup.settings.of(FileSettings).link_seconds
    storage = await storage_of(uow)
    # In whole seconds, as both kinds of links count.
    ends = clock.now().replace(microsecond=0) + timedelta(seconds=seconds)
    with reaching():
        url = await storage.link(row["key"], seconds)
    uow.record(Entry("files.link_made", OBJECT, file_id, new={"filename": row["filename"]}))
    return LinkOut(url=url or f"/api/v1/files/linked/{_ticket(uow, file_id, ends)}", expires_at=ends)


async def linked(uow: UnitOfWork, ticket: str) -> Given:
    """Return the bytes of a file by a link of ours. Raises LinkRefused and StorageAway."""
    row = await repository.one(uow, _file_of(uow, ticket))
    if row is None or row["state"] != "ready":
        raise _refusal()
    return await _given(uow, row)


async def turn(uow: UnitOfWork, file_id: UUID, degrees: int) -> FileOut:
    """Turn a picture clockwise; its smaller forms are made anew. Raises FileUnknown, NotAllowed and NotReady."""
    await demand_file(uow, file_id, "write")
    if not await repository.turn(uow, file_id, degrees):
        raise NotReady("Only a picture that is ready can be turned.")
    # Nobody is shown the picture as it was before.
    uow.publish(BytesDropped(keys=tuple(await repository.replace_forms(uow, file_id, []))))
    uow.publish(FileReady(file_id=file_id))
    return await shown(uow, await demand_file(uow, file_id, "write"))


async def remove(uow: UnitOfWork, file_id: UUID) -> None:
    """Delete a file with all that was made of it. Raises FileUnknown and NotAllowed."""
    row = await demand_file(uow, file_id, "write")
    uow.publish(BytesDropped(keys=tuple(await repository.remove(uow, file_id))))
    uow.record(Entry("files.removed", OBJECT, file_id, old={"filename": row["filename"]}))


async def _given(uow: UnitOfWork, row: Row) -> Given:
    _demand_ready(row)
    return await _of_key(uow, row["key"], row["filename"], row["media_type"])


async def _of_key(uow: UnitOfWork, key: str, filename: str, media_type: str) -> Given:
    storage = await storage_of(uow)
    await uow.release()
    with reaching():
        found = await storage.head(key)
    # A key is used once, so that it stands for the bytes under it.
    return Given(filename, media_type, found.size, f'"{key.rpartition("/")[2]}"', Reader(key, storage))


def _demand_ready(row: Row) -> None:
    if row["state"] != "ready":
        told = "was refused" if row["state"] == "refused" else "is still being received or looked at"
        raise NotReady(f"This file {told}.", extra={"state": row["state"]})


def _ticket(uow: UnitOfWork, file_id: UUID, ends: datetime) -> str:
    text = f"{file_id.hex}.{int(ends.timestamp())}"
    return f"{text}.{_keyring(uow).sign(PURPOSE, text)}"


def _file_of(uow: UnitOfWork, ticket: str) -> UUID:
    """Return the file that a ticket is for. Raises LinkRefused."""
    text, _, signature = ticket.rpartition(".")
    if not _keyring(uow).is_genuine(PURPOSE, text, signature):
        raise _refusal()
    file_id, _, moment = text.partition(".")
    if datetime.fromtimestamp(int(moment), UTC) <= clock.now():
        raise _refusal()
    return UUID(file_id)


def _keyring(uow: UnitOfWork) -> Keyring:
    keyring = uow.setup.keyring
    assert keyring is not None  # noqa: S101  every program that serves requests has one
    return keyring


def _refusal() -> LinkRefused:
    return LinkRefused("The link has run out, or is none; ask whoever sent it for another one.")
