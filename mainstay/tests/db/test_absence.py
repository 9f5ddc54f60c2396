"""Which failures say that the database is away."""

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from mainstay.db.absence import cause_of, is_away


class DriverError(Exception):
    """What SQLAlchemy's dialect puts between the driver and itself."""


def wrapped(cause: Exception) -> DBAPIError:
    between = DriverError()
    between.__cause__ = cause
    return DBAPIError("SELECT 1", None, between)


@pytest.mark.parametrize(
    "failure",
    [
        asyncpg.AdminShutdownError("terminating connection"),
        asyncpg.CrashShutdownError("crash"),
        asyncpg.CannotConnectNowError("starting up"),
        asyncpg.ConnectionDoesNotExistError("gone"),
        asyncpg.TooManyConnectionsError("too many"),
        asyncpg.DiskFullError("full"),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress"),
        PoolTimeout("no connection"),
        ConnectionRefusedError(),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_it_is_away(failure: Exception) -> None:
    assert is_away(failure)
    assert is_away(cause_of(wrapped(failure)))


@pytest.mark.parametrize(
    "failure",
    [
        asyncpg.UniqueViolationError("twice"),
        asyncpg.QueryCanceledError("too slow"),
        asyncpg.DataError("a value"),
        asyncpg.InterfaceError("another operation is in progress"),
        asyncpg.InternalClientError("protocol error"),
        TimeoutError(),
        RuntimeError("closed"),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_it_is_there(failure: Exception) -> None:
    assert not is_away(failure)
    assert not is_away(cause_of(wrapped(failure)))


def test_a_failure_that_nothing_caused_is_its_own_cause() -> None:
    failure, between = RuntimeError(), DriverError()

    assert cause_of(failure) is failure
    assert cause_of(IntegrityError("SELECT 1", None, between)) is between
