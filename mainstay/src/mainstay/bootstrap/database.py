"""The database that `serve` and the commands use: the embedded one, unless the settings name a server."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from mainstay.bootstrap.secrets import environment_of
from mainstay.db.address import SUFFIX, of_login, with_role
from mainstay.db.embedded import EmbeddedPostgres
from mainstay.db.embedded.settings import RecoverySettings
from mainstay.db.settings import DatabaseSettings
from mainstay.settings import CoreSettings


class Embedded:
    """The program's own server in its data folder."""

    is_own = True

    def __init__(self, package: str, data_dir: Path, recovery: RecoverySettings | None = None) -> None:
        self._data_dir = data_dir.resolve()
        self._role = f"{package}{SUFFIX}"
        self._server = EmbeddedPostgres(self._data_dir, database=package, recovery=recovery)

    @property
    def description(self) -> str:
        """The data folder."""
        return str(self._data_dir)

    def start(self) -> str:
        """Start the server and return its address for the owner. Raises EmbeddedDatabaseError."""
        self._server.start()
        return self._server.dsn

    def program_url(self) -> str:
        """Return the address for the running program: a role that logs in by itself and owns nothing."""
        return self._server.dsn_of(self._role)

    def stop(self) -> None:
        """Stop the server."""
        self._server.stop()

    def running_url(self) -> str | None:
        """Return the address of the server that a running program has in this folder; None when there is none."""
        if not self._data_dir.exists():
            return None
        try:
            psycopg.connect(self._server.conninfo(), connect_timeout=5).close()
        except psycopg.OperationalError:
            return None
        return self._server.dsn


class External:
    """A server that others run."""

    is_own = False

    def __init__(self, url: str, owner_url: str | None = None) -> None:
        self._url = url
        self._owner_url = owner_url

    @property
    def description(self) -> str:
        """The address without account, password and options."""
        address = urlsplit(self._url)
        server = f"{address.hostname or 'this machine'}{f':{address.port}' if address.port else ''}"
        return f"the database {address.path.removeprefix('/') or '(default)'} on {server}"

    def start(self) -> str:
        """Return the address for the owner; whoever connects waits for the server."""
        return self._owner_url or of_login(self._url)

    def program_url(self) -> str:
        """Return the address for the running program: an account of its own, or a role that it takes on."""
        return self._url if self._owner_url else with_role(self._url)

    def stop(self) -> None:
        """Leave it running."""


def choose(package: str, core: CoreSettings) -> Embedded | External:
    """Return the database that the settings of the program in `package` name."""
    settings = DatabaseSettings.load(package)
    if settings.url is None:
        return Embedded(package, core.data_dir, RecoverySettings.load(package))
    owner = settings.owner_url
    return External(settings.url.get_secret_value(), owner.get_secret_value() if owner else None)


def start(package: str, core: CoreSettings) -> tuple[Embedded | External, dict[str, str]]:
    """Start the database; return it with what the program's processes must find in their environment.

    Blocks. Raises ConfigurationError.
    """
    database = choose(package, core)
    keys = environment_of(package, core, may_make=database.is_own)
    prefix = package.upper()
    addresses = {f"{prefix}_DATABASE_OWNER_URL": database.start(), f"{prefix}_DATABASE_URL": database.program_url()}
    return database, {**addresses, **keys}


@contextmanager
def reached(package: str, core: CoreSettings) -> Iterator[str]:
    """Yield the address of the program's database for its owner, for a command; the embedded one runs as long.

    Raises ConfigurationError when the server cannot be started.
    """
    database = choose(package, core)
    running = database.running_url() if isinstance(database, Embedded) else None
    if running is not None:
        yield running
        return
    try:
        yield database.start()
    finally:
        database.stop()
