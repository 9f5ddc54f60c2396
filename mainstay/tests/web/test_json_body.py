"""JSON is read by the letter: what is no JSON is a 400, what cannot be stored is a 422, and never a 500."""

import pytest

from mainstay.testing.client import Client

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b"{'a': 1}",
        b'{"a": 1,}',
        b'{"a": "\xff"}',
        b'\xef\xbb\xbf{"a": 1}',
        b'{"a": 01}',
        b"[" * 100_000,
        b'{"a": "\\ud800"}',
    ],
)
async def test_what_is_no_json_is_refused_with_its_place(api: Client, body: bytes) -> None:
    reply = await api.post("/api/v1/trouble/echo", content=body, headers=JSON)

    assert (reply.status_code, reply.json()["code"]) == (400, "malformed_json")
    assert "at line 1, column " in reply.json()["detail"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "json", ""])
async def test_a_body_of_another_kind_is_refused(api: Client, kind: str) -> None:
    """A foreign page can send a form without being asked first, but never JSON."""
    reply = await api.post("/api/v1/trouble/echo", content=b'{"a": 1}', headers={"Content-Type": kind})

    assert (reply.status_code, reply.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=utf-8", "application/patch+json"])
async def test_json_is_taken_under_all_its_names(api: Client, kind: str) -> None:
    reply = await api.post("/api/v1/trouble/echo", content=b'{"a": 1}', headers={"Content-Type": kind})

    assert reply.json() == {"a": 1}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (rb'{"a": "x\u0000"}', "a"),
        (rb'{"a": [1, {"b": "\u0000"}]}', "a.1.b"),
        (rb'{"a": {"\u0000": 1}}', "a"),
        (rb'{"\u0000": 1}', "body"),
    ],
)
async def test_the_nul_character_is_refused_with_its_field(api: Client, body: bytes, field: str) -> None:
    """PostgreSQL cannot store it."""
    reply = await api.post("/api/v1/trouble/echo", content=body, headers=JSON)

    assert reply.status_code == 422
    assert [each["field"] for each in reply.json()["errors"]] == [field]


async def test_the_letters_that_spell_the_nul_character_are_a_text_like_any_other(api: Client) -> None:
    reply = await api.post("/api/v1/trouble/echo", json={"a": ["\\u0000", 1, None]})

    assert reply.json() == {"a": ["\\u0000", 1, None]}


async def test_an_empty_body_is_a_missing_value(api: Client) -> None:
    reply = await api.post("/api/v1/trouble/echo")

    assert reply.status_code == 422
    assert [each["code"] for each in reply.json()["errors"]] == ["missing"]


async def test_fields_are_named_by_their_path_and_values_are_not_repeated(owner: Client) -> None:
    note = {"id": "no-id", "code": "A", "amount": 1, "lines": [{"quantity": 1}, {"quantity": "a-secret"}]}

    reply = await owner.post("/api/v1/probe/notes", json=note)

    problem = reply.json()
    assert reply.status_code == 422
    assert [each["field"] for each in problem["errors"]] == ["id", "lines.1.quantity"]
    assert problem["detail"] == "These values are not valid: id, lines.1.quantity."
    assert "a-secret" not in reply.text


async def test_a_list_of_refused_fields_has_an_end(owner: Client) -> None:
    note = {"id": "018f5a3e-0000-7000-8000-000000000001", "code": "A", "amount": 1, "lines": [{"quantity": 0}] * 5000}

    reply = await owner.post("/api/v1/probe/notes", json=note)

    assert len(reply.json()["errors"]) == 100
    assert len(reply.content) < 20_000


@pytest.mark.parametrize(
    "path", ["/api/v1/probe/notes/by-code/%00", "/api/v1/probe/notes?limit=%00", "/api/v1/probe/me?x=a%00", "/%00"]
)
async def test_the_nul_character_in_an_address_is_refused(owner: Client, path: str) -> None:
    reply = await owner.get(path)

    assert (reply.status_code, reply.json()["code"]) == (400, "malformed_address")


def nested(depth: int, inside: bytes = b"1") -> bytes:
    return b"[" * depth + inside + b"]" * depth


@pytest.mark.parametrize(
    "body",
    [
        nested(32),
        nested(1000),
        nested(10_000),
        b'{"a":' * 40 + b"1" + b"}" * 40,
        b'{"a":[' * 20 + b"1" + b"]}" * 20,
        nested(900, rb'"\u0000"'),
    ],
    ids=["one too many", "1,000", "10,000", "objects", "both", "with a NUL"],
)
async def test_what_is_too_deep_is_refused(api: Client, body: bytes) -> None:
    reply = await api.post("/api/v1/trouble/echo", content=b'{"a":' + body + b"}", headers=JSON)

    assert (reply.status_code, reply.json()["code"]) == (400, "malformed_json")


async def test_what_is_as_deep_as_may_be_or_only_long_is_taken(api: Client) -> None:
    deep = await api.post("/api/v1/trouble/echo", content=b'{"a":' + nested(31) + b"}", headers=JSON)
    long = await api.post("/api/v1/trouble/echo", json={"a": [[] for _ in range(10_000)], "b": "[" * 100})

    assert (deep.status_code, long.status_code) == (200, 200)
