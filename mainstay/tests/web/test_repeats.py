"""A call that comes again with its key is answered as before and not done again; another input or caller is told."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Annotated, Any

import psycopg
import pytest
from fastapi import APIRouter, Response
from pydantic import BaseModel

from mainstay import ids
from mainstay.bootstrap.program import Program
from mainstay.db.address import libpq_url, split
from mainstay.errors import ConfigurationError, Conflict
from mainstay.messages.audit import Entry
from mainstay.module import Module
from mainstay.modules.audit.module import AUDIT
from mainstay.modules.identity.module import IDENTITY
from mainstay.modules.interface import repository
from mainstay.permission import Public, SignedIn
from mainstay.testing.client import Client
from mainstay.web.json_text import JsonText
from mainstay.web.operation import operations
from mainstay.web.repeats import repeatable
from mainstay.web.routing import actor, work
from mainstay.work import Actor, UnitOfWork

SignIn = Callable[[str], Awaitable[Client]]
Rings = Callable[[], Awaitable[list[str]]]

Work = Annotated[UnitOfWork, work(SignedIn())]
router = APIRouter(prefix="/bells", tags=["Bells"])


class RingIn(BaseModel):
    """How a bell is rung."""

    times: int = 1
    is_refused: bool = False


class RingOut(BaseModel):
    """A ring, which is another each time."""

    id: str
    times: int


def ring(uow: UnitOfWork, bell: str, times: int) -> RingOut:
    """Ring a bell: what is on record of it is what was done."""
    uow.record(Entry("bells.rung", "bells.bell", bell, new={"times": times}))
    return RingOut(id=str(ids.new_id()), times=times)


@router.post("/{bell}/ring", status_code=201)
@repeatable
async def ring_bell(uow: Work, bell: str, ringing: RingIn, response: Response, tone: str = "low") -> RingOut:
    """Ring a bell, which may be refused after it was done."""
    rung = ring(uow, f"{bell}, {tone}", ringing.times)
    await uow.write("SELECT 1 AS rung")
    if ringing.is_refused:
        raise Conflict("It is night.")
    response.headers["Location"] = f"/bells/{bell}"
    return rung


@router.post("/{bell}/toll")
@repeatable
async def toll(uow: Work, bell: str) -> Response:
    """Toll a bell; the answer is made by hand."""
    return JsonText(ring(uow, bell, 1).model_dump_json())


@router.post("/{bell}/forgetful")
async def forgetful(uow: Work, bell: str) -> RingOut:
    """Ring a bell whose route takes no key."""
    return ring(uow, bell, 1)


@pytest.fixture(scope="session")
def program() -> Program:
    """The program under test."""
    return Program(
        name="belfry",
        title="Belfry",
        description="Rings bells.",
        version="1.0.0",
        modules=(IDENTITY, AUDIT, Module(name="bells", routers=(router,))),
        migrations=("mainstay.migrations",),
    )


@pytest.fixture
async def owner(sign_in_as: SignIn) -> Client:
    """An owner of this program, not of the probe."""
    return await sign_in_as("owner")


@pytest.fixture
def rings(uow: UnitOfWork) -> Rings:
    """Tells which bells were rung."""

    async def rung() -> list[str]:
        rows = await uow.read("SELECT object_id FROM audit_entry WHERE act = 'bells.rung' ORDER BY position")
        return [row["object_id"] for row in rows]

    return rung


BELL = "/api/v1/bells/bell/ring"
KEY = {"Idempotency-Key": "one"}


async def test_a_call_that_comes_again_is_answered_as_before_and_done_once(owner: Client, rings: Rings) -> None:
    first = await owner.post(BELL, json={"times": 3}, headers=KEY)
    again = await owner.post(BELL, json={"times": 3}, headers=KEY)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["location"] == first.headers["location"] == "/bells/bell"
    assert again.headers["content-type"] == "application/json"
    assert (first.headers.get("idempotent-replayed"), again.headers["idempotent-replayed"]) == (None, "true")
    assert await rings() == ["bell, low"]


async def test_an_answer_that_is_made_by_hand_is_kept_too(owner: Client, rings: Rings) -> None:
    first = await owner.post("/api/v1/bells/bell/toll", headers=KEY)
    again = await owner.post("/api/v1/bells/bell/toll", headers=KEY)

    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers["content-length"] == str(len(first.content))
    assert await rings() == ["bell"]


async def test_what_was_done_and_its_key_are_of_one_transaction(owner: Client, uow: UnitOfWork) -> None:
    """A power cut between the two is not possible: either both are there or neither."""
    await owner.post(BELL, json={}, headers=KEY)
    await owner.post(BELL, json={}, headers={"Idempotency-Key": "another"})

    done = await uow.read("SELECT xmin::text FROM audit_entry WHERE act = 'bells.rung' ORDER BY position")
    kept = await uow.read("SELECT xmin::text FROM mainstay_repeat ORDER BY key DESC")
    assert [row["xmin"] for row in done] == [row["xmin"] for row in kept]
    assert done[0]["xmin"] != done[1]["xmin"]


async def test_a_call_that_was_refused_leaves_no_key(owner: Client, rings: Rings, uow: UnitOfWork) -> None:
    for _ in range(2):
        refused = await owner.post(BELL, json={"is_refused": True}, headers=KEY)
        assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert await uow.read_value("SELECT count(*) FROM mainstay_repeat") == 0

    assert (await owner.post(BELL, json={}, headers=KEY)).status_code == 201
    assert await rings() == ["bell, low"]


@pytest.mark.parametrize(
    ("path", "body"),
    [(BELL, {"times": 4}), (f"{BELL}?tone=high", {"times": 3}), ("/api/v1/bells/other/ring", {"times": 3})],
    ids=["another body", "another query", "another path"],
)
async def test_the_key_of_another_call_is_refused(owner: Client, rings: Rings, path: str, body: dict[str, int]) -> None:
    await owner.post(BELL, json={"times": 3}, headers=KEY)

    refused = await owner.post(path, json=body, headers=KEY)

    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
    assert await rings() == ["bell, low"]


async def test_a_key_is_its_callers_own_and_of_one_route(owner: Client, sign_in_as: SignIn, rings: Rings) -> None:
    other = await sign_in_as("cashier")

    answers = [
        await owner.post(BELL, json={}, headers=KEY),
        await other.post(BELL, json={}, headers=KEY),
        await owner.post("/api/v1/bells/bell/toll", headers=KEY),
    ]

    assert ["idempotent-replayed" in each.headers for each in answers] == [False, False, False]
    assert await rings() == ["bell, low", "bell, low", "bell"]


@pytest.fixture
def under_way(database_url: str, owner: Client) -> Iterator[None]:
    """Another process is in the middle of the call."""
    with psycopg.connect(libpq_url(split(database_url)[0]), autocommit=True) as connection:
        name = f"{owner.person_id} POST /api/v1/bells/{{bell}}/ring one"
        connection.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [name])
        yield


@pytest.mark.usefixtures("under_way")
async def test_a_call_that_is_under_way_is_neither_done_again_nor_waited_for(owner: Client, rings: Rings) -> None:
    refused = await owner.post(BELL, json={}, headers=KEY)

    assert (refused.status_code, refused.json()["code"]) == (409, "call_under_way")
    assert refused.headers["retry-after"] == "1"
    assert await rings() == []
    assert (await owner.post(BELL, json={}, headers={"Idempotency-Key": "two"})).status_code == 201


async def test_a_key_is_the_same_in_quotes(owner: Client, rings: Rings) -> None:
    for key in ('"one"', "one"):
        await owner.post(BELL, json={}, headers={"Idempotency-Key": key})
    for key in (r'"a \"b\" \\"', r'"a \"b\" \\"'):
        await owner.post(BELL, json={}, headers={"Idempotency-Key": key})

    assert len(await rings()) == 2


UNREADABLE = ["", '""', "two words", '"open', 'clo"sed', "x" * 201, "é".encode(), r'"\x"', "tab\there"]


@pytest.mark.parametrize("key", UNREADABLE)
async def test_a_key_that_cannot_be_read_is_refused(owner: Client, rings: Rings, key: str | bytes) -> None:
    given = key if isinstance(key, bytes) else key.encode()

    refused = await owner.post(BELL, json={}, headers=[(b"idempotency-key", given)])

    assert (refused.status_code, refused.json()["code"]) == (400, "idempotency_key_malformed")
    assert await rings() == []


async def test_calls_without_a_key_cost_nothing_and_are_done_each_time(
    owner: Client, rings: Rings, statements: Callable[[], AbstractAsyncContextManager[list[str]]]
) -> None:
    async with statements() as seen:
        for _ in range(2):
            assert (await owner.post(BELL, json={})).status_code == 201

    assert seen
    assert [each for each in seen if "mainstay_repeat" in each or "pg_try_advisory" in each] == []
    assert len(await rings()) == 2


async def test_a_route_that_is_not_marked_takes_no_key(owner: Client, rings: Rings) -> None:
    for _ in range(2):
        assert (await owner.post("/api/v1/bells/bell/forgetful", headers=KEY)).status_code == 200

    assert len(await rings()) == 2


async def test_a_call_is_forgotten_when_it_has_had_its_time(owner: Client, rings: Rings, uow: UnitOfWork) -> None:
    await owner.post(BELL, json={}, headers=KEY)
    await uow.write("UPDATE mainstay_repeat SET made_at = made_at - interval '2 hours'")

    await repository.forget_repeats(uow, timedelta(hours=3))
    await owner.post(BELL, json={}, headers=KEY)
    assert len(await rings()) == 1

    await repository.forget_repeats(uow, timedelta(hours=1))
    await owner.post(BELL, json={}, headers=KEY)
    assert len(await rings()) == 2


def test_the_description_tells_of_the_key_where_it_is_taken(api_document: dict[str, Any]) -> None:
    marked = api_document["paths"]["/api/v1/bells/{bell}/ring"]["post"]
    plain = api_document["paths"]["/api/v1/bells/{bell}/forgetful"]["post"]

    assert "Idempotency-Key" in [each["name"] for each in marked["parameters"]]
    assert "Idempotent-Replayed" in marked["responses"]["201"]["headers"]
    assert {"400", "409", "422"} <= marked["responses"].keys()
    assert "Idempotency-Key" not in [each["name"] for each in plain["parameters"]]


async def for_everybody(uow: Annotated[UnitOfWork, work(Public("a test"))]) -> None:
    """Do what anybody may: nobody knows whose key it is."""
    await uow.read("SELECT 1")


async def piece_by_piece(worker: Annotated[Actor, actor(SignedIn())]) -> None:
    """Do something without a unit of work: nothing is kept together."""
    assert worker.id


@pytest.mark.parametrize("endpoint", [for_everybody, piece_by_piece])
def test_a_route_that_cannot_keep_its_answers_does_not_start(endpoint: Callable[..., Awaitable[None]]) -> None:
    unfit = APIRouter()
    unfit.post("/unfit")(repeatable(endpoint))

    with pytest.raises(ConfigurationError, match="cannot be repeatable"):
        list(operations([unfit], "/api/v1", "test"))
