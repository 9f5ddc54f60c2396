"""What the commands do that need no running program: reading an archive, and restoring it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from mainstay.db import migrate
from mainstay.db.backup.errors import BackupError
from mainstay.db.backup.manifest import Manifest
from mainstay.db.backup.moments import Outcome, Trial, restore_moment, store_in
from mainstay.db.backup.placing import demand_new, restore_into_folder
from mainstay.db.backup.programs import Programs
from mainstay.db.backup.restoring import Recipe, demand_fitting, restore, verify
from mainstay.db.backup.settings import BackupSettings
from mainstay.db.embedded import EmbeddedPostgres
from mainstay.db.embedded.settings import RecoverySettings
from mainstay.modules.backup.service.sources import LEFT_OUT
from mainstay.setup import About


def verified(about: About, archive: Path, tell: Callable[[str], None]) -> tuple[Recipe, Manifest]:
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
