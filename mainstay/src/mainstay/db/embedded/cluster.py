"""The cluster on disk: its folders and their owners, its making, and whether this server can read it.

    <data folder>/postgres/           the program's, open for passage only
                           cluster/   the database; the server's account's, closed to others
                           socket/    where clients connect; likewise
                           log/       likewise

The program writes nothing by name into folders of the server's account that it has not checked: whoever got hold of
the server could otherwise place links there and have root follow them.
"""

import logging
import os
import shutil
import signal
import stat
import tempfile
from pathlib import Path

from mainstay.db.embedded.account import Account
from mainstay.db.embedded.configuration import include_line, write_settings
from mainstay.db.embedded.errors import EmbeddedDatabaseError
from mainstay.db.embedded.processes import end_processes_in, launch, read_own
from mainstay.db.embedded.programs import server_version

logger = logging.getLogger(__name__)

SUPERUSER = "postgres"
# Code point order and Unicode's own tables: an index never breaks when the system's C library is updated. The wheel is
# built without ICU. The C library's C.UTF-8 is what pg_trgm tells letters by: with plain "C" it drops Cyrillic.
INITDB_OPTIONS = (
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C.UTF-8",
    "--lc-messages=C",
    "--data-checksums",
    # Whoever reaches the socket's folder is the server's account or root, and may read the files anyway.
    "--auth-local=trust",
    "--auth-host=reject",
    f"--username={SUPERUSER}",
)


class Cluster:
    """The folders of one database server below a program's data folder."""

    def __init__(self, data_dir: Path) -> None:
        self.base = data_dir / "postgres"
        self.path = self.base / "cluster"
        self.sockets = self.base / "socket"
        self.logs = self.base / "log"

    def prepare(self, account: Account, programs: Path, settings: str = "") -> None:
        """Make whatever is missing, so that `account` can run the server from the folder `programs`.

        `settings` are lines of configuration besides those that every server has. Raises EmbeddedDatabaseError when the
        cluster cannot be made or was made by another major version.
        """
        self.base.mkdir(exist_ok=True)
        # Passage for the server's account on its way from the cluster to its socket and its log.
        self.base.chmod(0o711 if account.is_switched else 0o700)
        for folder in (self.sockets, self.logs):
            own_folder(folder, account)
        if not self.path.exists():
            self._make(account, programs)
        self._check_version()
        own_folder(self.path, account)
        write_settings(self.path, settings)

    def address(self, account: Account) -> str:
        """Return what the server is to be told as its data folder while that is its working folder.

        A server that runs as another account may not be able to walk there from the root folder (a data folder below
        root's home). Its working folder was entered before the change of account, and this name leads to it directly.
        """
        return "/proc/self/cwd" if account.is_switched else str(self.path)

    def clear_remains(self) -> None:
        """End what an earlier program left running here, and remove its pid file, its socket and the socket's lock.

        The caller holds the program's lock. PostgreSQL itself refuses to start while the number in such a file belongs
        to any process of its account: in a container, numbers are soon used again, and who was killed may stay listed.
        """
        remains = end_processes_in(self.path)
        if remains:
            logger.warning("Ended the processes %s that an earlier database server left in %s", remains, self.path)
        for name in (self.path / "postmaster.pid", *self.sockets.glob(".s.PGSQL.*")):
            name.unlink(missing_ok=True)

    def log_tail(self, count: int = 5) -> list[str]:
        """Return the last `count` lines that the server logged."""
        newest = max(self.logs.glob("*.log"), key=lambda path: path.lstat().st_mtime, default=None)
        return read_own(newest).splitlines()[-count:] if newest else []

    def _make(self, account: Account, programs: Path) -> None:
        """Run initdb beside the final place and move the result there: a kill leaves a cluster or none."""
        fresh = self.base / "cluster.new"
        if fresh.exists():
            end_processes_in(fresh)
            shutil.rmtree(fresh)
        own_folder(fresh, account)
        # In its working folder, for the reason that `address` gives.
        command: list[str | Path] = [programs / "initdb", "--pgdata=/proc/self/cwd", *INITDB_OPTIONS]
        with tempfile.TemporaryFile() as output:
            code = launch(command, account=account, folder=fresh, output=output, farewell=signal.SIGKILL).wait()
            output.seek(0)
            said = output.read().decode(errors="replace").split("\n")
        if code != 0:
            reason = " ".join(line for line in said if "error" in line or "cannot" in line) or " ".join(said[-3:])
            raise EmbeddedDatabaseError(f"The database could not be made in {self.base}: {reason.strip()}")
        configuration = os.open(fresh / "postgresql.conf", os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW)
        try:
            os.write(configuration, include_line().encode())
            os.fsync(configuration)
        finally:
            os.close(configuration)
        fresh.rename(self.path)

    def _check_version(self) -> None:
        version = self.path / "PG_VERSION"
        if not version.is_file():
            raise EmbeddedDatabaseError(
                f"The folder {self.path} is not a database (it has no PG_VERSION); restore a backup or remove it."
            )
        made_by = version.read_text(encoding="ascii", errors="replace").strip()
        present = server_version().split(".")[0]
        if made_by != present:
            raise EmbeddedDatabaseError(
                f"The database in {self.path} was made by PostgreSQL {made_by} and this program brings PostgreSQL "
                f"{present}; make a backup with the earlier version of the program and restore it with this one."
            )


def own_folder(path: Path, account: Account) -> None:
    """Make sure that `path` is a folder that belongs to `account`, with what is in it, and is closed to others.

    It belongs to another when it is new, or when root restored a copy of it.
    """
    path.mkdir(mode=0o700, exist_ok=True)
    # Through a handle that is no symbolic link, so that nothing else can be given away.
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        if os.fstat(folder).st_uid != account.uid:
            _give_tree(folder, account)
        if stat.S_IMODE(os.fstat(folder).st_mode) != 0o700:
            os.fchmod(folder, 0o700)
    finally:
        os.close(folder)


def _give_tree(root: int, account: Account) -> None:
    for _, _, files, folder in os.fwalk(".", dir_fd=root, follow_symlinks=False):
        os.fchown(folder, account.uid, account.gid)
        for name in files:
            os.chown(name, account.uid, account.gid, dir_fd=folder, follow_symlinks=False)
