"""Making an archive: one snapshot of the database, dumped, measured and written under a name that comes last."""

import fcntl
import os
import shutil
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
from mainstay.db.backup import archive, programs
from mainstay.db.backup.archive import ArchiveWriter
from mainstay.db.backup.errors import BackupError
from mainstay.db.backup.files import packed, size_of
from mainstay.db.backup.manifest import Header, Manifest
from mainstay.db.backup.measuring import measure
from mainstay.db.backup.programs import Programs, connection_parts
from mainstay.db.backup.sealing import key_label
from mainstay.db.backup.stopping import Stop
from mainstay.db.migrate import VERSION_TABLE

# Any fixed number: whoever holds this advisory lock is making or rehearsing a backup.
BACKUP_LOCK = 5_820_447_391
PARTIAL = ".partial"
MEGABYTE = 1024 * 1024


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
    """Where the archive goes, what it is called by, and what it leaves free on the disk (bytes).

    Of the backups that `failed` no archive stays there: who was killed while he tried it out left one.
    """

    folder: Path
    database: UUID
    id: UUID
    made_at: datetime
    key: bytes | None = field(default=None, repr=False)
    reserve: int = 0
    failed: frozenset[UUID] = frozenset()

    def name(self, program: str) -> str:
        """Return the archive's name: no two are alike, and they sort by time."""
        return f"{program}-{self.made_at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}-{self.id.hex[-8:]}{archive.SUFFIX}"


@dataclass(frozen=True, slots=True)
class Made:
    """An archive that was made."""

    path: Path
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
    """Make an archive; it has its name once it is whole and on the disk, and nothing is left of one that is not.

    Blocks. Raises BackupError when the database cannot be read, the disk is full, or `stop` is set.
    """
    path = target.folder / target.name(source.program)
    try:
        _prepare(target)
        with connected(source.url) as connection:
            _demand_space(connection, source, target)
            with _partial(path) as file:
                manifest = _write(file, connection, source, target, stop)
        return Made(path, path.stat().st_size, manifest)
    except OSError as failure:
        raise BackupError(
            f"The archive cannot be written to {target.folder}: {failure.strerror or failure}."
        ) from failure


def _prepare(target: Target) -> None:
    """Make the folder, and remove what killed backups left there: nobody holds the lock of such a file any more.

    The caller holds the lock of the database (`alone`), so that nobody tries out what `failed`.
    """
    target.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in target.folder.glob(f".*{archive.SUFFIX}{PARTIAL}"):
        # Another process may be removing it, or is writing it, or it is somebody else's.
        with suppress(OSError), path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
    for path in target.folder.glob(f"*{archive.SUFFIX}") if target.failed else ():
        with suppress(OSError, BackupError):
            header = archive.read_header(path)
            if header.database == target.database and header.id in target.failed:
                path.unlink()


def _demand_space(connection: Connection, source: Source, target: Target) -> None:
    """Raise BackupError when the disk would be full of it: an archive is smaller than the database."""
    row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    wanted = (int(row[0]) if row else 0) + size_of(source.files) + target.reserve
    free = shutil.disk_usage(target.folder).free
    if free < wanted:
        raise BackupError(
            f"There is too little space in {target.folder}: {free // MEGABYTE} MB are free and a backup may need "
            f"{wanted // MEGABYTE} MB; make room, or name another folder (…_BACKUP_FOLDER)."
        )


@contextmanager
def _partial(path: Path) -> Iterator[IO[bytes]]:
    """Yield the file that gets its name when the block has ended well; otherwise nothing stays."""
    partial = path.with_name(f".{path.name}{PARTIAL}")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


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
        writer.add(archive.DATABASE, programs.dump(program, source.url, options, stop))
        with stop.ending_statements(connection):
            tables = measure(connection, source.left_out)
        heads = _heads(connection)
    stop.refuse()
    writer.add(archive.SETTINGS, iter([source.settings]))
    if source.files is not None:
        # After the snapshot: of all that it shows the files are there, and nothing is dropped while this goes on.
        writer.add(archive.FILES, packed(source.files, stop))
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
