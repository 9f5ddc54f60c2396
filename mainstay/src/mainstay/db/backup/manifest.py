"""The manifest: what an archive holds, where it comes from, and by what a restored copy is compared with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from mainstay.db.backup.sealing import damaged


@dataclass(frozen=True, slots=True)
class Header:
    """What anybody may read of an archive: whose it is. `key` is the label of the key that encrypts it."""

    program: str
    database: UUID
    id: UUID
    made_at: datetime
    salt: str
    key: str | None

    def line(self) -> bytes:
        """Return it as a line of JSON."""
        return _HEADER.dump_json(self) + b"\n"

    @classmethod
    def of(cls, line: bytes) -> Self:
        """Read it. Raises BackupError."""
        try:
            return _HEADER.validate_json(line)  # type: ignore[return-value]  # there are no subclasses
        except ValidationError as failure:
            raise damaged() from failure


@dataclass(frozen=True, slots=True)
class Table:
    """A table's rows: how many, and a digest of their content in which their order does not count."""

    name: str
    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the archive: its size in bytes and its SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive holds. `postgres` is the server's version as a number, `left_out` are tables without content."""

    program: str
    version: str
    database: UUID
    made_at: datetime
    postgres: int
    heads: tuple[str, ...]
    left_out: tuple[str, ...]
    tables: tuple[Table, ...]
    parts: tuple[Part, ...]

    def content(self) -> bytes:
        """Return it as JSON."""
        return _MANIFEST.dump_json(self)

    @classmethod
    def of(cls, content: bytes) -> Self:
        """Read it. Raises BackupError."""
        try:
            return _MANIFEST.validate_json(content)  # type: ignore[return-value]  # there are no subclasses
        except ValidationError as failure:
            raise damaged() from failure

    @property
    def rows(self) -> int:
        """How many rows there are in all tables."""
        return sum(table.rows for table in self.tables)

    def differences(self, found: Iterable[Table]) -> list[str]:
        """Return the names of the tables whose content is another one than when the archive was made."""
        expected, present = set(self.tables), set(found)
        return sorted({table.name for table in expected ^ present})


_HEADER = TypeAdapter(Header)
_MANIFEST = TypeAdapter(Manifest)
