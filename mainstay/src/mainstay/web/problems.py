"""Problem details (RFC 9457): the one shape of every error reply, and the list of all stable codes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, Field
from starlette.types import Receive, Scope, Send

from mainstay import context
from mainstay.errors import DomainError, JsonValue
from mainstay.three_way import Gone

MEDIA_TYPE = "application/problem+json"
# Where the kinds of problems are explained: the `type` of each points into it.
LIST_PATH = "/api/problems"
_MEMBERS = frozenset({"type", "title", "status", "code", "detail", "request_id", "errors"})


class ProblemField(BaseModel):
    """One field of the input that was refused."""

    field: str = Field(description="The path of the field in the input", examples=["lines.0.quantity"])
    code: str = Field(description="A stable code", examples=["greater_than"])
    message: str = Field(description="What is wrong, as a sentence", examples=["Input should be greater than 0"])


class Problem(BaseModel):
    """What every error reply holds; some codes add members of their own."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="Where this kind of problem is explained")
    title: str = Field(description="The kind of problem, as a sentence")
    status: int = Field(description="The HTTP status")
    code: str = Field(description="The kind of problem, as a stable code")
    detail: str = Field(description="What happened and what to do, as a sentence")
    request_id: str = Field(description="The id under which the log has this request")
    errors: list[ProblemField] | None = Field(default=None, description="The fields that were refused")


class VersionProblem(Problem):
    """What is answered to a change that came too late: the three sides that have to be put together.

    Each has the fields that a change may give, in the shape in which it gives them, so that they can be compared.
    """

    base: dict[str, Any] | None = Field(description="The record as it was at the version that the change is based on")
    base_gone: Gone | None = Field(description="Why there is no base: it is not kept any more, or never was a version")
    mine: dict[str, Any] = Field(description="What the change gave, as it was understood; secrets are left out")
    theirs: dict[str, Any] | None = Field(description="The record as it is now, with its version")
    conflicts: list[str] = Field(description="The fields that both sides changed, each to something else")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem that this program can answer with."""

    code: str
    status: int
    title: str
    meaning: str


def codes(errors: Iterable[type[DomainError]] | None = None) -> list[Kind]:
    """Return every kind of problem in `errors`, by code; without, all that the imported modules declare.

    Raises ValueError when two errors share a code and differ in status or title, or one does not say what it means.
    """
    kinds: dict[str, Kind] = {}
    for error in _declared(DomainError) if errors is None else errors:
        meaning = (error.__doc__ or "").strip().partition("\n")[0]
        if not meaning:
            raise ValueError(f"The error {error.__qualname__} of {error.__module__} has no docstring.")
        kind = Kind(error.code, error.status, error.title, meaning)
        known = kinds.setdefault(kind.code, kind)
        if (known.status, known.title) != (kind.status, kind.title):
            raise ValueError(f"Two errors have the code {kind.code} with different statuses or titles.")
    return sorted(kinds.values(), key=lambda kind: kind.code)


def _declared(error: type[DomainError]) -> Iterator[type[DomainError]]:
    yield error
    for refined in error.__subclasses__():
        yield from _declared(refined)


def document(error: DomainError) -> dict[str, JsonValue]:
    """Return the problem document of `error` for the request in hand."""
    found: dict[str, JsonValue] = {
        "type": f"{LIST_PATH}#{error.code}",
        "title": error.title,
        "status": error.status,
        "code": error.code,
        "detail": error.detail,
        "request_id": context.request_id.get(),
    }
    if error.errors:
        found["errors"] = [{"field": each.field, "code": each.code, "message": each.message} for each in error.errors]
    found.update((name, value) for name, value in error.extra.items() if name not in _MEMBERS)
    return found


class ProblemReply:
    """The reply for a domain error, as an ASGI application."""

    def __init__(self, error: DomainError) -> None:
        self._status = error.status
        self._body = orjson.dumps(document(error), default=str)
        self._headers = [*_headers(error), _length(self._body)]

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Send the reply."""
        await _send(scope, send, self._status, self._headers, self._body)


class ReadyReply:
    """The same, made once for all requests that it answers: where answering must cost next to nothing."""

    def __init__(self, error: DomainError) -> None:
        self._status = error.status
        self._headers = _headers(error)
        found = document(error)
        del found["request_id"]
        self._beginning = orjson.dumps(found, default=str)[:-1] + b',"request_id":"'

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Send the reply."""
        # What is taken for an id holds nothing that JSON would have to escape (`RequestId`).
        body = self._beginning + context.request_id.get().encode() + b'"}'
        await _send(scope, send, self._status, [*self._headers, _length(body)], body)


def _headers(error: DomainError) -> list[tuple[bytes, bytes]]:
    stated = ((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in error.headers.items())
    return [(b"content-type", MEDIA_TYPE.encode()), *stated]


def _length(body: bytes) -> tuple[bytes, bytes]:
    return b"content-length", str(len(body)).encode()


async def _send(scope: Scope, send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
