"""Which problem a failure is: domain errors as they are, those of the framework and the database translated."""

import asyncpg
from fastapi.exceptions import RequestValidationError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException

from mainstay.db.absence import cause_of, is_away
from mainstay.errors import (
    Conflict,
    DomainError,
    FieldProblem,
    InvalidInput,
    NotAllowed,
    NotFound,
    NotSignedIn,
    ServiceUnavailable,
    TooManyRequests,
    VersionConflict,
)
from mainstay.three_way import Sides
from mainstay.web.errors import (
    BodyTooLarge,
    DatabaseBusy,
    InternalError,
    MethodNotAllowed,
    RefusedByDatabase,
    StillReferenced,
    UnsupportedMediaType,
)

MAX_FIELDS = 100
_SOON = {"Retry-After": "1"}
_AWAY = "The database cannot be reached at the moment; try again shortly."
_SILENT = "The database did not answer in time; try again shortly."
_BUSY = "Others are changing the same things; try again in a moment."
_REFERENCE = "Something this belongs to is missing or still in use."
# The database says that it was changed, and nothing of what or by whom.
_UNKNOWN = Sides(None, {}, None, "not_kept")
_GONE = ServiceUnavailable(_AWAY, headers=_SOON)

_BY_STATUS: dict[int, tuple[type[DomainError], str]] = {
    400: (DomainError, "The request could not be read."),
    401: (NotSignedIn, "Sign in to do this."),
    403: (NotAllowed, "You do not have the right to do this."),
    404: (NotFound, "There is nothing at this address."),
    405: (MethodNotAllowed, "This address exists, but not for this method."),
    409: (Conflict, "This conflicts with the present state."),
    413: (BodyTooLarge, "The body is larger than this address takes."),
    415: (UnsupportedMediaType, "Content of this kind is not taken here."),
    422: (InvalidInput, "The input is not valid."),
    429: (TooManyRequests, "There were too many requests; try again later."),
    503: (ServiceUnavailable, "This is not available at the moment; try again shortly."),
}

# By SQLSTATE or its class: https://www.postgresql.org/docs/18/errcodes-appendix.html.
_BY_SQLSTATE: dict[str, tuple[type[DomainError], str]] = {
    "23505": (Conflict, "There is already one like this."),
    "23P01": (Conflict, "There is already one like this."),
    "23503": (StillReferenced, _REFERENCE),
    "23001": (StillReferenced, _REFERENCE),
    "23502": (RefusedByDatabase, "A value is missing."),
    "23514": (RefusedByDatabase, "A value breaks a rule."),
    # Numbers out of range, the NUL character in a text and other values that PostgreSQL cannot hold.
    "22": (RefusedByDatabase, "A value cannot be stored as it is."),
    "40001": (DatabaseBusy, _BUSY),
    "40P01": (DatabaseBusy, _BUSY),
    "55P03": (DatabaseBusy, _BUSY),
    "57014": (DatabaseBusy, _BUSY),
}


def problem_of(failure: Exception) -> DomainError:
    """Return the problem that `failure` is answered with; what nobody foresaw is an InternalError."""
    if isinstance(failure, DomainError):
        return failure
    if isinstance(failure, RequestValidationError):
        return _of_validation(failure)
    if isinstance(failure, HTTPException):
        return _of_status(failure)
    if isinstance(failure, StaleDataError):
        return VersionConflict("Somebody else changed this first; load it again.", sides=_UNKNOWN)
    return _of_database(failure) or InternalError(
        "Something went wrong here; nothing was changed. Tell us the reference if it happens again."
    )


def _of_status(failure: HTTPException) -> DomainError:
    kind, detail = _BY_STATUS.get(failure.status_code) or (InternalError, "Something went wrong here.")
    return kind(detail, headers=failure.headers)


def _of_validation(failure: RequestValidationError) -> DomainError:
    found = [
        FieldProblem(_path(each["loc"]), str(each["type"]), str(each["msg"])) for each in failure.errors()[:MAX_FIELDS]
    ]
    names = ", ".join(dict.fromkeys(each.field for each in found[:5]))
    return InvalidInput(f"These values are not valid: {names}.", errors=found)


def _path(location: tuple[str | int, ...]) -> str:
    """Return `lines.0.quantity` for ("body", "lines", 0, "quantity"): the part of the request is left out."""
    return ".".join(map(str, location[1:] or location))


def _of_database(failure: Exception) -> DomainError | None:
    failure = cause_of(failure)
    if is_away(failure):
        return _GONE
    if isinstance(failure, asyncpg.PostgresError):
        return _of_sqlstate(failure)
    if isinstance(failure, asyncpg.InterfaceError) and isinstance(failure, ValueError):
        # The driver could not even encode the value: a number beyond 64 bits and the like.
        return RefusedByDatabase("A value is too large or of the wrong kind.")
    if isinstance(failure, TimeoutError):
        # What is called out for has its own errors: this is the driver, whose server has not said a word in time.
        return ServiceUnavailable(_SILENT, headers=_SOON)
    return None


def _of_sqlstate(failure: asyncpg.PostgresError) -> DomainError | None:
    state = failure.sqlstate or ""
    found = _BY_SQLSTATE.get(state) or _BY_SQLSTATE.get(state[:2])
    if found is None:
        return None
    kind, detail = found
    is_passing = issubclass(kind, ServiceUnavailable)
    constraint = {"constraint": failure.constraint_name} if failure.constraint_name else {}
    return kind(detail, headers=_SOON if is_passing else None, extra=constraint)
