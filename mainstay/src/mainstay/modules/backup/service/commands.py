"""What the commands do that need no running program: reading an archive, and restoring it."""

from collections.abc import Callable
from pathlib import Path

from mainstay.db import migrate
from mainstay.db.backup.manifest import Manifest
from mainstay.db.backup.placing import demand_new, restore_into_folder
from mainstay.db.backup.programs import Programs
from mainstay.db.backup.restoring import Recipe, demand_fitting, restore, verify
from mainstay.db.backup.settings import BackupSettings
from mainstay.db.embedded import EmbeddedPostgres
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
