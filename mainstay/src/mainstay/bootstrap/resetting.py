"""What `reset` removes and what stands against it: the program's own data, never a running or a productive one's."""

import pkgutil
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mainstay import modules
from mainstay.bootstrap.database import Embedded, External, choose
from mainstay.bootstrap.meeting import running_folder
from mainstay.bootstrap.program import Program
from mainstay.db import emptying
from mainstay.db.backup.settings import BackupSettings
from mainstay.db.embedded.settings import RecoverySettings
from mainstay.db.emptying import Contents
from mainstay.db.migrate import Scope
from mainstay.errors import ConfigurationError
from mainstay.settings import Configuration, CoreSettings


class ResetRefused(ConfigurationError):
    """What stands against a reset; nothing was removed."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What a reset removes: a database (`where` it is, its `url` for the owner), and files in folders."""

    where: str
    url: str
    contents: Contents
    files: dict[Path, list[Path]]

    def lines(self) -> Iterator[str]:
        """Yield what the operator reads before anything is removed."""
        yield f"{self.where}: {self.contents.tables} tables with {self.contents.rows} rows"
        for folder, files in self.files.items():
            size = sum(path.lstat().st_size for path in files)
            yield f"{folder}: {len(files)} files with {size} bytes"

    def remove(self) -> None:
        """Empty the database, then the folders, which stay themselves."""
        emptying.empty(self.url)
        for folder in self.files:
            for path in folder.iterdir() if folder.is_dir() else ():
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink()


def scope_of(program: Program) -> Scope:
    """Return which tables the migrations of `program` make: Mainstay's make those of modules that it has not, too."""
    built_in = (f"{each.name}_" for each in pkgutil.iter_modules(modules.__path__))
    return Scope(program.tables, (*program.scope.prefixes, *built_in))


@contextmanager
def looked_through(program: Program, named: str | None) -> Iterator[Findings]:
    """Yield what a reset of `program` removes, while nobody else can use its database.

    A database that the program does not run itself must be `named`. Raises ResetRefused, and ConfigurationError when
    the database cannot be reached.
    """
    configuration = program.configuration()
    core = configuration.of(CoreSettings)
    if core.environment == "production":
        raise ResetRefused(
            f"This is production ({program.name.upper()}_ENVIRONMENT): a reset would remove what people work with. "
            "Nothing was removed."
        )
    folders = _folders(program, configuration)
    database = choose(program.name, core)
    _refuse_others(program, database, named)
    _refuse_running(program, database, core)
    try:
        url = database.start()
        if (connected := emptying.clients(url)) and isinstance(database, External):
            raise ResetRefused(f"The database is in use by {', '.join(connected)}; stop that first.")
        where = database.description if isinstance(database, External) else f"the database in {database.description}"
        yield Findings(where, url, _own_contents(program, url), folders)
    finally:
        database.stop()


def _refuse_others(program: Program, database: Embedded | External, named: str | None) -> None:
    """Raise ResetRefused unless the database is the program's own, or `named`."""
    if isinstance(database, Embedded):
        if named is not None:
            raise ResetRefused(
                f"{program.name.upper()}_DATABASE_URL is not set: there is no database {named} to empty."
            )
        return
    name = emptying.name_of(database.start())
    if named != name:
        raise ResetRefused(
            f"{database.description.capitalize()} is run by others: name it with --database {name} if it is to be "
            "emptied."
        )


def _refuse_running(program: Program, database: Embedded | External, core: CoreSettings) -> None:
    is_running = isinstance(database, Embedded) and database.running_url() is not None
    if is_running or running_folder(core.data_dir.resolve()) is not None:
        raise ResetRefused(f"{program.title} runs on these data; stop it first. Nothing was removed.")


def _own_contents(program: Program, url: str) -> Contents:
    found = emptying.contents(url, scope_of(program))
    if found.others:
        raise ResetRefused(
            f"The database holds tables that are not the program's ({', '.join(found.others[:5])}); move them first. "
            "Nothing was removed."
        )
    return found


def _folders(program: Program, configuration: Configuration) -> dict[Path, list[Path]]:
    """Return the folders that modules keep data in, with the files in each; raises ResetRefused for one with more."""
    kept = _kept(program, configuration)
    named = (module.folder(configuration) for module in program.modules if module.folder is not None)
    found = {}
    for folder in (each.resolve() for each in named if each is not None):
        if inner := next((path for path in kept if path.is_relative_to(folder)), None):
            raise ResetRefused(f"{folder} would be emptied, and {inner}, which stays, lies in it. Nothing was removed.")
        found[folder] = [path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()]
    return found


def _kept(program: Program, configuration: Configuration) -> list[Path]:
    """Return the folders that a reset never touches: the data folder itself, backups and the second place."""
    data_dir = configuration.of(CoreSettings).data_dir
    backups, recovery = BackupSettings.load(program.name), RecoverySettings.load(program.name)
    places = [data_dir, backups.folder or data_dir / "backups", data_dir / "postgres", recovery.folder]
    return [path.resolve() for path in places if path is not None]
