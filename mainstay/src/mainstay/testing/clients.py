"""The fixtures for calling the program: the API in this process, and the clients of an owner and a cashier."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from mainstay import crypto, ids
from mainstay.bootstrap.api import api_description, create_api
from mainstay.bootstrap.program import Program
from mainstay.keyring import Keyring
from mainstay.observe.statements import Statements
from mainstay.testing.client import Client
from mainstay.testing.described import Described
from mainstay.testing.limits import raised_limits
from mainstay.web.csrf import csrf_token
from mainstay.work import SYSTEM, WorkOpener

# A name that is always this machine's, so that the host check is passed as in a browser.
ADDRESS = "http://localhost"

ADD_PERSON = """
INSERT INTO identity_person (id, email, email_key, name, role, password_hash) VALUES ($1, $2, $2, $3, $4, 'none')
"""
ADD_SESSION = """
INSERT INTO identity_session (id, token_digest, person_id, expires_at) VALUES ($1, $2, $3, now() + $4)
"""


@dataclass(frozen=True, slots=True)
class TestPerson:
    """Somebody who is signed in; nobody knows their password."""

    __test__ = False

    id: UUID
    name: str
    email: str
    role: str
    token: str


ClientFactory = Callable[[], Client]
PersonFactory = Callable[[str], Awaitable[TestPerson]]


@pytest.fixture(scope="session")
def _apps(_keyring: Keyring) -> Callable[[Program, str, AsyncEngine], FastAPI]:
    """One application per program, made once."""
    made: list[tuple[Program, FastAPI]] = []

    def app_of(program: Program, url: str, engine: AsyncEngine) -> FastAPI:
        # Programs with the same migrations share a database, and are still different programs.
        app = next((app for known, app in made if known is program), None)
        if app is None:
            with raised_limits(program.name):
                configuration = program.configuration()
            app = create_api(program, configuration, url, _keyring, engine=engine)
            made.append((program, app))
        return app

    return app_of


@pytest.fixture(scope="session")
def _keyring() -> Keyring:
    return Keyring(crypto.new_token().encode())


@pytest.fixture
def app(
    program: Program,
    database_url: str,
    engine: AsyncEngine,
    _apps: Callable[[Program, str, AsyncEngine], FastAPI],
) -> Iterator[FastAPI]:
    """The ASGI application of the program, whose work is undone after the test.

    A request that runs the same statement again and again, as for each row of a list, fails its test.
    """
    app = _apps(program, database_url, engine)
    statements: Statements = app.state.statements
    statements.repeated.clear()
    yield app
    repeated = [f"{each.place} ran {each.times} times: {each.text}" for each in statements.repeated]
    assert not repeated, "\n".join(repeated)


@pytest.fixture(scope="session")
def _descriptions() -> Callable[[Program], dict[str, Any]]:
    """The API description of each program, made once."""
    made: list[tuple[Program, dict[str, Any]]] = []

    def description_of(program: Program) -> dict[str, Any]:
        found = next((description for known, description in made if known is program), None)
        if found is None:
            found = api_description(program)
            made.append((program, found))
        return found

    return description_of


@pytest.fixture
def api_document(program: Program, _descriptions: Callable[[Program], dict[str, Any]]) -> dict[str, Any]:
    """The API description (OpenAPI) of the program; not to be changed."""
    return _descriptions(program)


@pytest.fixture
async def make_client(
    app: FastAPI, api_document: dict[str, Any], settle: Callable[[], Awaitable[None]]
) -> AsyncIterator[ClientFactory]:
    """Makes further anonymous clients; each is a browser of its own.

    An answer whose status the API description does not have fails the test.
    """
    described = Described(app, api_document)
    async with AsyncExitStack() as stack:

        def make() -> Client:
            # A crash in a route is the shield's affair, as in the real server; the reply is what is looked at.
            transport = httpx2.ASGITransport(described, raise_app_exceptions=False)
            client = Client(ADDRESS, transport=transport, before_call=settle, after_call=described.check)
            stack.push_async_callback(client.aclose)
            return client

        yield make


@pytest.fixture
def api(make_client: ClientFactory) -> Client:
    """A client that is not signed in."""
    return make_client()


@pytest.fixture
def make_person(open_work: WorkOpener) -> PersonFactory:
    """Makes a person with a role and a session, without the cost of a password."""

    async def make(role: str) -> TestPerson:
        key = ids.new_id()
        name = f"{role.title()} {key.hex[-4:]}"
        person = TestPerson(key, name, f"{role}-{key.hex[-12:]}@shop.example", role, crypto.new_token())
        async with open_work(SYSTEM) as uow:
            await uow.write(ADD_PERSON, person.id, person.email, person.name, role)
            session = (ids.new_id(), crypto.digest(person.token), person.id, timedelta(days=1))
            await uow.write(ADD_SESSION, *session)
        return person

    return make


@pytest.fixture
def sign_in_as(
    app: FastAPI, make_client: ClientFactory, make_person: PersonFactory
) -> Callable[[str], Awaitable[Client]]:
    """Makes a person with a role and returns their signed-in client."""

    async def sign_in_as(role: str) -> Client:
        person, client = await make_person(role), make_client()
        edge = app.state.edge
        client.cookies.set(edge.session_cookie, person.token, domain="localhost.local")
        client.csrf_token, client.person_id = csrf_token(edge.keyring, person.token), person.id
        return client

    return sign_in_as


@pytest.fixture
async def owner(sign_in_as: Callable[[str], Awaitable[Client]]) -> Client:
    """The client of a signed-in owner."""
    return await sign_in_as("owner")


@pytest.fixture
async def cashier(sign_in_as: Callable[[str], Awaitable[Client]]) -> Client:
    """The client of a signed-in cashier."""
    return await sign_in_as("cashier")
