"""The judge: what is wrong with an answer to a request that was meant to break something."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

import jsonschema_rs

from mainstay.testing.fuzz.calling import Answer
from mainstay.testing.fuzz.cases import Request
from mainstay.testing.fuzz.places import Json, resolved, used
from mainstay.testing.fuzz.vectors import LEAK, MARK, PRODUCT
from mainstay.web.problems import MEDIA_TYPE

# What an error tells only when it shows the program's insides.
INSIDES = (
    b"Traceback (most recent call last)",
    b'File "/',
    b"site-packages",
    b"asyncpg",
    b"sqlalchemy",
    b"pydantic_core",
    b"SELECT ",
    b"INSERT INTO",
    b"identity_",
)
# Refusals that need no operation: there is none, or the request never gets that far.
ANYWHERE = frozenset({400, 403, 404, 405, 413, 422, 429, 408, 414, 431})
PAGES = b"text/html"


class Judge:
    """Knows an API description, and says of every answer what it breaks."""

    def __init__(self, description: Mapping[str, Any]) -> None:
        self._description = description
        self._problem = self._validator({"$ref": "#/components/schemas/Problem"})
        self._known: dict[tuple[str, str, str], jsonschema_rs.Validator] = {}

    def findings(self, request: Request, answer: Answer) -> list[str]:
        """Return one sentence for each thing that is wrong with the answer to a request."""
        if answer.failure is not None:
            return [f"it raised {type(answer.failure).__name__} instead of answering"]
        return [
            *self._of_status(answer),
            *self._of_refusal(request, answer),
            *self._of_content(answer),
            *_of_headers(answer),
            *_of_tricks(answer),
        ]

    def _of_status(self, answer: Answer) -> Iterator[str]:
        if answer.status >= 500:
            yield f"it answered {answer.status}: {answer.body[:300]!r}"
        replies = self._replies(answer)
        if replies is not None and str(answer.status) not in replies:
            yield f"it answered {answer.status}, and describes {', '.join(replies)}: {answer.body[:300]!r}"
        is_page = answer.status == 200 and (answer.header(b"content-type") or b"").startswith(PAGES)
        if replies is None and answer.status not in ANYWHERE and not is_page:
            yield f"no operation answered {answer.status}"

    def _of_refusal(self, request: Request, answer: Answer) -> Iterator[str]:
        if answer.status < 400:
            return
        if answer.header(b"content-type") != MEDIA_TYPE.encode():
            yield f"its error is {answer.header(b'content-type')!r} instead of {MEDIA_TYPE}"
            return
        try:
            problem = json.loads(answer.body)
            self._problem.validate(problem)
        except (ValueError, jsonschema_rs.ValidationError) as failure:
            yield f"its error is no problem document: {str(failure)[:200]}"
            return
        if problem["status"] != answer.status:
            yield f"its error says {problem['status']} and is {answer.status}"
        if problem["request_id"].encode() != answer.header(b"x-request-id"):
            yield "its error has another request id than its header"
        sent = unquote_to_bytes(request.raw_path + request.raw_query) + request.body
        told = [inside for inside in INSIDES if inside in answer.body and inside not in sent]
        if told:
            yield f"its error shows the program's insides: {told[0].decode()}"

    def _of_content(self, answer: Answer) -> Iterator[str]:
        replies = self._replies(answer)
        reply = resolved((replies or {}).get(str(answer.status), {}), self._description)
        if answer.status >= 400 or not reply:
            return
        content = reply.get("content", {})
        media = (answer.header(b"content-type") or b"").partition(b";")[0].decode("latin-1")
        if not content:
            if answer.body:
                yield f"its answer has a body of {len(answer.body)} bytes, and describes none"
        elif media not in content:
            yield f"its answer is {media!r}, and describes {', '.join(content)}"
        elif media.endswith("json"):
            yield from self._of_shape(answer, media, content[media].get("schema", {}))

    def _of_shape(self, answer: Answer, media: str, schema: Json) -> Iterator[str]:
        key = (f"{answer.method} {answer.route}", str(answer.status), media)
        if key not in self._known:
            self._known[key] = self._validator(schema)
        try:
            self._known[key].validate(json.loads(answer.body))
        except (ValueError, jsonschema_rs.ValidationError) as failure:
            yield f"its answer does not have the shape it describes: {str(failure)[:300]}"

    def _validator(self, schema: Json) -> jsonschema_rs.Validator:
        """Return what holds content against a schema, with what that refers to: all schemas would take far longer."""
        return jsonschema_rs.validator_for({**schema, "components": {"schemas": used(schema, self._description)}})

    def _replies(self, answer: Answer) -> Json | None:
        """Return the replies that the operation describes which a request reached; None when it reached none."""
        if answer.route is None:
            return None
        replies: Json = self._description["paths"][answer.route][answer.method.lower()]["responses"]
        return replies


def _of_headers(answer: Answer) -> Iterator[str]:
    for name, value in answer.headers:
        if MARK.encode() in name + value:
            yield f"its header {name.decode('latin-1')} holds what was sent: {value[:100]!r}"
        if any(end in name + value for end in (b"\r", b"\n", b"\x00")):
            yield f"its header {name.decode('latin-1')} holds the end of a line"
    for needed in (b"x-request-id", b"x-content-type-options", b"content-security-policy"):
        if answer.header(needed) is None:
            yield f"it has no header {needed.decode()}"
    if (answer.header(b"content-type") or b"").startswith(PAGES) and MARK.encode() in answer.body:
        yield "its page holds what was sent"


def _of_tricks(answer: Answer) -> Iterator[str]:
    if PRODUCT.encode() in answer.body:
        yield "it calculated what was sent"
    if LEAK.encode() in answer.body:
        yield "it read a file of the system"
    for statement in answer.statements:
        if MARK in statement:
            yield f"what was sent is part of a statement: {statement[:200]}"
