"""A route gets its UnitOfWork from the right it names: authenticated, permitted, committed before the reply leaves."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Annotated
from uuid import UUID, uuid4

import httpx2
import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from sample.main import make_program
from sample.notes import MODULE, NoteWritten
from sqlalchemy.pool import QueuePool

from mainstay.bootstrap.api import create_api
from mainstay.errors import Conflict, NotSignedIn
from mainstay.keyring import Keyring
from mainstay.permission import Permission, Public, SignedIn
from mainstay.testing.client import Client
from mainstay.testing.database import as_owner
from mainstay.testing.limits import raised_limits
from mainstay.web.csrf import csrf_token
from mainstay.web.routing import actor, right_of, work
from mainstay.work import SYSTEM, Actor, FactorState, UnitOfWork, WorkOpener

WRITE = Permission("bakery.write", "Write into the book", frozenset({"cashier"}))
ADD = "INSERT INTO sample_note (id, text) VALUES ($1, $2)"
COUNT = "SELECT count(*) FROM sample_note"
EVENTS = "SELECT count(*) FROM mainstay_event"
JOBS = "SELECT count(*) FROM procrastinate_jobs"
KEY = Keyring(b"a key that only these tests know")

# Who is known, and what they have given of a second factor.
FACTORS: dict[str, FactorState] = {
    "baker": "none",
    "guest": "none",
    "careful": "fresh",
    "tired": "stale",
    "bare": "lacking",
}

router = APIRouter(prefix="/bakery")


@router.post("/notes", status_code=201)
async def write_note(uow: Annotated[UnitOfWork, work(WRITE)], text: str) -> str:
    """Write a note; some texts make it go wrong afterwards."""
    await uow.write(ADD, uuid4(), text)
    uow.publish(NoteWritten(note_id=uuid4(), text=text))
    if text == "refuse":
        raise Conflict("This came too late.")
    if text == "crash":
        raise ZeroDivisionError
    if text == "defer":
        await uow.write("INSERT INTO sample_tag VALUES ($1)", uuid4())
    return uow.actor.name


@router.get("/public")
async def read_public(uow: Annotated[UnitOfWork, work(Public("it is a shop window"))]) -> str:
    """Say who asks."""
    return uow.actor.kind


@router.get("/me")
async def read_me(uow: Annotated[UnitOfWork, work(SignedIn())]) -> str:
    """Say who asks."""
    return uow.actor.name


@router.post("/oven")
async def light_oven(uow: Annotated[UnitOfWork, work(WRITE, fresh=True)]) -> str:
    """Do something dangerous."""
    return uow.actor.name


@router.get("/set-up")
async def set_up(uow: Annotated[UnitOfWork, work(SignedIn(may_lack_factor=True))]) -> str:
    """Be led to set up a second factor."""
    return uow.actor.name


@router.get("/watch")
async def watch(who: Annotated[Actor, actor(WRITE)]) -> str:
    """Say who asks, without work."""
    return who.name


async def read_nothing() -> None:
    """Do nothing, for nobody in particular."""


async def authenticate(uow: UnitOfWork, token: str) -> Actor:
    """Know bakers and a guest by their names."""
    await uow.read("SELECT 1")
    if token not in FACTORS:
        raise NotSignedIn("Nobody is called so.")
    rights = frozenset[str]() if token == "guest" else uow.setup.roles.rights_of("cashier")
    return Actor("person", UUID(int=1), token, "cashier", rights, factor=FACTORS[token])


BAKERY = replace(
    make_program(), modules=(replace(MODULE, routers=(router,), permissions=(WRITE,), authenticate=authenticate),)
)


@pytest.fixture
async def client(committed: WorkOpener, fresh_database_url: str) -> AsyncIterator[Client]:
    """A client of these routes, whose work really commits."""
    with raised_limits(BAKERY.name):
        configuration = BAKERY.configuration()
    app = create_api(BAKERY, configuration, fresh_database_url, KEY, engine=committed.engine)
    async with Client("http://localhost", transport=httpx2.ASGITransport(app, raise_app_exceptions=False)) as client:
        yield client


def sign_in(client: Client, name: str) -> None:
    client.cookies.set("__Host-sample", name, domain="localhost.local")
    client.csrf_token = csrf_token(KEY, name)


async def ask(open_work: WorkOpener, sql: str) -> object:
    async with open_work(SYSTEM) as uow:
        return await uow.read_value(sql)


async def write(client: Client, text: str) -> httpx2.Response:
    return await client.post("/api/v1/bakery/notes", params={"text": text})


# -- the right ---------------------------------------------------------------------------------------------------------


async def test_a_public_route_answers_anybody_as_nobody(client: Client) -> None:
    sign_in(client, "baker")

    assert (await client.get("/api/v1/bakery/public")).json() == "anonymous"


@pytest.mark.parametrize("path", ["/me", "/watch"])
async def test_a_route_with_a_right_is_closed_to_whoever_is_not_signed_in(client: Client, path: str) -> None:
    answer = await client.get(f"/api/v1/bakery{path}")

    assert answer.status_code == 401
    assert answer.json()["code"] == "identity.not_signed_in"


async def test_a_session_that_nobody_knows_is_as_good_as_none(client: Client) -> None:
    sign_in(client, "stranger")

    assert (await client.get("/api/v1/bakery/me")).status_code == 401


async def test_a_signed_in_route_needs_no_particular_right(client: Client) -> None:
    sign_in(client, "guest")

    assert (await client.get("/api/v1/bakery/me")).json() == "guest"


async def test_whoever_lacks_the_right_is_told_which_one_and_nothing_happens(
    client: Client, committed: WorkOpener
) -> None:
    sign_in(client, "guest")

    answer = await write(client, "hello")

    assert answer.status_code == 403
    assert answer.json()["code"] == "not_allowed"
    assert answer.json()["permission"] == "bakery.write"
    assert "Write into the book" in answer.json()["detail"]
    assert await ask(committed, COUNT) == 0


async def test_a_route_for_streams_gets_the_actor_after_the_same_checks(client: Client) -> None:
    sign_in(client, "guest")
    assert (await client.get("/api/v1/bakery/watch")).status_code == 403

    sign_in(client, "baker")
    assert (await client.get("/api/v1/bakery/watch")).json() == "baker"


@pytest.mark.parametrize(("name", "status"), [("baker", 200), ("careful", 200), ("tired", 403)])
async def test_a_dangerous_act_needs_a_fresh_factor_of_those_who_have_one(
    client: Client, name: str, status: int
) -> None:
    sign_in(client, name)

    answer = await client.post("/api/v1/bakery/oven")

    assert answer.status_code == status
    assert status == 200 or answer.json()["code"] == "fresh_factor_needed"


async def test_a_fresh_factor_is_no_right(client: Client) -> None:
    sign_in(client, "guest")

    assert (await client.post("/api/v1/bakery/oven")).json()["code"] == "not_allowed"


@pytest.mark.parametrize("path", ["/me", "/watch"])
async def test_who_lacks_the_factor_that_their_role_must_have_can_only_set_one_up(client: Client, path: str) -> None:
    sign_in(client, "bare")

    assert (await client.get(f"/api/v1/bakery{path}")).json()["code"] == "factor_set_up_needed"
    assert (await write(client, "hello")).json()["code"] == "factor_set_up_needed"

    assert (await client.get("/api/v1/bakery/set-up")).json() == "bare"


def test_the_right_of_a_route_can_be_read_from_it() -> None:
    rights = {route.path: right_of(route) for route in router.routes if isinstance(route, APIRoute)}
    bare = APIRoute("/bare", read_nothing)

    assert rights["/bakery/notes"] is WRITE
    assert rights["/bakery/watch"] is WRITE
    assert rights["/bakery/public"] == Public("it is a shop window")
    assert rights["/bakery/me"] == SignedIn()
    assert right_of(bare) is None


# -- the commit --------------------------------------------------------------------------------------------------------


async def test_the_work_is_committed_when_the_reply_arrives(client: Client, committed: WorkOpener) -> None:
    sign_in(client, "baker")

    answer = await write(client, "hello")

    assert (answer.status_code, answer.json()) == (201, "baker")
    assert await ask(committed, COUNT) == 1
    assert await ask(committed, EVENTS) == 1


@pytest.mark.parametrize(("text", "status"), [("refuse", 409), ("crash", 500)])
async def test_a_route_that_fails_leaves_no_row_no_event_and_no_job(
    client: Client, committed: WorkOpener, text: str, status: int
) -> None:
    sign_in(client, "baker")

    assert (await write(client, text)).status_code == status

    assert [await ask(committed, sql) for sql in (COUNT, EVENTS, JOBS)] == [0, 0, 0]


async def test_a_commit_that_fails_is_a_500_and_never_a_201(client: Client, committed: WorkOpener) -> None:
    """The reply must not leave before the commit: a deferred constraint speaks only then."""
    async with committed(SYSTEM) as uow, as_owner(uow):
        await uow.write("CREATE TABLE sample_tag (note uuid REFERENCES sample_note DEFERRABLE INITIALLY DEFERRED)")
        await uow.write("GRANT SELECT, INSERT ON sample_tag TO PUBLIC")
    sign_in(client, "baker")

    answer = await write(client, "defer")

    assert answer.status_code == 500
    assert "sample_tag" not in answer.text
    assert [await ask(committed, sql) for sql in (COUNT, EVENTS, JOBS)] == [0, 0, 0]


async def test_every_request_gives_its_connection_back(client: Client, committed: WorkOpener) -> None:
    sign_in(client, "baker")
    for text in ("hello", "refuse", "crash"):
        await write(client, text)
    sign_in(client, "guest")
    await write(client, "hello")
    await client.get("/api/v1/bakery/watch")

    assert isinstance(committed.engine.pool, QueuePool)
    assert committed.engine.pool.checkedout() == 0


async def test_twenty_requests_at_once_share_the_pool(client: Client, committed: WorkOpener) -> None:
    sign_in(client, "baker")

    answers = await asyncio.gather(*(write(client, str(number)) for number in range(20)))

    assert {answer.status_code for answer in answers} == {201}
    assert await ask(committed, COUNT) == 20
