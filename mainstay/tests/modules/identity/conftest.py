"""A program that is identity and nothing else, with one more right, and the ways into it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Annotated, Any
from uuid import UUID

import httpx2
import pytest
from factor_calls import become_owner
from fastapi import APIRouter, Header, Request
from pydantic import BaseModel, ConfigDict
from station_calls import OTHER_PIN, enrol, set_pin, sign_in_by_pin

from mainstay import crypto
from mainstay.bootstrap.api import create_api
from mainstay.bootstrap.program import Program
from mainstay.errors import Conflict
from mainstay.keyring import Keyring
from mainstay.messages.audit import Entry
from mainstay.module import Module
from mainstay.modules.identity import api as identity
from mainstay.modules.identity.module import IDENTITY
from mainstay.modules.identity.service import invitations
from mainstay.modules.identity.service.recent import RECENT
from mainstay.permission import Permission, Records
from mainstay.setup import Place, Stand
from mainstay.testing.client import Client
from mainstay.testing.clients import ClientFactory
from mainstay.testing.limits import patient
from mainstay.web.routing import work
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

LOCK = Permission("door.lock", "Lock the door")
LET_IN = Permission("door.let_in", "Let people in", frozenset({"cashier"}), is_for_stations=True)
SAFE = Permission("safe.open", "Open the safe", frozenset({"manager"}), is_for_keys=False, is_for_stations=True)
PASSWORD = "three quiet green trains"
FRONT = Stand(UUID("01926e6a-0000-7000-8000-0000000000a1"), "Front door", LET_IN.name)
ATTIC, CELLAR = Place(UUID(int=1), "Attic"), Place(UUID(int=2), "Cellar")
BACK = Stand(UUID("01926e6a-0000-7000-8000-0000000000a2"), "Back door", LET_IN.name, within=ATTIC.id)
REFUSED: dict[int | str, dict[str, Any]] = {
    401: {"$ref": "#/components/responses/NotSignedIn"},
    429: {"$ref": "#/components/responses/TooManyRequests"},
}

Link = Callable[[], Awaitable[str]]

door = APIRouter(prefix="/door")
VISITS = Records("door.visits", "Visits")


async def rooms(_uow: UnitOfWork) -> tuple[Place, ...]:
    """What people can be limited to."""
    return ATTIC, CELLAR


@door.get("")
async def tell(uow: Annotated[UnitOfWork, work(LET_IN)]) -> str:
    """Say how far whoever asks reaches."""
    places = uow.actor.reach.places
    reached = "everywhere" if places is None else ", ".join(sorted(str(place.int) for place in places))
    return f"{reached}; {uow.actor.reach.extent(VISITS)} of {len(uow.actor.reach.mates or ())}"


@door.get("/visits")
async def list_visits(uow: Annotated[UnitOfWork, work(LET_IN, VISITS)]) -> str:
    """Say who asked for all visits."""
    return uow.actor.name


@door.post("")
async def let_in(uow: Annotated[UnitOfWork, work(LET_IN)]) -> str:
    """Let somebody in, and say who asked."""
    return f"{uow.actor.kind} {uow.actor.id}"


@door.post("/lock")
async def lock(uow: Annotated[UnitOfWork, work(LOCK)]) -> str:
    """Lock the door, and say who asked."""
    return f"{uow.actor.kind} {uow.actor.id}"


safe = APIRouter(prefix="/safe")


class TakeIn(BaseModel):
    """So much is to be taken out of the safe, once for ever per id."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    amount: int


class TakeApprovalIn(BaseModel):
    """What is to be taken, and who agrees."""

    model_config = ConfigDict(extra="forbid")

    take: TakeIn
    approver_id: UUID
    pin: str


def act_of(take: TakeIn) -> identity.Act:
    """Return what is approved of a take."""
    return identity.Act(SAFE, "safe.take", take.id, take.model_dump_json())


@safe.post("/approvals", status_code=201, responses=REFUSED)
async def approve(request: Request, uow: Annotated[UnitOfWork, work(LET_IN)], given: TakeApprovalIn) -> dict[str, str]:
    """Have somebody agree to a take."""
    key = request.app.state.edge.keyring
    pin = identity.ApproverPin(given.approver_id, given.pin, key)
    approval = await identity.approve(uow, act_of(given.take), pin)
    return {"token": approval.token, "approver": approval.approver_name}


@safe.post("/takes")
async def take_out(
    uow: Annotated[UnitOfWork, work(LET_IN)], take: TakeIn, x_approval: Annotated[str | None, Header()] = None
) -> str:
    """Take something out, and say who agreed; minus one is refused after the approval was used."""
    if uow.actor.may(SAFE.name):
        return "nobody"
    approver = await identity.use_approval(uow, act_of(take), x_approval)
    uow.record(Entry("safe.taken", "safe.take", take.id, new={"amount": take.amount}, approver_id=approver.id))
    if take.amount < 0:
        raise Conflict("There is not so little in the safe.")
    return approver.name


async def stands(_: UnitOfWork) -> tuple[Stand, ...]:
    """Where devices can stand."""
    return FRONT, BACK


DOOR = Module(
    name="door",
    routers=(door,),
    permissions=(LET_IN, LOCK),
    records=(VISITS,),
    places=rooms,
    stands=stands,
)


@pytest.fixture
def forget_bearers() -> Callable[[], None]:
    """Lets a second pass: what this process remembers of bearers is looked up again."""
    return RECENT._known.clear


@pytest.fixture(scope="session")
def program() -> Program:
    """The program under test."""
    return Program(
        name="doorkeeper",
        title="Doorkeeper",
        description="Lets people in.",
        version="1.0.0",
        modules=(IDENTITY, DOOR, Module(name="safe", routers=(safe,), permissions=(SAFE,))),
        migrations=("mainstay.migrations",),
    )


async def owner_token(open_work: WorkOpener) -> str:
    """Make the first owner's link and return its token."""
    async with open_work(SYSTEM) as uow:
        link = await invitations.make_owner_link(uow)
    assert link is not None
    return link.path.removeprefix("/setup#")


@pytest.fixture
def owner_link(open_work: WorkOpener) -> Link:
    """Makes the first owner's link as a start of the program does, and returns its token."""
    return lambda: owner_token(open_work)


@pytest.fixture
async def phone(api: Client, owner_link: Link) -> Client:
    """The browser in which Ada, the owner, set her account up."""
    await become_owner(api, await owner_link())
    return api


@pytest.fixture
async def real_clients(
    program: Program, committed: WorkOpener, fresh_database_url: str
) -> AsyncIterator[Callable[[], Client]]:
    """Makes clients whose requests run side by side and really commit, on a database of the test's own."""
    # Whoever asks side by side here is not about what is refused because the machine is busy.
    with patient(program.name):
        configuration = program.configuration()
    keyring = Keyring(crypto.new_token().encode())
    app = create_api(program, configuration, fresh_database_url, keyring, engine=committed.engine)
    async with AsyncExitStack() as stack:

        def make() -> Client:
            client = Client("http://localhost", transport=httpx2.ASGITransport(app, raise_app_exceptions=False))
            stack.push_async_callback(client.aclose)
            return client

        yield make


@pytest.fixture
def real_owner_link(committed: WorkOpener) -> Link:
    """Makes the first owner's link for `real_clients`."""
    return lambda: owner_token(committed)


@pytest.fixture
async def employee(sign_in_as: Callable[[str], Awaitable[Client]]) -> Client:
    """The client of a signed-in employee, who may not let anybody in."""
    return await sign_in_as("employee")


@pytest.fixture
async def manager(sign_in_as: Callable[[str], Awaitable[Client]]) -> Client:
    """The client of a signed-in manager, who may open the safe."""
    return await sign_in_as("manager")


@pytest.fixture
async def till(owner: Client, cashier: Client, manager: Client, make_client: ClientFactory) -> Client:
    """A shared device on which the cashier is signed in; the manager, who may open the safe, has a PIN too."""
    device = make_client()
    await enrol(owner, device)
    await set_pin(cashier)
    await set_pin(manager, OTHER_PIN)
    await sign_in_by_pin(device, cashier)
    return device
