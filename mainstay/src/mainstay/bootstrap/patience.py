"""Waiting at the start for what is not there yet: the database, and its schema."""

import asyncio
from collections.abc import Sequence

import asyncpg
import structlog
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from mainstay.db import migrate, rights
from mainstay.db.engine import DatabaseSettings, create_engine
from mainstay.errors import ConfigurationError

logger = structlog.stdlib.get_logger(__name__)

# Seconds between two tries; doubled each time up to the longest.
SHORTEST_PAUSE = 0.1
LONGEST_PAUSE = 5.0

# The server is there and says no for a reason that time does not heal.
FINAL = (
    asyncpg.InvalidPasswordError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InsufficientPrivilegeError,
)


async def wait_for_database(url: str) -> None:
    """Return when the database at `url` answers; waits for as long as it takes.

    Raises ConfigurationError when the server refuses the account or has no such database.
    """
    where = make_url(url).set(drivername="postgresql").render_as_string(hide_password=True)
    pause = SHORTEST_PAUSE
    while (reason := await _trouble(url)) is not None:
        logger.warning("the database is not there yet", database=where, reason=reason, next_try_s=pause)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


async def wait_for_schema(url: str, packages: Sequence[str]) -> None:
    """Return when whoever migrates has applied all migrations of `packages` and given the program its rights.

    Waits for as long as it takes.
    """
    pause = SHORTEST_PAUSE
    while missing := await asyncio.to_thread(_missing, url, packages):
        logger.warning("the schema is not current yet", missing=missing, next_try_s=pause)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


def _missing(url: str, packages: Sequence[str]) -> list[str]:
    return ["rights"] if rights.are_missing(url) else migrate.pending(url, packages)


async def _trouble(url: str) -> str | None:
    """Return why the database cannot be used now, or None."""
    engine = create_engine(DatabaseSettings(), url, name="mainstay-start")
    try:
        async with engine.connect():
            return None
    except (OSError, TimeoutError, DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError) as failure:
        # SQLAlchemy wraps what the driver says twice.
        cause = failure.orig.__cause__ if isinstance(failure, DBAPIError) and failure.orig else failure
        if isinstance(cause, FINAL):
            raise ConfigurationError(f"The database refuses this program: {cause}.") from failure
        return str(cause) or type(cause).__name__
    finally:
        await engine.dispose()
