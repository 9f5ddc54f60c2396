"""A program on its database: what the environment must say, and units of work for processes and commands."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mainstay.bootstrap.program import Program
from mainstay.db.address import of_login, with_role
from mainstay.db.engine import DatabaseSettings, create_engine
from mainstay.errors import ConfigurationError
from mainstay.keyring import Keyring
from mainstay.observe.counters import Counters
from mainstay.settings import Configuration, CoreSettings
from mainstay.work import WorkOpener


def required_url(program: Program, configuration: Configuration) -> str:
    """Return the address of the database for the running program, which has fewer rights there than the owner.

    Raises ConfigurationError when the environment does not say it.
    """
    settings = configuration.of(DatabaseSettings)
    if settings.url is None:
        raise ConfigurationError(
            f"Set {program.name.upper()}_DATABASE_URL to the address of a PostgreSQL server; "
            f"only `{program.name} serve` brings its own."
        )
    url = settings.url.get_secret_value()
    return url if settings.owner_url else with_role(url)


def owner_url(configuration: Configuration, url: str) -> str:
    """Return the address for the owner of the tables at `url`: another account, or the login of the same address."""
    stated = configuration.of(DatabaseSettings).owner_url
    return stated.get_secret_value() if stated else of_login(url)


def required_keyring(program: Program, configuration: Configuration) -> Keyring:
    """Return the secret key and those accepted beside it.

    Raises ConfigurationError when the environment has none, or a weak one.
    """
    core = configuration.of(CoreSettings)
    if core.secret_key is None:
        raise ConfigurationError(
            f"Set {program.name.upper()}_SECRET_KEY to at least 32 random characters, the same for all processes."
        )
    return Keyring.of(core, core.secret_key)


@asynccontextmanager
async def opened(
    program: Program, configuration: Configuration, url: str, *, name: str, counters: Counters | None = None
) -> AsyncIterator[WorkOpener]:
    """Open units of work on the database at `url` inside the block; `name` shows in the server's list of clients.

    What they opened for the life of the process is closed in the end; what it counts goes into `counters`.
    """
    engine = create_engine(configuration.of(DatabaseSettings), url, name=f"{program.name}-{name}")
    opener = program.opener(engine, configuration, counters=counters)
    try:
        yield opener
    finally:
        await opener.setup.resources.close()
        await engine.dispose()
