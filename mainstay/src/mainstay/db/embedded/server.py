"""The embedded PostgreSQL server as the program sees it: start, address, stop."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from mainstay.db.embedded.account import server_account
from mainstay.db.embedded.cluster import SUPERUSER, Cluster
from mainstay.db.embedded.errors import EmbeddedDatabaseError
from mainstay.db.embedded.keeper import Keeper
from mainstay.db.embedded.lock import ProgramLock
from mainstay.db.embedded.passage import client_folder, close_passage
from mainstay.db.embedded.programs import server_programs
from mainstay.db.embedded.recorder import Reached, Recorder, forget_receiver, server_settings
from mainstay.db.embedded.settings import RecoverySettings


class EmbeddedPostgres:
    """A private PostgreSQL server in `data_dir`, reached through a socket and gone when the program is gone.

    It holds one `database` that belongs to `owner_role`, a role that may create databases and roles and is no
    superuser. One program at a time uses a data folder. Where `recovery` names a folder, that receives the log. Start
    and stop block: call them before the event loop runs, or in a thread.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        database: str,
        owner_role: str = "owner",
        recovery: RecoverySettings | None = None,
    ) -> None:
        self._data_dir = data_dir.resolve()
        self._database = database
        self._owner_role = owner_role
        self._cluster = Cluster(self._data_dir)
        self._lock = ProgramLock(self._data_dir)
        self._keeper: Keeper | None = None
        self._recovery = recovery or RecoverySettings()
        self._recorder: Recorder | None = None
        # A forked child that leaves a `with` block must not stop its parent's server.
        os.register_at_fork(after_in_child=self._forget)

    @property
    def dsn(self) -> str:
        """The address of the database for the owner, as SQLAlchemy's URL for asyncpg.

        It can be asked of a data folder whose server another process has started. Raises EmbeddedDatabaseError.
        """
        return self.dsn_of(self._owner_role)

    def dsn_of(self, role: str) -> str:
        """The address of the database for another role."""
        name, database, host = (quote(part, safe="") for part in (role, self._database, self._host))
        return f"postgresql+asyncpg://{name}@/{database}?host={host}"

    def conninfo(self, *, role: str | None = None, database: str | None = None) -> str:
        """Return libpq's connection string for psycopg, pg_dump and the like; the owner and its database by default.

        The role `postgres` is the superuser.
        """
        return make_conninfo(host=self._host, user=role or self._owner_role, dbname=database or self._database)

    def start(self, patience: float = 120.0) -> None:
        """Start the server, making the cluster, the role and the database where they are missing.

        Servers that a killed program left behind are ended first; PostgreSQL then recovers what was committed, for
        which it has `patience` seconds. Raises EmbeddedDatabaseError with one sentence when another program uses the
        folder or the server cannot run.
        """
        if sys.platform != "linux":
            raise EmbeddedDatabaseError("The embedded database runs on Linux; set the address of a database server.")
        with self._explained(), ExitStack() as undo:
            self._data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock.acquire()
            undo.callback(self.stop)
            account = server_account(self._cluster.path)
            programs = server_programs(account)
            self._cluster.prepare(account, programs, server_settings(self._recovery))
            self._keeper = Keeper(self._cluster, account, programs)
            self._keeper.start(patience)
            self._record()
            self._make_database()
            undo.pop_all()

    def stop(self, patience: float = 30.0) -> None:
        """Stop the server and give the data folder free; harmless when it is not running.

        After `patience` seconds the server is told to quit without its last checkpoint, which costs nothing but a
        recovery at the next start.
        """
        keeper, self._keeper = self._keeper, None
        recorder, self._recorder = self._recorder, None
        try:
            if recorder is not None:
                recorder.let_end()
            if keeper is not None:
                keeper.stop(patience)
            if recorder is not None:
                recorder.stop()
            if keeper is not None:
                close_passage(self._cluster.sockets)
        finally:
            self._lock.release()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def _host(self) -> str:
        return str(client_folder(self._cluster.sockets))

    def _forget(self) -> None:
        self._keeper = self._recorder = None

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what the system or the server refuses into one sentence that names the folder."""
        try:
            yield
        except OSError as error:
            where = f" ({error.filename})" if error.filename else ""
            raise EmbeddedDatabaseError(
                f"The data folder {self._data_dir} cannot be used: {error.strerror or error}{where}; "
                "give this account the right to it or choose another data folder."
            ) from error
        except psycopg.Error as error:
            raise EmbeddedDatabaseError(
                f"The database in {self._data_dir} started and then refused its set-up: {error}"
            ) from error

    def _record(self) -> None:
        """Have a second place receive what is done here, where there is one."""
        conninfo = self.conninfo(role=SUPERUSER, database="postgres")
        if self._recovery.folder is None:
            forget_receiver(conninfo)
            return
        self._recorder = Recorder(self._recovery, Reached(conninfo), self._cluster.base)
        self._recorder.start()

    def _make_database(self) -> None:
        """Create the role and the database unless they exist: a kill may have come between the two."""
        conninfo = self.conninfo(role=SUPERUSER, database="postgres")
        with psycopg.connect(conninfo, autocommit=True, connect_timeout=10) as connection:
            role, database = sql.Identifier(self._owner_role), sql.Identifier(self._database)
            found = connection.execute("SELECT rolcreaterole FROM pg_roles WHERE rolname = %s", [self._owner_role])
            is_complete = found.fetchone()
            if is_complete is None:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB CREATEROLE").format(role))
            elif not is_complete[0]:  # made by an earlier version
                connection.execute(sql.SQL("ALTER ROLE {} CREATEROLE").format(role))
            found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [self._database])
            if found.fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))
