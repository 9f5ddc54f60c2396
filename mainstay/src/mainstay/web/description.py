"""The API description (OpenAPI): FastAPI's, with every error reply, header and right that this program answers with."""

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import FastAPI

from mainstay.errors import VersionConflict
from mainstay.permission import Permission, Public, Records
from mainstay.web.csrf import HEADER, SAFE
from mainstay.web.examples import add_examples
from mainstay.web.fields import add_fields
from mainstay.web.limits.described import HEADERS, REFERENCES, add_limit
from mainstay.web.limits.rates import Rate
from mainstay.web.limits.settings import LimitSettings
from mainstay.web.operation import Operation, operations_of
from mainstay.web.problems import LIST_PATH, MEDIA_TYPE, Problem, VersionProblem, codes
from mainstay.web.repeats import add_key
from mainstay.web.versions import Outdated

# JSON Schema and OpenAPI objects: their shape is OpenAPI's.
Json = dict[str, Any]

_REPLIES: dict[int, tuple[str, str, str]] = {
    400: ("BadRequest", "malformed_json", "The request cannot be read, or its body is not valid JSON"),
    401: ("NotSignedIn", "identity.not_signed_in", "Nobody is signed in"),
    403: ("NotAllowed", "not_allowed", "The right is missing, or the write did not come from our own pages"),
    404: ("NotFound", "not_found", "There is no such thing, or it may not be known"),
    410: ("Gone", "gone", "It was there, and has been deleted since"),
    408: ("BodyTooSlow", "body_too_slow", "The body came too slowly"),
    409: ("Conflict", "conflict", "It conflicts with the present state"),
    412: (
        "VersionConflict",
        "version_conflict",
        "Somebody else changed it first; `base`, `mine` and `theirs` say what there is to put together",
    ),
    413: ("BodyTooLarge", "body_too_large", "The body is too large"),
    414: ("AddressTooLong", "address_too_long", "Path and query are too long"),
    415: ("UnsupportedMediaType", "unsupported_media_type", "The body is of a kind that is not taken"),
    422: ("InvalidInput", "invalid_input", "A value is not valid; `errors` names the fields"),
    429: ("TooManyRequests", "too_many_requests", "Too many requests; `Retry-After` says when to come back"),
    431: ("HeadTooLarge", "head_too_large", "Address and headers are too large"),
    500: ("InternalError", "internal_error", "A mistake in the program; give the request id when you report it"),
    503: ("ServiceUnavailable", "service_unavailable", "Something it needs is away for the moment"),
}
_UNCHANGED = "The answer is still the one whose tag `If-None-Match` gives; it is not sent again"
# By either of these a change says on what it is based.
_VERSIONS = frozenset({"version", "versions"})
# What a reply adds to the example of a problem.
_MORE: dict[int, Json] = {
    412: {
        "base": {"name": "Tonic", "version": 1},
        "base_gone": None,
        "mine": {"name": "Tonic water"},
        "theirs": {"name": "Indian tonic", "version": 2},
        "conflicts": ["name"],
    }
}
_WAITING = {429, 503}
_OUTDATED = {
    "Deprecation": {"description": "Since when it is outdated (RFC 9745)", "schema": {"type": "string"}},
    "Sunset": {"description": "Until when it answers at least (RFC 8594)", "schema": {"type": "string"}},
    "Link": {"description": 'What does the same, `rel="successor-version"`', "schema": {"type": "string"}},
}
_EVENTS = "text/event-stream"
_FASTAPI_ERRORS = ("HTTPValidationError", "ValidationError")


def describe(app: FastAPI, session_cookie: str, limits: LimitSettings) -> Json:
    """Return the description of the operations that `app` has for routes, with their `limits`."""
    description = app.openapi()
    schemas: Json = description.setdefault("components", {}).setdefault("schemas", {})
    for name in _FASTAPI_ERRORS:
        schemas.pop(name, None)
    schemas.update(_problem_schemas())
    description["components"].update(
        responses={name: _reply(status) for status, (name, _, _) in _REPLIES.items()},
        headers=_headers(),
        securitySchemes={
            "session": {"type": "apiKey", "in": "cookie", "name": session_cookie},
            "csrf": {"type": "apiKey", "in": "header", "name": HEADER},
            "bearer": {
                "type": "http",
                "scheme": "bearer",
                "description": "An access token from `POST /api/v1/identity/tokens`, or an API key",
            },
        },
    )
    for operation in operations_of(app):
        # The well-known addresses are described by their own standards.
        for method in operation.verbs if operation.include_in_schema else ():
            described = description["paths"][operation.path_format][method.lower()]
            statuses = set(_statuses(operation, method, names_others=_names_others(described, schemas)))
            statuses |= {412} if method not in SAFE and names_version(described, schemas) else set()
            _complete(described, operation, method, statuses)
            if operation.is_repeatable:
                add_key(described)
            if operation.is_partial:
                add_fields(described)
            add_limit(described, operation.limit, limits)
            add_examples(operation.path_format, described, schemas)
    return description


def _complete(described: Json, operation: Operation, method: str, statuses: Iterable[int]) -> None:
    """Add to one operation what every request to it meets, and the shape of the errors that its route declares."""
    replies: Json = described["responses"]
    declared = (int(status) for status in tuple(replies))
    for status in {*statuses, *(_REPLIES.keys() & declared)}:
        known = replies.get(str(status), {})
        if "content" not in known or "HTTPValidationError" in str(known):
            replies[str(status)] = {"$ref": f"#/components/responses/{_REPLIES[status][0]}"}
    if operation.is_kept and method == "GET" and "application/json" in replies.get("200", {}).get("content", {}):
        replies.setdefault("304", {"description": _UNCHANGED})
        replies["200"].setdefault("headers", {})["ETag"] = {"$ref": "#/components/headers/ETag"}
    if operation.outdated is not None:
        add_outdated(described, operation.outdated)
    for reply in replies.values():
        if _EVENTS in reply.get("content", {}):
            # FastAPI describes the single event, by a keyword that OpenAPI 3.1 does not have yet.
            reply["content"][_EVENTS] = {"schema": {"type": "string", "description": "Server-sent events, one by one"}}
        if "$ref" not in reply:
            reply.setdefault("headers", {})["X-Request-ID"] = {"$ref": "#/components/headers/RequestId"}
    described["responses"] = dict(sorted(replies.items()))
    if not isinstance(operation.right, Public):
        described["security"] = [{"session": []} if method in SAFE else {"session": [], "csrf": []}, {"bearer": []}]
    if isinstance(operation.right, Permission):
        names = [each.name for each in (operation.right, *operation.also) if isinstance(each, Permission)]
        whole = [each.name for each in operation.also if isinstance(each, Records)]
        note = f"Needs the right `{'` and `'.join(names)}`."
        note += f" For those who reach all of `{'`, `'.join(whole)}`." if whole else ""
        described["description"] = "\n\n".join(filter(None, (described.get("description"), note)))


def add_outdated(described: Json, outdated: Outdated) -> None:
    """Add to a `described` operation that it is going away, and what takes its place."""
    note = f"Outdated since {outdated.since:%Y-%m-%d}"
    note += f"; it answers until {outdated.until:%Y-%m-%d} at least" if outdated.until else ""
    note += f". Use `{outdated.successor}`." if outdated.successor else "."
    described["description"] = "\n\n".join(filter(None, (described.get("description"), note)))
    for reply in described["responses"].values():
        if "$ref" not in reply:
            reply.setdefault("headers", {}).update(_OUTDATED)


def names_version(described: Json, schemas: Json) -> bool:
    """Whether an operation is told on which version the change is based: then somebody else may have been first."""
    names = {each.get("name") for each in described.get("parameters", ())}
    for content in described.get("requestBody", {}).get("content", {}).values():
        schema = content["schema"]
        names |= schemas.get(schema.get("$ref", "").rpartition("/")[2], schema).get("properties", {}).keys()
    return not names.isdisjoint(_VERSIONS)


def _names_others(described: Json, schemas: Json) -> bool:
    """Whether an input has a field such as `store_id`: what it names may be missing."""
    waiting: list[Any] = [described.get("parameters", ()), described.get("requestBody", {})]
    seen: set[str] = set()
    while waiting:
        part = waiting.pop()
        if isinstance(part, Mapping):
            # A parameter has its name as a value, a schema those of its fields as keys.
            if any(str(name).endswith("_id") for name in (*part.get("properties", ()), part.get("name", ""))):
                return True
            kind = str(part.get("$ref", "")).rpartition("/")[2]
            if kind in schemas and kind not in seen:
                seen.add(kind)
                waiting.append(schemas[kind])
            waiting += part.values()
        elif isinstance(part, list | tuple):
            waiting += part
    return False


def _statuses(operation: Operation, method: str, *, names_others: bool) -> Iterable[int]:
    is_write, is_public = method not in SAFE, isinstance(operation.right, Public)
    dependant = operation.dependant
    has_body = operation.body_field is not None
    has_input = bool(dependant.path_params or dependant.query_params or dependant.header_params or has_body)
    yield from (400, 414, 431, 500, 503)
    if not is_public:
        yield from (401, 403)
    elif is_write:
        yield 403
    if isinstance(operation.limit.rate, Rate):
        yield 429
    if dependant.path_params or names_others:
        yield 404
    if is_write:
        yield from (408, 409, 413, 415)
    if has_input or operation.is_repeatable or operation.is_partial:
        yield 422


def _problem_schemas() -> Json:
    found: Json = {}
    for model in (Problem, VersionProblem):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        found |= {**schema.pop("$defs", {}), model.__name__: schema}
    return found


def _reply(status: int) -> Json:
    _, code, text = _REPLIES[status]
    kind = next(each for each in codes() if each.code == code)
    example = {
        "type": f"{LIST_PATH}#{code}",
        "title": kind.title,
        "status": status,
        "code": code,
        "detail": f"{text.partition(';')[0]}.",
        "request_id": "Y2Fmw6kgYXUgbGFpdA",
        **_MORE.get(status, {}),
    }
    schema = "VersionProblem" if status == VersionConflict.status else "Problem"
    headers = {"X-Request-ID": {"$ref": "#/components/headers/RequestId"}, **REFERENCES}
    if status in _WAITING:
        headers["Retry-After"] = {"$ref": "#/components/headers/RetryAfter"}
    return {
        "description": text,
        "headers": headers,
        "content": {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{schema}"}, "example": example}},
    }


def _headers() -> Json:
    return {
        "RequestId": {
            "description": "The id under which the log has this request; send your own with the same header",
            "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
        },
        "RetryAfter": {"description": "Seconds to wait", "schema": {"type": "integer", "minimum": 0}},
        "ETag": {
            "description": "Names this very answer; send it back in `If-None-Match` to be told whether it still holds",
            "schema": {"type": "string"},
        },
        **HEADERS,
    }
