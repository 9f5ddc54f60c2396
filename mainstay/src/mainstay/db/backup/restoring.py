"""Restoring an archive into an empty database, after every byte of it was looked at, and comparing the result."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from alembic.util import CommandError

from mainstay.db import migrate
from mainstay.db.backup import programs
from mainstay.db.backup.archive import DATABASE, FILES, Sink, ignore, read_archive
from mainstay.db.backup.errors import BackupError
from mainstay.db.backup.files import Unpacker
from mainstay.db.backup.making import connected
from mainstay.db.backup.manifest import Manifest
from mainstay.db.backup.measuring import is_empty, measure
from mainstay.db.backup.programs import Programs
from mainstay.db.backup.shelf import Shelved
from mainstay.db.backup.stopping import Stop

Progress = Callable[[str], None]
# How often progress is told: per tenth.
_STEPS = 10


@dataclass(frozen=True, slots=True)
class Recipe:
    """How an archive is read: where it lies, key, PostgreSQL's programs, whom to tell how far it is, and what stops it.

    `files` is the folder that its files are written into; without one they are only read.
    """

    archive: Shelved
    key: bytes | None = field(default=None, repr=False)
    programs: Programs = field(default_factory=Programs)
    tell: Progress = lambda _line: None
    stop: Stop = field(default_factory=Stop)
    files: Path | None = None


def verify(recipe: Recipe) -> Manifest:
    """Read the whole archive and return its manifest. Raises BackupError when anything is not as it was written."""
    return read_archive(recipe.archive, recipe.key, _Counted(recipe, "read", ignore))


def demand_fitting(manifest: Manifest, program: str, packages: Sequence[str]) -> None:
    """Raise BackupError when the archive is of another program, or of a newer one than this."""
    if manifest.program != program:
        raise BackupError(f"The archive is of the program {manifest.program}, and this is {program}.")
    try:
        migrate.missing(manifest.heads, packages)
    except CommandError as failure:
        raise BackupError(
            f"The archive was made by a newer version of {program} ({manifest.version}); restore it with that one."
        ) from failure


def restore(recipe: Recipe, manifest: Manifest, url: str) -> None:
    """Bring what the verified archive holds into the empty database at `url`, and compare it with the manifest.

    Raises BackupError: the database is not empty or too old, refuses something, or holds something else in the end.
    """
    with connected(url) as connection:
        if not is_empty(connection):
            raise BackupError("The database is not empty; a backup is restored beside what is there, never over it.")
        server = connection.info.server_version
    if server // 10000 < manifest.postgres // 10000:
        raise BackupError(
            f"The archive comes from PostgreSQL {manifest.postgres // 10000} and the server is PostgreSQL "
            f"{server // 10000}; restore it into that version or a newer one."
        )
    unpacker = None if recipe.files is None else Unpacker(recipe.files)
    with programs.load(recipe.programs.demand("pg_restore", manifest.postgres), url, recipe.stop) as taking:

        def take(name: str, piece: bytes) -> None:
            if name == DATABASE:
                taking.write(piece)
            elif name == FILES and unpacker is not None:
                unpacker.write(piece)

        read = read_archive(recipe.archive, recipe.key, _Counted(recipe, "restored", take))
    if unpacker is not None:
        unpacker.close()
    if read != manifest:
        raise BackupError("The archive was exchanged while it was being restored; begin again.")
    recipe.tell("comparing every table with the archive")
    with connected(url) as connection, connection.transaction(), recipe.stop.ending_statements(connection):
        different = manifest.differences(measure(connection, manifest.left_out))
    if different:
        raise BackupError(f"What was restored differs from the archive in {', '.join(different)}; do not use it.")


class _Counted:
    """Hands pieces on, and tells how much of the archive has gone by."""

    def __init__(self, recipe: Recipe, verb: str, sink: Sink) -> None:
        self._recipe, self._verb, self._sink = recipe, verb, sink
        self._total = max(1, recipe.archive.size())
        self._seen, self._told = 0, 0

    def __call__(self, name: str, piece: bytes) -> None:
        self._recipe.stop.refuse()
        self._sink(name, piece)
        self._seen += len(piece)
        step = min(_STEPS, self._seen * _STEPS // self._total)
        if step > self._told:
            self._told = step
            self._recipe.tell(f"{self._verb} {step * 100 // _STEPS} %")
