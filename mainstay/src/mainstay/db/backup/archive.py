"""The archive as a file: a header that anybody may read, then parts and the manifest inside of chunks.

    mainstay-backup 1  ⏎  {header}  ⏎  chunk chunk … last chunk

The chunks' content is a row of records: `B` begins a part by its name, `D` is a piece of it, `E` ends it, and `M` is
the manifest, which comes last, because only then is everything known. Nothing is ever kept whole, on either way.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from mainstay.db.backup.errors import BackupError
from mainstay.db.backup.manifest import Header, Manifest, Part
from mainstay.db.backup.sealing import ChunkWriter, Digested, Encrypted, Sealer, damaged, key_label, read_chunks
from mainstay.db.backup.shelf import Shelved

MAGIC = b"mainstay-backup 1\n"
SUFFIX = ".backup"
DATABASE = "database.dump"
SETTINGS = "settings.json"
FILES = "files.tar"
_LONGEST_HEADER = 64 * 1024
# Larger than any piece that is written, and than the manifest of a program with thousands of tables.
_LONGEST_RECORD = 16 * 1024 * 1024

Sink = Callable[[str, bytes], None]


class ArchiveWriter:
    """Writes an archive into an open file; what is not finished by `finish` is refused by every reader."""

    def __init__(self, file: IO[bytes], header: Header, key: bytes | None) -> None:
        line = header.line()
        file.write(MAGIC + line)
        self._chunks = ChunkWriter(file, _sealer(header, line, key))
        self.parts: list[Part] = []

    def add(self, name: str, pieces: Iterator[bytes]) -> None:
        """Write a part."""
        size, digest = 0, hashlib.sha256()
        self._record(b"B", name.encode())
        for piece in pieces:
            size += len(piece)
            digest.update(piece)
            self._record(b"D", piece)
        self._record(b"E", b"")
        self.parts.append(Part(name, size, digest.hexdigest()))

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest and the end."""
        self._record(b"M", manifest.content())
        self._chunks.close()

    def _record(self, kind: bytes, data: bytes) -> None:
        self._chunks.write(kind + len(data).to_bytes(4, "big") + data)


@dataclass(slots=True)
class _Reading:
    """What has been read of an archive."""

    sink: Sink
    name: str | None = None
    size: int = 0
    digest: "hashlib._Hash" = None  # type: ignore[assignment]  # set with the name
    parts: tuple[Part, ...] = ()
    manifest: Manifest | None = None

    def take(self, kind: bytes, data: bytes) -> None:
        """Take a record. Raises BackupError when it does not belong here."""
        if kind == b"B" and self.name is None and self.manifest is None:
            self.name, self.size, self.digest = data.decode(errors="replace"), 0, hashlib.sha256()
        elif kind == b"D" and self.name is not None:
            self.size += len(data)
            self.digest.update(data)
            self.sink(self.name, data)
        elif kind == b"E" and self.name is not None:
            self.parts = (*self.parts, Part(self.name, self.size, self.digest.hexdigest()))
            self.name = None
        elif kind == b"M" and self.name is None and self.manifest is None:
            self.manifest = Manifest.of(data)
        else:
            raise damaged()


def read_header(archive: Shelved) -> Header:
    """Return what anybody may read of an archive. Raises BackupError when it is none."""
    with archive.shelf.opened(archive.name) as file:
        return Header.of(_header_line(file, archive))


def read_archive(archive: Shelved, key: bytes | None, sink: Sink) -> Manifest:
    """Hand the pieces of every part to `sink`, and return the manifest when everything was as it was written.

    Raises BackupError: no archive, another key, or a byte that is not what it was.
    """
    with archive.shelf.opened(archive.name) as file:
        line = _header_line(file, archive)
        header = Header.of(line)
        reading = _Reading(sink)
        for kind, data in _records(read_chunks(file, _sealer(header, line, key))):
            reading.take(kind, data)
    manifest = reading.manifest
    if manifest is None or manifest.parts != reading.parts or manifest.database != header.database:
        raise damaged()
    return manifest


def ignore(_name: str, _piece: bytes) -> None:
    """Take a piece and do nothing with it: for reading an archive to see that it is sound."""


def _header_line(file: IO[bytes], archive: Shelved) -> bytes:
    if file.read(len(MAGIC)) != MAGIC:
        raise BackupError(f"The file {archive} is no backup that this version of the program can read.")
    line = file.readline(_LONGEST_HEADER)
    try:
        json.loads(line)
    except ValueError as failure:
        raise damaged() from failure
    return line


def _sealer(header: Header, line: bytes, key: bytes | None) -> Sealer:
    if header.key is None:
        if key is not None:
            raise BackupError(
                "The archive is not encrypted and a key is set (…_BACKUP_KEY), so anybody may have made it; run the "
                "command without the key if you trust it."
            )
        return Digested(line)
    if key is None:
        raise BackupError("The archive is encrypted; set the key of backups (…_BACKUP_KEY) with which it was made.")
    if key_label(key, header.salt) != header.key:
        raise BackupError("The archive was encrypted with another key than the one that is set (…_BACKUP_KEY).")
    return Encrypted(key, header.salt, line)


def _records(chunks: Iterator[bytes]) -> Iterator[tuple[bytes, bytes]]:
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        begin = 0
        while len(waiting) - begin >= 5:
            size = int.from_bytes(waiting[begin + 1 : begin + 5], "big")
            if size > _LONGEST_RECORD:
                raise damaged()
            if len(waiting) - begin < 5 + size:
                break
            yield bytes(waiting[begin : begin + 1]), bytes(waiting[begin + 5 : begin + 5 + size])
            begin += 5 + size
        del waiting[:begin]
    if waiting:
        raise damaged()
