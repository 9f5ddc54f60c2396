"""What the database and the framework raise is answered as what it is."""

import asyncio

import asyncpg
import pytest
from fastapi.exceptions import RequestValidationError
from probe.served import Served
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException

from mainstay import ids
from mainstay.errors import DomainError
from mainstay.testing.client import Client
from mainstay.web.failures import problem_of

GONE = "service_unavailable"


def note(**fields: object) -> dict[str, object]:
    return {"id": str(ids.new_id()), "code": ids.new_id().hex, "amount": 1, **fields}


async def test_a_double_is_a_conflict_that_names_the_constraint(owner: Client) -> None:
    first = note()
    assert (await owner.post("/api/v1/probe/notes", json=first)).status_code == 201

    again = await owner.post("/api/v1/probe/notes", json=note(code=first["code"]))

    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    assert again.json()["constraint"] == "uq_probe_note_code"
    assert str(first["code"]) not in again.text


async def test_two_equal_writes_at_once_make_one_row_and_one_conflict(owner: Client, served: Served) -> None:
    same = note()

    replies = await asyncio.gather(*(owner.post("/api/v1/probe/notes", json=same) for _ in range(5)))

    assert sorted(reply.status_code for reply in replies) == [201, 409, 409, 409, 409]
    assert served.ask(f"SELECT count(*) FROM probe_note WHERE id = '{same['id']}'") == 1


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"amount": 0}, "ck_probe_note_amount"),
        ({"amount": -1}, "ck_probe_note_amount"),
        ({"amount": 10**18 * 10}, None),
    ],
)
async def test_a_value_that_breaks_a_rule_is_refused(
    owner: Client, fields: dict[str, object], constraint: str | None
) -> None:
    reply = await owner.post("/api/v1/probe/notes", json=note(**fields))

    assert (reply.status_code, reply.json()["code"]) == (422, "refused_by_database")
    assert reply.json().get("constraint") == constraint


async def test_what_others_still_name_cannot_be_removed(owner: Client) -> None:
    kept = note()
    await owner.post("/api/v1/probe/notes", json=kept)
    await owner.post(f"/api/v1/probe/notes/{kept['id']}/remarks")

    reply = await owner.delete(f"/api/v1/probe/notes/{kept['id']}")

    assert (reply.status_code, reply.json()["code"]) == (409, "reference_conflict")


async def test_a_commit_that_fails_is_our_mistake_and_leaves_no_row_and_no_event(owner: Client, served: Served) -> None:
    """A deferred constraint speaks only at the commit: the reply must not have left before."""
    missing, name = ids.new_id(), ids.new_id().hex

    reply = await owner.post(f"/api/v1/probe/notes/{missing}/remarks", headers={"X-Request-ID": name})

    assert (reply.status_code, reply.json()["code"]) == (500, "internal_error")
    assert "probe" not in reply.text
    assert served.ask(f"SELECT count(*) FROM probe_remark WHERE note_id = '{missing}'") == 0
    assert served.ask(f"SELECT count(*) FROM mainstay_event WHERE request_id = '{name}'") == 0
    assert "fk_probe_remark_note_id" in served.line(request_id=name, level="error")["exception"]


@pytest.mark.parametrize(
    ("statement", "status", "code"),
    [
        ("INSERT INTO probe_note VALUES (NULL, 'a', 1, '')", 422, "refused_by_database"),
        ("SELECT 1/0", 422, "refused_by_database"),
        ("SELECT 'x'::int", 422, "refused_by_database"),
        ("SELECT nothing", 500, "internal_error"),
        ("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$", 503, "database_busy"),
        ("DO $$ BEGIN RAISE SQLSTATE '55P03'; END $$", 503, "database_busy"),
    ],
)
async def test_the_orms_errors_are_told_apart_like_the_drivers(
    api: Client, statement: str, status: int, code: str
) -> None:
    reply = await api.get("/api/v1/trouble/orm", params={"statement": statement})

    assert (reply.status_code, reply.json()["code"]) == (status, code)


async def test_a_statement_that_takes_too_long_is_ended_and_may_be_tried_again(api: Client) -> None:
    reply = await api.get("/api/v1/trouble/sleep", params={"seconds": 30}, timeout=20)

    assert (reply.status_code, reply.json()["code"]) == (503, "database_busy")
    assert reply.headers["Retry-After"] == "1"


async def test_a_server_that_ends_our_connection_is_an_outage_and_the_next_request_works(
    api: Client, served: Served
) -> None:
    asleep = asyncio.create_task(api.get("/api/v1/trouble/sleep", params={"seconds": 30}, timeout=20))
    end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'"
    ended = 0
    while not ended:
        ended = await asyncio.to_thread(served.ask, end)
    reply = await asleep

    assert (reply.status_code, reply.json()["code"]) == (503, "service_unavailable")
    assert (await api.get("/api/v1/trouble/sleep", params={"seconds": 0})).json() == "awake"


def wrapped(cause: Exception) -> DBAPIError:
    failure = Exception("the driver's adapter")
    failure.__cause__ = cause
    return DBAPIError("SELECT 1", {}, failure)


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [
        (asyncpg.DeadlockDetectedError("x"), 503, "database_busy"),
        (asyncpg.ExclusionViolationError("x"), 409, "conflict"),
        (asyncpg.CharacterNotInRepertoireError("x"), 422, "refused_by_database"),
        (asyncpg.TooManyConnectionsError("x"), 503, "service_unavailable"),
        (asyncpg.InterfaceError("connection is closed"), 503, "service_unavailable"),
        (asyncpg.InterfaceError("another operation is in progress"), 500, "internal_error"),
        (asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress"), 503, GONE),
        (asyncpg.InternalClientError("got result for unknown protocol state 7"), 500, "internal_error"),
        (asyncpg.UndefinedTableError("x"), 500, "internal_error"),
        (asyncpg.PostgresError("x"), 500, "internal_error"),
        (ConnectionResetError("x"), 503, "service_unavailable"),
        (TimeoutError(), 503, "service_unavailable"),
        (FileNotFoundError("x"), 500, "internal_error"),
        (PoolTimeout("x"), 503, "service_unavailable"),
        (StaleDataError("x"), 412, "version_conflict"),
        (wrapped(asyncpg.UniqueViolationError("x")), 409, "conflict"),
        (DBAPIError("SELECT 1", {}, ValueError("x")), 500, "internal_error"),
        (HTTPException(404), 404, "not_found"),
        (HTTPException(405, headers={"Allow": "GET"}), 405, "method_not_allowed"),
        (HTTPException(429), 429, "too_many_requests"),
        (HTTPException(418), 500, "internal_error"),
        (RequestValidationError([{"type": "missing", "loc": ("body",), "msg": "m"}]), 422, "invalid_input"),
        (KeyError("x"), 500, "internal_error"),
    ],
)
def test_each_failure_is_its_own_kind_of_problem(failure: Exception, status: int, code: str) -> None:
    problem = problem_of(failure)

    assert (problem.status, problem.code) == (status, code)
    assert problem.detail.endswith(".")


def test_a_domain_error_is_its_own_problem_and_headers_are_kept() -> None:
    error = DomainError("As it is.")

    assert problem_of(error) is error
    assert problem_of(HTTPException(405, headers={"Allow": "GET"})).headers == {"Allow": "GET"}
    assert problem_of(RequestValidationError([{"type": "t", "loc": ("body",), "msg": "m"}])).errors[0].field == "body"
