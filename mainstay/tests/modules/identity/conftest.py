"""A program that is identity and nothing else, with one more right, and the ways into it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Annotated

import httpx2
import pytest
from factor_calls import become_owner
from fastapi import APIRouter

from mainstay import crypto
from mainstay.bootstrap.api import create_api
from mainstay.bootstrap.program import Program
from mainstay.keyring import Keyring
from mainstay.module import Module
from mainstay.modules.identity.module import IDENTITY
from mainstay.modules.identity.service import invitations
from mainstay.modules.identity.service.recent import RECENT
from mainstay.permission import Permission
from mainstay.testing.client import Client
from mainstay.web.routing import work
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

LOCK = Permission("door.lock", "Lock the door")
LET_IN = Permission("door.let_in", "Let people in", frozenset({"cashier"}))
PASSWORD = "three quiet green trains"

Link = Callable[[], Awaitable[str]]

door = APIRouter(prefix="/door")


@door.post("")
async def let_in(uow: Annotated[UnitOfWork, work(LET_IN)]) -> str:
    """Let somebody in, and say who asked."""
    return f"{uow.actor.kind} {uow.actor.id}"


@door.post("/lock")
async def lock(uow: Annotated[UnitOfWork, work(LOCK)]) -> str:
    """Lock the door, and say who asked."""
    return f"{uow.actor.kind} {uow.actor.id}"


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
        modules=(IDENTITY, Module(name="door", routers=(door,), permissions=(LET_IN, LOCK))),
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
    app = create_api(
        program,
        program.configuration(),
        fresh_database_url,
        Keyring(crypto.new_token().encode()),
        engine=committed.engine,
    )
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
