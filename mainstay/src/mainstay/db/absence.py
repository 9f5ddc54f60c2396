"""Whether a failure says that the database is away: it cannot be reached, went in the middle, or has no more room."""

from typing import Final

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

# By SQLSTATE or its class: https://www.postgresql.org/docs/18/errcodes-appendix.html.
STATES: Final = ("57P01", "57P02", "57P03", "57P05", "08", "53")


def cause_of(failure: Exception) -> Exception:
    """Return the driver's failure in place of what SQLAlchemy has made of it."""
    if isinstance(failure, DBAPIError) and isinstance(failure.orig, Exception):
        cause = failure.orig.__cause__
        return cause if isinstance(cause, Exception) else failure.orig
    return failure


def is_away(failure: Exception) -> bool:
    """Whether the driver's failure says so. That it was silent for too long (TimeoutError) may have other reasons."""
    if isinstance(failure, asyncpg.PostgresError):
        return (failure.sqlstate or "").startswith(STATES)
    if isinstance(failure, asyncpg.InterfaceError):
        return "closed" in str(failure) and not isinstance(failure, ValueError)
    if isinstance(failure, asyncpg.InternalClientError):
        # The server has said farewell on a connection that was idle, which the driver has not taken in yet: nothing
        # was sent. (Two statements at once on one connection are another error: an InterfaceError.)
        return "cannot switch to state" in str(failure)
    return isinstance(failure, PoolTimeout | ConnectionError)
