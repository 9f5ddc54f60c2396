"""The front door of files: having what a module takes by itself looked at for viruses, before anything of it is read.

What is taken in a request is demanded to be clean (`demand_clean`). What is read by a job lies in quarantine until a
job has asked (`ask`); while the scanner is away that job fails, and is tried again.
"""

from collections.abc import AsyncGenerator
from typing import IO
from uuid import UUID

from mainstay.modules.files.errors import ScannerAway
from mainstay.modules.files.schemas import Passed
from mainstay.modules.files.service import notices, scanning
from mainstay.modules.files.service.scanning import OpenWork, Upload, Verdict
from mainstay.work import UnitOfWork

__all__ = [
    "Passed",
    "ScannerAway",
    "Upload",
    "Verdict",
    "ask",
    "at_once",
    "demand_clean",
    "has_scanner",
    "note_infected",
    "pieces_of",
    "tell_infected",
]

_PIECE = 256 * 1024


def has_scanner(uow: UnitOfWork) -> bool:
    """Whether uploads are looked at for viruses."""
    return scanning.has_scanner(uow)


async def demand_clean(open_work: OpenWork, upload: Upload, pieces: AsyncGenerator[bytes, None]) -> Passed:
    """Return `clean`, or `none` where there is no scanner.

    Raises Infected (422), NotScannable (422), and ScannerAway (503) which says when to come back.
    """
    return await scanning.demand_clean(open_work, upload, pieces)


async def ask(uow: UnitOfWork, upload: Upload, pieces: AsyncGenerator[bytes, None]) -> Verdict:
    """Return what the scanner says of what lies in quarantine; `uow` has no transaction. Raises ScannerFailed."""
    return await scanning.ask(uow, upload, pieces)


def note_infected(uow: UnitOfWork, upload: Upload, found: str) -> None:
    """Have the audit trail remember who sent what the scanner found something in."""
    scanning.note_infected(uow, upload, found)


async def tell_infected(uow: UnitOfWork, upload: Upload, sender: UUID | None, found: str, path: str) -> None:
    """Tell a person, where one sent it, that what waited for the scanner was refused; `path` is where they sent it."""
    await notices.tell_infected(uow, upload, sender, found, path)


async def at_once(content: bytes) -> AsyncGenerator[bytes, None]:
    """Yield what is in memory."""
    yield content


async def pieces_of(file: IO[bytes]) -> AsyncGenerator[bytes, None]:
    """Yield a file from its beginning, to which it returns."""
    file.seek(0)
    while piece := file.read(_PIECE):
        yield piece
    file.seek(0)
