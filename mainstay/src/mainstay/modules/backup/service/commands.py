"""What the commands do that need no running program: reading an archive, and restoring it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from mainstay.db import migrate
from mainstay.db.backup.archive import read_header
from mainstay.db.backup.bucket import shelf_in
from mainstay.db.backup.errors import BackupError
from mainstay.db.backup.folder import archive_at
from mainstay.db.backup.manifest import Header, Manifest
from mainstay.db.backup.moments import Outcome, Trial, restore_moment, store_in
from mainstay.db.backup.placing import demand_new, restore_into_folder
from mainstay.db.backup.programs import Programs
from mainstay.db.backup.restoring import Recipe, demand_fitting, restore, verify
from mainstay.db.backup.settings import BackupSettings
from mainstay.db.backup.shelf import Shelved, name_on
from mainstay.db.embedded import EmbeddedPostgres
from mainstay.db.embedded.settings import RecoverySettings
from mainstay.modules.backup.service.sources import LEFT_OUT
from mainstay.settings import CoreSettings
from mainstay.setup import About


@dataclass(frozen=True, slots=True)
class Kept:
    """An archive that lies where the settings say, and what its header tells of it."""

    archive: Shelved
    size: int
    header: Header


def kept(about: About) -> list[Kept]:
    """Return the archives that lie where the settings say, the newest first, whichever database made them.

    Raises BackupError when the place cannot be used.
    """
    shelf = BackupSettings.load(about.name).place(CoreSettings.load(about.name).data_dir)
    found: list[Kept] = []
    for name, size in shelf.sizes().items():
        # What somebody else laid there is left out.
        with suppress(BackupError):
            archive = Shelved(shelf, name)
            found.append(Kept(archive, size, read_header(archive)))
    return sorted(found, key=lambda each: each.header.made_at, reverse=True)


def named(about: About, archive: str) -> Shelved:
    """Return the archive at a path, or at an address in the bucket of the settings. Raises BackupError."""
    if "://" not in archive:
        return archive_at(Path(archive))
    bucket = BackupSettings.load(about.name).bucket()
    shelf = None if bucket is None else shelf_in(bucket)
    name = None if shelf is None else name_on(shelf, archive)
    if shelf is None or name is None:
        raise BackupError("The address is none in the bucket of backups; set …_BACKUP_URL and its key first.")
    return Shelved(shelf, name)


def verified(about: About, archive: Shelved, tell: Callable[[str], None]) -> tuple[Recipe, Manifest]:
    """Read a whole archive of this program. Raises BackupError when it is not sound, or of another program."""
    settings = BackupSettings.load(about.name)
    recipe = Recipe(archive, settings.key_bytes(), Programs(settings.programs), tell)
    manifest = verify(recipe)
    demand_fitting(manifest, about.name, about.migrations)
    return recipe, manifest


def restored(about: About, source: tuple[Recipe, Manifest], to: str, *, is_upgraded: bool) -> None:
    """Restore a verified archive into an empty database (an address) or a new data folder. Raises BackupError."""
    recipe, manifest = source
    if "://" in to:
        restore(recipe, manifest, to)
        if is_upgraded:
            migrate.upgrade(to, about.migrations)
        return
    folder = Path(to)
    demand_new(folder)
    restore_into_folder(recipe, manifest, folder)
    if is_upgraded:
        with EmbeddedPostgres(folder, database=about.name) as server:
            migrate.upgrade(server.dsn, about.migrations)


def restored_to(
    about: About, at: datetime | None, to: Path, source: Path | None, tell: Callable[[str], None]
) -> Outcome:
    """Restore the embedded database to a moment, into a new data folder. Raises BackupError."""
    folder = source or RecoverySettings.load(about.name).folder
    if folder is None:
        raise BackupError(
            "No folder is known that received the database's log; name it with --from, or set …_RECOVERY_FOLDER."
        )
    trial = Trial(about.name, about.invariants, LEFT_OUT, tell)
    return restore_moment(store_in(folder.resolve()), at, to, trial)


def moment_of(text: str) -> datetime | None:
    """Read `latest` (None), or a date and a time, which is UTC unless it says otherwise. Raises BackupError."""
    if text == "latest":
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as failure:
        raise BackupError(
            f"“{text}” is no moment; write one as 2026-11-30T14:05:00+01:00, or as 2026-11-30 13:05:00 for UTC, or "
            "`latest`."
        ) from failure
    return at if at.tzinfo else at.replace(tzinfo=UTC)
