"""A program whose books have files, and the calls by which a file is sent."""

import hashlib
import io
import itertools
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from mainstay import ids
from mainstay.bootstrap.program import Program
from mainstay.module import Module
from mainstay.modules.audit.module import AUDIT
from mainstay.modules.files.jobs import SWEEP
from mainstay.modules.files.module import FILES
from mainstay.modules.identity.module import IDENTITY
from mainstay.permission import Permission
from mainstay.setup import FileOwner
from mainstay.testing.client import Client
from mainstay.work import UnitOfWork, WorkOpener
from mainstay.worker.body import perform_scheduled

FILES_URL = "/api/v1/files"
READ = Permission("books.read", "See books", frozenset({"manager", "cashier"}))
WRITE = Permission("books.write", "Change books", frozenset({"manager"}))
# The books that there are; of one more only the owner knows.
BOOK, OTHER, HIDDEN = (UUID(int=7 << 76 | 2 << 62 | number) for number in (1, 2, 3))
TYPES = frozenset({"image/jpeg", "image/png", "image/webp", "application/pdf", "text/plain"})
MOST = 5
Send = Callable[..., Awaitable[dict[str, Any]]]


# No two sweeps of a run are of one moment: the second would be taken for done.
MOMENTS = itertools.count(1)


async def sweep(open_work: WorkOpener) -> None:
    """Sweep as a worker does: first the look, then what follows from it in a transaction that was begun before."""
    assert await perform_scheduled(SWEEP, open_work, next(MOMENTS))


async def has_book(uow: UnitOfWork, book_id: UUID) -> bool:
    """Say whether the actor reaches a book."""
    return book_id in {BOOK, OTHER} or (book_id == HIDDEN and uow.actor.role == "owner")


BOOKS = Module(
    name="books",
    permissions=(READ, WRITE),
    file_owners=(FileOwner("books.book", READ, WRITE, has_book, TYPES, MOST, "/books?book={id}"),),
)


def filer(environment: pytest.MonkeyPatch, name: str, folder: Path, **settings: str) -> Program:
    """Return a program of this name, which finds these settings."""
    given = {"SECRET_KEY": "wet paint on ninety wooden chairs", "DATA_DIR": str(folder), **settings}
    for key, value in given.items():
        environment.setenv(f"{name.upper()}_{key}", value)
    return Program(name, "Filer", "Files.", "1.0.0", (IDENTITY, AUDIT, FILES, BOOKS), ("mainstay.migrations",))


def new_file(content: bytes, filename: str = "dawn.png", **fields: object) -> dict[str, Any]:
    """Return the announcement of a file."""
    made = {"id": str(ids.new_id()), "owner_kind": "books.book", "owner_id": str(BOOK), "filename": filename}
    return made | {"size": len(content)} | fields


async def send(client: Client, content: bytes, filename: str = "dawn.png", **fields: object) -> dict[str, Any]:
    """Send a file in pieces of a megabyte, and return how it ended."""
    new = new_file(content, filename, **fields)
    answer = await client.post(FILES_URL, json=new)
    assert answer.status_code == 201, answer.text
    for start in range(0, len(content), 1024 * 1024):
        await send_piece(client, new["id"], start, content[start : start + 1024 * 1024])
    answer = await client.post(f"{FILES_URL}/{new['id']}/finish", json={"sha256": sha256(content)})
    assert answer.status_code == 200, answer.text
    ended: dict[str, Any] = answer.json()
    return ended


async def send_piece(client: Client, file_id: str, start: int, piece: bytes) -> dict[str, Any]:
    """Send a piece that has to be taken."""
    answer = await client.put(f"{FILES_URL}/{file_id}/pieces?offset={start}", content=piece, headers=OCTETS)
    assert answer.status_code == 200, answer.text
    taken: dict[str, Any] = answer.json()
    return taken


OCTETS = {"content-type": "application/octet-stream"}


def sha256(content: bytes) -> str:
    """Return the hash by which a file is ended."""
    return hashlib.sha256(content).hexdigest()


def photo(kind: str = "JPEG", size: tuple[int, int] = (1600, 1200)) -> bytes:
    """Return the file of a picture with shapes large and small, as photos have: its AVIF is smaller than its WebP."""
    drawn = {side: Random(side).randbytes(3 * side * side) for side in (6, 60)}  # noqa: S311  the same each time
    shapes = [Image.frombytes("RGB", (side, side), content) for side, content in drawn.items()]
    large, small = (each.resize(size, Image.Resampling.BICUBIC) for each in shapes)
    file = io.BytesIO()
    Image.blend(large, small, 0.3).save(file, kind)
    return file.getvalue()


def picture(kind: str = "PNG", size: tuple[int, int] = (640, 480), **options: Any) -> bytes:  # noqa: ANN401  Pillow's
    """Return the file of a picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()
