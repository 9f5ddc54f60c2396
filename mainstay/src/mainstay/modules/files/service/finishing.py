"""Ending a file: put together, compared with its hash, known by its content, and freed of what is nobody's business."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from uuid import UUID

from mainstay.messages.audit import Entry
from mainstay.modules.files.errors import HashDiffers, NotWhole
from mainstay.modules.files.events import BytesDropped, FileReady, FileReceived
from mainstay.modules.files.repository import files as repository
from mainstay.modules.files.repository.files import Whole
from mainstay.modules.files.schemas import FileOut, Scan
from mainstay.modules.files.service import knowing
from mainstay.modules.files.service.naming import ascii_name
from mainstay.modules.files.service.owning import demand_file
from mainstay.modules.files.service.placing import CONTENT, new_key, reaching, storage_of
from mainstay.modules.files.service.receiving import MEGABYTE, OBJECT, OpenWork
from mainstay.modules.files.service.showing import shown
from mainstay.modules.files.settings import FileSettings
from mainstay.picture.looking import Looked, look
from mainstay.picture.refusal import PictureRefused
from mainstay.picture.stripping import stripped
from mainstay.storage.storage import Shape, Storage
from mainstay.work import Row, UnitOfWork


class Refused(Exception):
    """The file is not taken; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Received:
    """What was received: the file, where its pieces lie, what may be taken, and the place for bytes."""

    row: Row
    pieces: Sequence[str]
    allowed: frozenset[str]
    settings: FileSettings
    storage: Storage

    async def read(self) -> AsyncGenerator[bytes, None]:
        """Yield all of it."""
        for key in self.pieces:
            async with aclosing(self.storage.read(key)) as pieces:
                async for piece in pieces:
                    yield piece


async def finish(open_work: OpenWork, file_id: UUID, sha256: str | None) -> FileOut:
    """End a file: it is ready then, waits for the scanner, or was refused with a reason. Twice is as good as once.

    Raises FileUnknown, NotAllowed, StorageAway, NotWhole, and HashDiffers: then it is to be sent anew.
    """
    async with open_work() as uow:
        row = await demand_file(uow, file_id, "write")
        if row["state"] != "receiving":
            return await shown(uow, row)
        _demand_whole(row)
        allowed = uow.setup.file_owners[row["owner_kind"]].media_types
        keys = await repository.pieces(uow, file_id)
        received = Received(row, keys, allowed, uow.setup.settings.of(FileSettings), await storage_of(uow))
    key = new_key(CONTENT, file_id)
    try:
        with reaching():
            whole = await _put_together(received, key, None if sha256 is None else bytes.fromhex(sha256))
    except Refused as refusal:
        async with open_work() as uow:
            return await refuse(uow, row, refusal.reason, "none")
    except HashDiffers:
        async with open_work() as uow:
            left = await repository.begin_anew(uow, file_id)
            uow.publish(BytesDropped(keys=(key, *left)))
        raise
    async with open_work() as uow:
        await _keep(uow, file_id, whole)
    # In another transaction: that the file is gone must not keep its bytes.
    async with open_work() as uow:
        return await shown(uow, await demand_file(uow, file_id, "write"))


async def refuse(uow: UnitOfWork, row: Row, reason: str, scan: Scan) -> FileOut:
    """Refuse a file, and drop its bytes."""
    former = await repository.refuse(uow, row["id"], reason, scan)
    if former is not None:
        left = await repository.drop_pieces(uow, row["id"])
        uow.publish(BytesDropped(keys=(*left, *((former["key"],) if former["key"] else ()))))
        uow.record(Entry("files.refused", OBJECT, row["id"], new={"filename": row["filename"], "reason": reason}))
    known = await repository.one(uow, row["id"])
    return await shown(uow, known or row)


def _demand_whole(row: Row) -> None:
    if row["received"] != row["size"]:
        raise NotWhole(
            f"{row['received']} of {row['size']} bytes were received; send the rest first.",
            extra={"received": row["received"]},
        )


async def _put_together(received: Received, key: str, sha256: bytes | None) -> Whole:
    """Store the whole under `key`. Raises Refused, HashDiffers and StorageFailed."""
    media_type = knowing.type_of(await _start(received))
    is_picture = media_type in knowing.PICTURES
    if is_picture and received.row["size"] > received.settings.picture_mb * MEGABYTE:
        raise Refused("picture_too_large")
    shape = Shape(media_type or "application/octet-stream", ascii_name(received.row["filename"]))
    if media_type is None or media_type not in received.allowed:
        # The hash is not looked at: what is refused is not sent anew.
        raise Refused("type_not_allowed")
    if is_picture and received.settings.scanner is None:
        content = b"".join([piece async for piece in _compared(received.read(), hashlib.sha256(), sha256)])
        return await _kept(received.storage, key, content, Picture(media_type, shape, received.settings, "none"))
    # What a scanner is to look at is stored as it came, and nothing of it is read before.
    state, scan = ("ready", "none") if received.settings.scanner is None else ("quarantined", "waiting")
    digest = hashlib.sha256()
    stored = await received.storage.put(key, _compared(received.read(), digest, sha256), shape)
    return Whole(state, scan, key, stored, digest.digest(), media_type, None, None)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is to be kept: its type and name, how large it may be, and what the scanner said of it."""

    media_type: str
    shape: Shape
    settings: FileSettings
    scan: Scan


async def keep_picture(uow: UnitOfWork, row: Row, storage: Storage, content: bytes, scan: Scan) -> Whole:
    """Store a picture that came out of quarantine with nothing else in its file. Raises Refused and StorageFailed."""
    shape = Shape(row["media_type"], ascii_name(row["filename"]))
    picture = Picture(row["media_type"], shape, uow.setup.settings.of(FileSettings), scan)
    return await _kept(storage, new_key(CONTENT, row["id"]), content, picture)


async def _kept(storage: Storage, key: str, content: bytes, picture: Picture) -> Whole:
    kept, looked = await asyncio.to_thread(_cleaned, content, picture.media_type, picture.settings.megapixels)
    stored = await storage.put(key, _at_once(kept), picture.shape)
    sha256 = hashlib.sha256(kept).digest()
    return Whole("ready", picture.scan, key, stored, sha256, picture.media_type, looked.width, looked.height)


async def _start(received: Received) -> bytes:
    start = b""
    async with aclosing(received.read()) as pieces:
        async for piece in pieces:
            start += piece
            if len(start) >= knowing.START:
                break
    return start[: knowing.START]


async def _compared(
    pieces: AsyncIterator[bytes], digest: "hashlib._Hash", sha256: bytes | None
) -> AsyncIterator[bytes]:
    """Pass pieces on. Raises HashDiffers at their end, when they are not what was sent, if that is known."""
    async for piece in pieces:
        digest.update(piece)
        yield piece
    if sha256 is not None and digest.digest() != sha256:
        raise HashDiffers("The file did not arrive as it was sent; send it once more, from its beginning.")


def _cleaned(content: bytes, media_type: str, megapixels: int) -> tuple[bytes, Looked]:
    """Return a picture with nothing else in its file, such as the place where it was taken. Raises Refused."""
    try:
        looked = look(content, megapixels * 1_000_000)
        return stripped(content, media_type, looked.orientation), looked
    except PictureRefused as refusal:
        raise Refused(refusal.reason) from refusal


async def _at_once(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def _keep(uow: UnitOfWork, file_id: UUID, whole: Whole) -> None:
    if await repository.keep(uow, file_id, whole):
        left = await repository.drop_pieces(uow, file_id)
        uow.publish(BytesDropped(keys=tuple(left)))
        uow.publish(FileReceived(file_id=file_id) if whole.state == "quarantined" else FileReady(file_id=file_id))
    else:
        # It was ended twice at once, and the other one was first, or it is gone.
        uow.publish(BytesDropped(keys=(whole.key,)))
