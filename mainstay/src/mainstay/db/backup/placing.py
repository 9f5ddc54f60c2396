"""Where an archive is restored to: an empty database, or a new data folder with an embedded server of its own."""

import shutil
from dataclasses import replace
from pathlib import Path

from mainstay.db.backup.errors import BackupError
from mainstay.db.backup.manifest import Manifest
from mainstay.db.backup.restoring import Recipe, restore
from mainstay.db.embedded import EmbeddedPostgres


def restore_into_folder(recipe: Recipe, manifest: Manifest, folder: Path) -> None:
    """Restore a verified archive into a new data folder, which is there once all of it is. Raises BackupError."""
    folder = folder.resolve()
    demand_new(folder)
    beside = folder.with_name(f".{folder.name}.restoring")
    if beside.exists():
        raise BackupError(f"An earlier restore was broken off in {beside}; remove that folder and begin again.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with EmbeddedPostgres(beside, database=manifest.program) as server:
            restore(replace(recipe, files=beside / "files"), manifest, server.dsn)
        if folder.exists():
            folder.rmdir()
        beside.rename(folder)
    except OSError as failure:
        raise BackupError(f"The folder {folder} cannot be made: {failure.strerror}.") from failure
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def demand_new(folder: Path) -> None:
    """Raise BackupError when there is anything at `folder`."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupError(f"There is something at {folder} already; name a folder that does not exist.")
