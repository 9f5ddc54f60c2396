"""The limits in the API description: what is documented is what happens."""

from typing import Any

import pytest
from probe.main import make_program

from mainstay.bootstrap.api import api_description
from mainstay.web.limits.described import add_limit
from mainstay.web.limits.rates import API, SIGN_IN, Limit, Unlimited
from mainstay.web.limits.settings import LimitSettings

DEFAULTS = LimitSettings.defaults()
DESCRIPTION = api_description(make_program())


def described(limit: Limit, sizes: LimitSettings = DEFAULTS) -> dict[str, Any]:
    operation: dict[str, Any] = {"description": "Do it.", "responses": {"200": {}, "404": {"$ref": "x"}}}
    add_limit(operation, limit, sizes)
    return operation


@pytest.mark.practice(12)
def test_every_limited_operation_names_its_class_its_size_and_its_headers() -> None:
    operations = [operation for item in DESCRIPTION["paths"].values() for operation in item.values()]
    limited = [operation for operation in operations if "x-rate-limit" in operation]

    assert {operation["operationId"] for operation in operations if operation not in limited} == {
        "health_live",
        "health_ready",
        "health_startup",
    }
    for operation in limited:
        limit = operation["x-rate-limit"]
        size = {"sign_in": 5, "upload": 10, "api": 100, "read": 1200, "busy": 1200}[limit["class"]]
        assert (limit["limit"], limit["window"]) == (size, 60)
        assert f"At most {size} in 60 seconds (class `{limit['class']}`)." in operation["description"]
        assert operation["responses"]["429"] == {"$ref": "#/components/responses/TooManyRequests"}
        own = [reply for reply in operation["responses"].values() if "$ref" not in reply]
        assert all({"RateLimit", "RateLimit-Policy"} <= set(reply["headers"]) for reply in own)
    assert {"RateLimit", "RateLimit-Policy", "Retry-After"} <= set(
        DESCRIPTION["components"]["responses"]["TooManyRequests"]["headers"]
    )


def test_the_running_programs_own_sizes_are_told() -> None:
    operation = described(Limit(API), DEFAULTS.model_copy(update={"api": 7}))

    assert operation["x-rate-limit"] == {"class": "api", "limit": 7, "window": 60}
    assert operation["description"] == "Do it.\n\nAt most 7 in 60 seconds (class `api`)."


@pytest.mark.parametrize(
    ("free_on", "note"),
    [((), "`email` of the body."), ((201, 422), "`email` of the body, unless it ends in 201 or 422.")],
)
def test_what_is_counted_for_whom_and_what_is_free_is_told(free_on: tuple[int, ...], note: str) -> None:
    operation = described(Limit(SIGN_IN, "email", frozenset(free_on)))

    assert operation["description"].endswith(f"(class `sign_in`). Counted for the {note}")


def test_what_has_no_limit_says_nothing() -> None:
    operation = described(Limit(Unlimited("this is a test")))

    assert operation == {"description": "Do it.", "responses": {"200": {}, "404": {"$ref": "x"}}}
