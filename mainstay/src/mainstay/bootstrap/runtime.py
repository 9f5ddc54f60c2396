"""A program on its database: what the environment must say, and units of work for processes and commands."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mainstay.bootstrap.program import Program
from mainstay.db.engine import DatabaseSettings, create_engine
from mainstay.errors import ConfigurationError
from mainstay.settings import Configuration, CoreSettings, checked_secret
from mainstay.work import WorkOpener


def required_url(program: Program, configuration: Configuration) -> str:
    """Return the address of the database; raises ConfigurationError when the environment does not say it."""
    url = configuration.of(DatabaseSettings).url
    if url is None:
        raise ConfigurationError(
            f"Set {program.name.upper()}_DATABASE_URL to the address of a PostgreSQL server; "
            f"only `{program.name} serve` brings its own."
        )
    return url.get_secret_value()


def required_key(program: Program, configuration: Configuration) -> bytes:
    """Return the secret key; raises ConfigurationError when the environment has none, or a weak one."""
    secret = configuration.of(CoreSettings).secret_key
    if secret is None:
        raise ConfigurationError(
            f"Set {program.name.upper()}_SECRET_KEY to at least 32 random characters, the same for all processes."
        )
    return checked_secret(secret)


@asynccontextmanager
async def opened(program: Program, configuration: Configuration, url: str, *, name: str) -> AsyncIterator[WorkOpener]:
    """Open units of work on the database at `url` inside the block; `name` shows in the server's list of clients."""
    engine = create_engine(configuration.of(DatabaseSettings), url, name=f"{program.name}-{name}")
    try:
        yield program.opener(engine, configuration)
    finally:
        await engine.dispose()
