"""Problem details: one shape for every error, stable codes, and nothing of the inside."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from types import SimpleNamespace
from typing import cast

import httpx2
import pytest
from probe.served import Served
from probe.trouble import SECRET

from mainstay import context, ids
from mainstay.errors import Conflict, DomainError, FieldProblem, InvalidInput
from mainstay.testing.client import Client
from mainstay.web.problems import Problem, codes, document

Provoke = Callable[[Client, Client], Awaitable[httpx2.Response]]
NOTE = {"id": "018f5a3e-0000-7000-8000-000000000001", "code": "A", "amount": 1}


def failure(kind: str) -> Provoke:
    return lambda _owner, api: api.post(f"/api/v1/trouble/failures/{kind}")


PROVOKED: dict[tuple[int, str], Provoke] = {
    (400, "malformed_json"): lambda owner, _: owner.post(
        "/api/v1/probe/notes", content=b"{", headers={"Content-Type": "application/json"}
    ),
    (400, "untrusted_host"): lambda _, api: api.get("/api/v1/probe/me", headers={"Host": "evil.example"}),
    (401, "identity.not_signed_in"): lambda _, api: api.get("/api/v1/probe/me"),
    (403, "not_allowed"): lambda _, api: api.post("/api/v1/trouble/failures/forbidden"),
    (403, "csrf_failed"): lambda owner, _: owner.post("/api/v1/probe/notes", headers={"X-CSRF-Token": "wrong"}),
    (404, "not_found"): lambda owner, _: owner.get("/api/v1/nothing"),
    (405, "method_not_allowed"): lambda owner, _: owner.put("/api/v1/probe/notes"),
    (409, "conflict"): failure("conflict"),
    (412, "version_conflict"): failure("version"),
    (413, "body_too_large"): lambda _, api: api.post("/api/v1/trouble/echo", content=bytes(2 * 1024 * 1024)),
    (415, "unsupported_media_type"): lambda owner, _: owner.post("/api/v1/probe/notes", content=b"code=A"),
    (422, "invalid_input"): lambda owner, _: owner.post("/api/v1/probe/notes", json={**NOTE, "amount": "many"}),
    (429, "too_many_requests"): failure("limited"),
    (500, "internal_error"): failure("bug"),
    (503, "service_unavailable"): failure("unavailable"),
    (503, "database_busy"): failure("busy"),
}


@pytest.mark.practice(52)
@pytest.mark.parametrize(("status", "code"), PROVOKED)
async def test_every_error_has_the_same_shape(owner: Client, api: Client, status: int, code: str) -> None:
    reply = await PROVOKED[status, code](owner, api)

    assert reply.status_code == status
    assert reply.headers["Content-Type"] == "application/problem+json"
    problem = Problem.model_validate(reply.json())
    assert (problem.status, problem.code) == (status, code)
    assert problem.request_id == reply.headers["X-Request-ID"]
    assert problem.type == f"/api/problems#{code}"
    assert problem.title
    assert problem.detail.endswith(".")


@pytest.mark.practice(53)
async def test_no_code_appears_that_the_published_list_does_not_have(owner: Client, api: Client) -> None:
    published = {each["code"]: each["status"] for each in (await api.get("/api/problems")).json()}

    for provoke in PROVOKED.values():
        reply = await provoke(owner, api)
        assert published[reply.json()["code"]] == reply.status_code


@pytest.mark.practice(54)
async def test_a_crash_shows_a_reference_to_the_caller_and_the_trace_to_the_log(api: Client, served: Served) -> None:
    name = ids.new_id().hex

    reply = await api.post("/api/v1/trouble/failures/bug", headers={"X-Request-ID": name})

    assert reply.json()["request_id"] == name
    assert SECRET not in reply.text
    assert "Traceback" not in reply.text
    assert ".py" not in reply.text
    line = served.line(request_id=name, level="error")
    assert line["exception"].rstrip().endswith(f"RuntimeError: {SECRET}")
    assert "trouble.py" in line["exception"]


async def test_extra_members_stand_beside_the_others_and_replace_none(api: Client) -> None:
    problem = (await api.post("/api/v1/trouble/failures/version")).json()

    assert (problem["mine"], problem["conflicts"]) == ({"name": "b"}, ["name"])
    assert problem["status"] == 412


@pytest.mark.parametrize(("kind", "seconds"), [("limited", "7"), ("unavailable", "3"), ("busy", "1")])
async def test_who_should_come_back_later_is_told_when(api: Client, kind: str, seconds: str) -> None:
    reply = await api.post(f"/api/v1/trouble/failures/{kind}")

    assert reply.headers["Retry-After"] == seconds


async def test_a_reply_to_head_has_no_body(owner: Client) -> None:
    reply = await owner.head("/api/v1/nothing")

    assert (reply.status_code, reply.content) == (404, b"")
    assert int(reply.headers["Content-Length"]) > 0


def test_fields_are_listed_with_path_code_and_sentence() -> None:
    field = FieldProblem("lines.0.quantity", "greater_than", "Too small.")

    found = document(InvalidInput("No.", errors=[field]))

    assert found["errors"] == [asdict(field)]
    assert "errors" not in document(Conflict("No."))


def test_a_document_names_the_request_in_hand() -> None:
    token = context.request_id.set("the-request")
    try:
        assert document(Conflict("No."))["request_id"] == "the-request"
    finally:
        context.request_id.reset(token)


def test_codes_say_what_they_mean_in_order() -> None:
    found = codes()

    assert [kind.code for kind in found] == sorted({kind.code for kind in found})
    conflict = next(kind for kind in found if kind.code == "conflict")
    assert (conflict.status, conflict.title) == (409, Conflict.title)
    assert conflict.meaning == "The request does not fit the present state (409)."


def test_two_errors_with_one_code_and_two_meanings_are_refused() -> None:
    first = SimpleNamespace(code="twice", status=409, title="Twice", __doc__="One.")
    second = SimpleNamespace(code="twice", status=422, title="Twice", __doc__="Two.")

    with pytest.raises(ValueError, match="code twice"):
        codes(cast("list[type[DomainError]]", [first, second]))


def test_an_error_that_does_not_say_what_it_means_is_refused_by_its_name() -> None:
    mute = SimpleNamespace(code="mute", status=409, title="Mute", __doc__=None, __qualname__="Mute", __module__="a.b")

    with pytest.raises(ValueError, match=r"Mute of a\.b has no docstring"):
        codes(cast("list[type[DomainError]]", [mute]))
