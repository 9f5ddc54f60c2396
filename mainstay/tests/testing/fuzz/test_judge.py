"""The judge sees each thing that can be wrong with an answer, and nothing in a right one."""

import json
from dataclasses import replace
from typing import Any

import pytest

from mainstay.testing.fuzz.calling import Answer
from mainstay.testing.fuzz.cases import Request
from mainstay.testing.fuzz.judge import Judge

REQUEST = Request("POST", "/api/v1/planted/sound", body=b'{"name":"SELECT "}')
HEADERS = [(b"x-request-id", b"r1"), (b"x-content-type-options", b"nosniff"), (b"content-security-policy", b"x")]
JSON = (b"content-type", b"application/json")
PROBLEM = (b"content-type", b"application/problem+json")
FINE = Answer("POST", 201, [*HEADERS, JSON], b'{"name":"Tonic","count":1}', "/api/v1/planted/sound")


def refused(**changes: object) -> Answer:
    """Return a proper refusal, but for the changes to its document."""
    problem = {"type": "t", "title": "T", "status": 422, "code": "c", "detail": "D.", "request_id": "r1", **changes}
    return replace(FINE, status=422, headers=[*HEADERS, PROBLEM], body=json.dumps(problem).encode())


@pytest.fixture
def judge(api_document: dict[str, Any]) -> Judge:
    """Judges the program with mistakes."""
    return Judge(api_document)


@pytest.mark.parametrize(
    "answer",
    [
        FINE,
        refused(),
        refused(detail="“SELECT ” is not known."),
        replace(refused(status=404), status=404, route=None),
        replace(FINE, status=200, route=None, headers=[*HEADERS, (b"content-type", b"text/html; charset=utf-8")]),
    ],
)
def test_a_right_answer_is_let_pass(judge: Judge, answer: Answer) -> None:
    assert judge.findings(REQUEST, answer) == []


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (replace(FINE, failure=TimeoutError()), "it raised TimeoutError instead of answering"),
        (replace(refused(status=500), status=500), "it answered 500"),
        (replace(FINE, status=202), "it answered 202, and describes 201"),
        (replace(FINE, status=201, route=None), "no operation answered 201"),
        (replace(refused(), headers=[*HEADERS, JSON]), "instead of application/problem+json"),
        (replace(refused(), body=b"{"), "its error is no problem document"),
        (replace(refused(), body=b'{"status":422}'), "its error is no problem document"),
        (refused(status=409), "its error says 409 and is 422"),
        (refused(request_id="r2"), "its error has another request id"),
        (refused(detail="asyncpg.DataError."), "shows the program's insides: asyncpg"),
        (replace(FINE, headers=[*HEADERS, (b"content-type", b"text/plain")]), "its answer is 'text/plain'"),
        (replace(FINE, body=b'{"name":1}'), "does not have the shape"),
        (replace(FINE, body=b"{"), "does not have the shape"),
        (replace(FINE, headers=[JSON, *HEADERS, (b"x-a", b"qzx7k")]), "its header x-a holds what was sent"),
        (replace(FINE, headers=[JSON, *HEADERS, (b"x-a", b"1\r\nb: 2")]), "its header x-a holds the end of a line"),
        (replace(FINE, headers=[JSON, *HEADERS[1:]]), "it has no header x-request-id"),
        (replace(FINE, body=b'{"name":"1343433"}'), "it calculated what was sent"),
        (replace(FINE, body=b'{"name":"root:x:0:0"}'), "it read a file of the system"),
        (replace(FINE, statements=["SELECT 'qzx7k'"]), "what was sent is part of a statement"),
        (
            replace(FINE, route=None, body=b"<p>qzx7k", headers=[*HEADERS, (b"content-type", b"text/html")]),
            "its page holds what was sent",
        ),
    ],
)
def test_each_wrong_answer_is_seen(judge: Judge, answer: Answer, sentence: str) -> None:
    assert [found for found in judge.findings(REQUEST, answer) if sentence in found]


def test_a_body_where_none_is_described_is_seen(api_document: dict[str, Any]) -> None:
    # A reply without content, as that of a deletion is.
    answer = Answer("DELETE", 204, HEADERS, b"x", "/api/v1/probe/notes/{note_id}")

    assert Judge(api_document).findings(REQUEST, answer) == ["its answer has a body of 1 bytes, and describes none"]
