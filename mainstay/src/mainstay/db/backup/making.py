"""Making an archive: one snapshot of the database, dumped, measured and written under a name that comes last."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO
from uuid import UUID

import psycopg
from psycopg import Connection
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Literal

from mainstay import crypto
from mainstay.db.backup import programs
from mainstay.db.backup.archive import DATABASE, FILES, SETTINGS, SUFFIX, ArchiveWriter, read_header
from mainstay.db.backup.errors import BackupError
from mainstay.db.backup.files import packed, size_of
from mainstay.db.backup.manifest import Header, Manifest
from mainstay.db.backup.measuring import measure
from mainstay.db.backup.programs import Programs, connection_parts
from mainstay.db.backup.sealing import key_label
from mainstay.db.backup.shelf import Shelf, Shelved
from mainstay.db.backup.stopping import Stop
from mainstay.db.migrate import VERSION_TABLE

# Any fixed number: whoever holds this advisory lock is making or rehearsing a backup.
BACKUP_LOCK = 5_820_447_391


@dataclass(frozen=True, slots=True)
class Source:
    """What is backed up: the database at `url` (its tables' owner), and the settings, which hold no secrets.

    Of the tables `left_out` the archive has the shape and no rows. `files` is the folder of files, where there is one.
    """

    url: str = field(repr=False)
    program: str
    version: str
    settings: bytes
    left_out: tuple[str, ...] = ()
    programs: Programs = field(default_factory=Programs)
    files: Path | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Where the archive goes, what it is called by, and what it leaves free there (bytes).

    Of the backups that `failed` no archive stays there: who was killed while he tried it out left one.
    """

    shelf: Shelf
    database: UUID
    id: UUID
    made_at: datetime
    key: bytes | None = field(default=None, repr=False)
    reserve: int = 0
    failed: frozenset[UUID] = frozenset()

    def name(self, program: str) -> str:
        """Return the archive's name: no two are alike, they sort by time, and are keys that every storage takes."""
        return f"{program}-{self.made_at.astimezone(UTC):%Y%m%dt%H%M%S.%fz}{_end_of(self.id)}"


def _end_of(key: UUID) -> str:
    return f"-{key.hex[-8:]}{SUFFIX}"


@dataclass(frozen=True, slots=True)
class Made:
    """An archive that was made."""

    archive: Shelved
    size: int
    manifest: Manifest


@contextmanager
def alone(url: str) -> Iterator[None]:
    """Let nobody else make or rehearse a backup of the database at `url` inside the block. Raises BackupError."""
    with connected(url) as connection:
        if connection.execute("SELECT pg_try_advisory_lock(%s)", [BACKUP_LOCK]).fetchone() != (True,):
            raise BackupError("Another backup of this database is under way; wait until it is finished.")
        try:
            yield
        finally:
            # The server sees only later that a client has gone; the next backup may begin at once.
            connection.execute("SELECT pg_advisory_unlock(%s)", [BACKUP_LOCK])


@contextmanager
def connected(url: str, database: str | None = None) -> Iterator[Connection]:
    """Yield a connection outside of transactions. Raises BackupError when there is none."""
    try:
        connection = psycopg.connect(
            make_conninfo(**connection_parts(url, database)), autocommit=True, connect_timeout=10
        )
    except psycopg.OperationalError as failure:
        raise BackupError(f"The database cannot be reached: {str(failure).strip()}") from failure
    try:
        with connection:
            yield connection
    except psycopg.Error as failure:
        raise BackupError(f"The database refused: {str(failure).strip()}") from failure


def make(source: Source, target: Target, stop: Stop) -> Made:
    """Make an archive; it has its name once it is whole and safe, and nothing is left of one that is not.

    Blocks. Raises BackupError when the database cannot be read, the place is full or away, or `stop` is set.
    """
    shelf, name = target.shelf, target.name(source.program)
    shelf.prepare()
    _remove_failed(target)
    with connected(source.url) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        # An archive is smaller than the database.
        shelf.demand_room((int(row[0]) if row else 0) + size_of(source.files) + target.reserve)
        with shelf.writing(name) as file:
            manifest = _write(file, connection, source, target, stop)
    archive = Shelved(shelf, name)
    return Made(archive, archive.size(), manifest)


def _remove_failed(target: Target) -> None:
    """Remove what killed backups left that had their names already.

    The caller holds the lock of the database (`alone`), so that nobody tries out what `failed`.
    """
    if not target.failed:
        return
    ends = tuple(_end_of(each) for each in target.failed)
    for name in target.shelf.sizes():
        # The header decides; the name spares a look into each.
        if name.endswith(ends):
            with suppress(BackupError):
                header = read_header(Shelved(target.shelf, name))
                if header.database == target.database and header.id in target.failed:
                    target.shelf.remove(name)


def _write(file: IO[bytes], connection: Connection, source: Source, target: Target, stop: Stop) -> Manifest:
    """Write what one snapshot shows: whatever others commit meanwhile is in none of the parts."""
    server = connection.info.server_version
    program = source.programs.demand("pg_dump", server)
    salt = crypto.new_salt(32).hex()
    label = None if target.key is None else key_label(target.key, salt)
    header = Header(source.program, target.database, target.id, target.made_at, salt, label)
    writer = ArchiveWriter(file, header, target.key)
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert snapshot is not None  # noqa: S101  a function is one row
        options = [f"--snapshot={snapshot[0]}", *(f"--exclude-table-data=*.{name}" for name in source.left_out)]
        writer.add(DATABASE, programs.dump(program, source.url, options, stop))
        with stop.ending_statements(connection):
            tables = measure(connection, source.left_out)
        heads = _heads(connection)
    stop.refuse()
    writer.add(SETTINGS, iter([source.settings]))
    if source.files is not None:
        # After the snapshot: of all that it shows the files are there, and nothing is dropped while this goes on.
        writer.add(FILES, packed(source.files, stop))
    manifest = Manifest(
        source.program,
        source.version,
        target.database,
        target.made_at,
        server,
        heads,
        source.left_out,
        tables,
        tuple(writer.parts),
    )
    writer.finish(manifest)
    return manifest


def _heads(connection: Connection) -> tuple[str, ...]:
    rows = connection.execute(SQL("SELECT version_num FROM {} ORDER BY 1").format(SQL(VERSION_TABLE))).fetchall()
    return tuple(str(row[0]) for row in rows)


def account_may_create(connection: Connection) -> bool:
    """Whether the account may create databases, which a rehearsal needs."""
    row = connection.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    return row == (True,)


def databases_like(connection: Connection, prefix: str) -> list[str]:
    """Return the databases of the account whose names begin with `prefix`."""
    rows = connection.execute(
        SQL("SELECT datname FROM pg_database WHERE starts_with(datname, {}) AND datdba = current_user::regrole").format(
            Literal(prefix)
        )
    ).fetchall()
    return [str(row[0]) for row in rows]
