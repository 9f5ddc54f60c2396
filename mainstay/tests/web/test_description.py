"""The API description: complete, valid, and what it says is what happens."""

import copy
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from hypothesis import settings
from probe.main import SECRET_KEY, make_program
from probe.served import COOKIE, Served
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from mainstay.bootstrap.api import api_description
from mainstay.testing.client import Client
from mainstay.testing.limits import raised_limits
from mainstay.web.csrf import csrf_token
from mainstay.web.limits.settings import LimitSettings
from mainstay.web.problems import codes

Json = dict[str, Any]
# Everybody may call these; each route says why, with `Public(…)`.
ALLOWED = {
    "/health/live",
    "/health/startup",
    "/health/ready",
    "/api/v1/trouble/failures/{kind}",
    "/api/v1/trouble/lookups",
    "/api/v1/trouble/sleep",
    "/api/v1/trouble/orm",
    "/api/v1/trouble/half",
    "/api/v1/trouble/uploads",
    "/api/v1/trouble/echo",
    "/api/v1/trouble/named",
}
DESCRIPTION = api_description(make_program())
OPERATIONS = [
    (method, path, operation) for path, item in DESCRIPTION["paths"].items() for method, operation in item.items()
]
SCHEMA = schemathesis.openapi.from_dict(DESCRIPTION)
IDS = [operation["operationId"] for _, _, operation in OPERATIONS]


def resolved(found: Json) -> Json:
    """Return what a reference points to, or the object itself."""
    while "$ref" in found:
        target: Any = DESCRIPTION
        for part in found["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        found = target
    return found


@pytest.mark.practice(32)
@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=IDS)
async def test_only_the_allowed_operations_answer_somebody_who_is_not_signed_in(
    api: Client, method: str, path: str, operation: Json
) -> None:
    if path in ALLOWED:
        assert "security" not in operation
        return
    reply = await api.request(method, path.replace("{note_id}", "018f5a3e-0000-7000-8000-000000000001"), json={})

    assert reply.status_code == 401
    assert operation["security"]


@pytest.mark.practice(69)
@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=IDS)
def test_every_operation_describes_its_errors_with_the_problem_schema(method: str, path: str, operation: Json) -> None:
    replies = operation["responses"]
    expected = {"400", "414", "500", "503"}
    if path not in ALLOWED:
        expected |= {"401", "403"}
    if "{" in path or path.endswith("/named"):
        expected |= {"404", "422"}
    if method in {"post", "delete", "patch", "put"}:
        expected |= {"409", "413", "415"}
    if "requestBody" in operation:
        expected |= {"415", "422"}

    assert expected <= replies.keys()
    known = {kind.code: kind for kind in codes()}
    for status, reply in ((status, resolved(reply)) for status, reply in replies.items()):
        assert resolved(reply["headers"]["X-Request-ID"])["schema"]["type"] == "string"
        assert reply["description"]
        if "application/problem+json" not in reply.get("content", {}):
            assert status < "400" or path in {"/health/ready", "/health/startup"}
            continue
        content = reply["content"]["application/problem+json"]
        assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
        assert (str(content["example"]["status"]), known[content["example"]["code"]].status) == (status, int(status))


@pytest.mark.practice(69)
def test_the_document_is_valid_by_the_letter_of_openapi() -> None:
    SCHEMA.validate()

    broken = copy.deepcopy(DESCRIPTION)
    del broken["paths"]["/health/live"]["get"]["responses"]["200"]["description"]
    with pytest.raises(jsonschema_rs.ValidationError, match="description"):
        schemathesis.openapi.from_dict(broken).validate()


@pytest.mark.practice(69)
@SCHEMA.exclude(path_regex="ticks|half|orm|sleep|lookups|remarks|failures").parametrize()
@settings(max_examples=15, deadline=None, derandomize=True, database=None)
def test_no_reply_has_a_status_a_type_a_header_or_a_shape_that_is_not_described(
    served: Served, case: schemathesis.Case[Any]
) -> None:
    """Requests of every kind, right and wrong, by an owner's browser."""
    token = "token-of-the-owner"
    headers = {
        "Cookie": f"{COOKIE}={token}",
        "X-CSRF-Token": csrf_token(SECRET_KEY, token),
        "Origin": served.url,
    }
    checks = [
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_headers_conformance,
        response_schema_conformance,
    ]

    reply = case.call(base_url=served.url, headers=headers, timeout=20)

    case.validate_response(reply, checks=checks)
    assert reply.headers["x-request-id"]


def test_names_are_stable_and_made_of_module_and_function() -> None:
    assert IDS[:4] == ["health_live", "health_startup", "health_ready", "probe_show_me"]
    assert len(set(IDS)) == len(IDS)


def test_rights_are_told_in_words_and_as_a_scheme() -> None:
    write = DESCRIPTION["paths"]["/api/v1/probe/notes"]["post"]
    read = DESCRIPTION["paths"]["/api/v1/probe/notes"]["get"]

    right, limit = "Needs the right `probe.write`.", "At most 100 in 60 seconds (class `api`)."
    assert write["description"] == f"Write a note.\n\n{right}\n\n{limit}"
    assert write["security"] == [{"session": [], "csrf": []}, {"bearer": []}]
    assert read["security"] == [{"session": []}, {"bearer": []}]
    assert DESCRIPTION["components"]["securitySchemes"]["session"]["name"] == COOKIE


def test_those_who_must_wait_are_told_by_a_header_that_is_described() -> None:
    for name in ("TooManyRequests", "ServiceUnavailable"):
        assert "Retry-After" in DESCRIPTION["components"]["responses"][name]["headers"]


def test_all_may_be_refused_for_their_number_but_probes() -> None:
    assert "429" in DESCRIPTION["paths"]["/api/v1/trouble/echo"]["post"]["responses"]
    assert "429" not in DESCRIPTION["paths"]["/health/live"]["get"]["responses"]


def test_what_an_input_names_may_be_missing_and_what_a_route_declares_has_the_shape_of_problems() -> None:
    def replies(path: str, method: str = "get") -> Json:
        found: Json = DESCRIPTION["paths"][f"/api/v1/trouble/{path}"][method]["responses"]
        return found

    assert "404" in replies("named")
    assert replies("named")["409"] == {"$ref": "#/components/responses/Conflict"}
    assert "404" in replies("named", "post")
    assert "404" not in replies("sleep")


def test_fastapis_own_error_shape_is_gone() -> None:
    assert "HTTPValidationError" not in str(DESCRIPTION)


async def test_the_served_document_is_the_same_with_its_own_limits_and_is_not_sent_twice(api: Client) -> None:
    with raised_limits("probe"):
        plenty = LimitSettings.load("probe")
    first = await api.get("/api/openapi.json")
    again = await api.get("/api/openapi.json", headers={"If-None-Match": first.headers["ETag"]})

    assert first.json() == api_description(make_program(), plenty)
    assert again.status_code == 304


async def test_reads_tell_of_their_tags_and_of_answers_that_still_hold(owner: Client) -> None:
    described = DESCRIPTION["paths"]["/api/v1/probe/notes"]["get"]["responses"]
    first = await owner.get("/api/v1/probe/notes")
    again = await owner.get("/api/v1/probe/notes", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    assert described["304"]["description"].startswith("The answer is still the one")
    assert described["200"]["headers"]["ETag"] == {"$ref": "#/components/headers/ETag"}
    assert DESCRIPTION["components"]["headers"]["ETag"]["schema"] == {"type": "string"}
    assert not any("304" in item.get("post", {}).get("responses", {}) for item in DESCRIPTION["paths"].values())
    assert "304" not in DESCRIPTION["paths"]["/health/live"]["get"]["responses"]
