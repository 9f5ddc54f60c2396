"""What a backup is made from: the database of this program, its settings without secrets, and where archives go."""

import json
from datetime import datetime
from pathlib import Path
from uuid import UUID

from mainstay.db.backup.folder import MEGABYTE
from mainstay.db.backup.making import Source, Target
from mainstay.db.backup.programs import Programs
from mainstay.db.backup.settings import BackupSettings
from mainstay.db.backup.shelf import Shelf
from mainstay.db.embedded.settings import RecoverySettings
from mainstay.db.embedded.store import Store, name_of
from mainstay.settings import Configuration, CoreSettings
from mainstay.storage.settings import StorageSettings
from mainstay.work import UnitOfWork

# They tell of archives on this machine, and which database this is; a restored copy is another one.
LEFT_OUT = ("backup_archive", "backup_database")


def chosen(uow: UnitOfWork) -> BackupSettings:
    """Return the settings of backups."""
    return uow.setup.settings.of(BackupSettings)


def data_dir_of(uow: UnitOfWork) -> Path:
    """Return the program's data folder."""
    return uow.setup.settings.of(CoreSettings).data_dir


def shelf_of(uow: UnitOfWork) -> Shelf:
    """Return where scheduled archives go."""
    return chosen(uow).place(data_dir_of(uow))


def source(uow: UnitOfWork) -> Source:
    """Return what is backed up."""
    setup = uow.setup
    assert setup.owner_url is not None  # noqa: S101  every program sets it
    about = setup.about
    return Source(
        setup.owner_url.get_secret_value(),
        about.name,
        about.version,
        plain_settings(setup.settings),
        LEFT_OUT,
        Programs(chosen(uow).programs),
        folder_of_files(setup.settings),
    )


def second_place(uow: UnitOfWork) -> Store | None:
    """Return where the log of the embedded database is received; None where it is not."""
    folder = uow.setup.settings.of(RecoverySettings).folder
    named = data_dir_of(uow) / "postgres"
    return Store(folder / name_of(named)) if folder is not None and named.is_dir() else None


def folder_of_files(configuration: Configuration) -> Path | None:
    """Return the folder of files; None where the program keeps none, or keeps them in a bucket."""
    settings = configuration.find(StorageSettings)
    return None if settings is None or settings.url else settings.place(configuration.of(CoreSettings).data_dir)


def target(uow: UnitOfWork, shelf: Shelf, database: UUID, key: UUID, moment: datetime) -> Target:
    """Return where the archive `key` goes."""
    settings = chosen(uow)
    return Target(shelf, database, key, moment, settings.key_bytes(), settings.reserve_mb * MEGABYTE)


def plain_settings(configuration: Configuration) -> bytes:
    """Return all settings as JSON by section, without the secrets."""
    found = {
        each.section or "program": each.model_dump(mode="json", exclude=set(each.secrets())) for each in configuration
    }
    return json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True).encode()
