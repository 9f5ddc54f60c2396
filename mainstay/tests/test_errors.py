"""Domain errors carry a status, a stable code and what the reply needs."""

import pytest

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

STATUSES = {
    DomainError: (400, "bad_request"),
    NotSignedIn: (401, "identity.not_signed_in"),
    NotAllowed: (403, "not_allowed"),
    NotFound: (404, "not_found"),
    Conflict: (409, "conflict"),
    VersionConflict: (412, "version_conflict"),
    InvalidInput: (422, "invalid_input"),
    TooManyRequests: (429, "too_many_requests"),
    ServiceUnavailable: (503, "service_unavailable"),
}


@pytest.mark.parametrize(("kind", "expected"), STATUSES.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_each_error_has_its_status_and_its_stable_code(kind: type[DomainError], expected: tuple[int, str]) -> None:
    assert (kind.status, kind.code) == expected
    assert kind.title


def test_an_error_carries_the_sentence_the_fields_the_headers_and_the_extra_members() -> None:
    problem = FieldProblem("lines.0.quantity", "not_positive", "Give a quantity above zero.")

    error = InvalidInput("Two lines do not fit.", errors=[problem], headers={"Retry-After": "3"}, extra={"total": 5})

    assert str(error) == error.detail == "Two lines do not fit."
    assert error.errors == (problem,)
    assert error.headers == {"Retry-After": "3"}
    assert error.extra == {"total": 5}


def test_errors_do_not_share_their_headers_and_members() -> None:
    headers = {"Retry-After": "3"}

    first, second = Conflict("one", headers=headers), Conflict("two")
    first.headers["Retry-After"] = "4"
    first.extra["current"] = 1

    assert headers == {"Retry-After": "3"}
    assert (second.headers, second.extra) == ({}, {})
