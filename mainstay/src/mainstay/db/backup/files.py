"""The part of an archive that holds the files of a folder: a tar stream, written and read piece by piece."""

import os
import tarfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from mainstay.db.backup.sealing import damaged
from mainstay.db.backup.stopping import Stop
from mainstay.storage.storage import UnsafeKey, safe_key

BLOCK: Final = tarfile.BLOCKSIZE
_PIECE: Final = 1024 * 1024
_END: Final = bytes(2 * BLOCK)


def size_of(folder: Path | None) -> int:
    """Return how many bytes the files of a folder have."""
    size = 0
    for path in _files(folder):
        with suppress(FileNotFoundError):
            size += path.stat().st_size
    return size


def packed(folder: Path | None, stop: Stop) -> Iterator[bytes]:
    """Yield the files of a folder as a tar stream; one that is removed before its turn is left out.

    Files of a storage never change under their name. Raises BackupError when `stop` is set.
    """
    for path in _files(folder):
        with suppress(FileNotFoundError), path.open("rb") as file:
            assert folder is not None  # noqa: S101  it has files
            entry = tarfile.TarInfo(path.relative_to(folder).as_posix())
            entry.size, entry.mode = os.fstat(file.fileno()).st_size, 0o600
            yield entry.tobuf(tarfile.USTAR_FORMAT)
            left = entry.size
            while left:
                stop.refuse()
                piece = file.read(min(_PIECE, left))
                if not piece:
                    raise damaged()
                left -= len(piece)
                yield piece
            yield bytes(-entry.size % BLOCK)
    yield _END


class Unpacker:
    """Writes the files of a tar stream into a folder, as its pieces come; raises BackupError for a stream that is none.

    Names are keys of a storage and nothing else: none leads out of the folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting = bytearray()
        self._file: IO[bytes] | None = None
        # Of the present file: bytes that are still to come, and those that fill its last block.
        self._left = self._filling = 0

    def write(self, piece: bytes) -> None:
        """Take a piece."""
        self._waiting += piece
        while self._waiting:
            if self._left:
                taken = bytes(self._waiting[: self._left])
                assert self._file is not None  # noqa: S101  it is open while bytes are to come
                self._file.write(taken)
                self._left -= len(taken)
                del self._waiting[: len(taken)]
            elif self._filling:
                taken = bytes(self._waiting[: self._filling])
                self._filling -= len(taken)
                del self._waiting[: len(taken)]
            elif len(self._waiting) >= BLOCK:
                self._begin(bytes(self._waiting[:BLOCK]))
                del self._waiting[:BLOCK]
            else:
                return

    def close(self) -> None:
        """Bring the last file to the disk."""
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._file = None

    def _begin(self, header: bytes) -> None:
        self.close()
        if header == bytes(BLOCK):
            return
        try:
            entry = tarfile.TarInfo.frombuf(header, "utf-8", "strict")
            path = self._folder / safe_key(entry.name)
        except (tarfile.HeaderError, UnsafeKey, UnicodeDecodeError) as failure:
            raise damaged() from failure
        if not entry.isreg() or entry.size < 0:
            raise damaged()
        self._left, self._filling = entry.size, -entry.size % BLOCK
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(handle, "wb")


def _files(folder: Path | None) -> list[Path]:
    """Return the files of a folder that are whole: those that are being written lie in a hidden one.

    What somebody else laid there is left out, such as a link: an archive with it could not be restored.
    """
    if folder is None or not folder.is_dir():
        return []
    found = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sorted(path for path in found if _is_ours(path.relative_to(folder).as_posix()))


def _is_ours(name: str) -> bool:
    try:
        tarfile.TarInfo(safe_key(name)).tobuf(tarfile.USTAR_FORMAT)
    except (UnsafeKey, ValueError):
        return False
    return True
