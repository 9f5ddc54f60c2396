"""A database server of these tests' own: what is told follows the oldest transaction of the whole server.

On the server of the run, a long transaction of any other test, in whatever database, would hold them up.
"""

import os
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import httpx2
import pytest

from mainstay import crypto, ids
from mainstay.bootstrap.api import create_api
from mainstay.bootstrap.program import Program
from mainstay.keyring import Keyring
from mainstay.testing import database
from mainstay.testing.client import Client
from mainstay.testing.clients import ADD_PERSON, ADD_SESSION, ADDRESS
from mainstay.testing.plugin import RUN_FOLDER
from mainstay.testing.server import end_server, server_url
from mainstay.web.csrf import csrf_token
from mainstay.work import SYSTEM, WorkOpener

MAIL = "owner@shop.example"


@pytest.fixture(scope="session")
def database_server(pytestconfig: pytest.Config) -> Iterator[str]:
    """The address of the server, one for each process of the run."""
    run = pytestconfig.stash[RUN_FOLDER]
    folder = run / f"webhooks-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    folder.mkdir(mode=0o711)
    # Should this process be killed, the server ends with the run.
    (folder / "controller").write_text((run / "controller").read_text())
    server = server_url(folder)
    database.make_role(server)
    yield server
    end_server(folder)


@pytest.fixture
async def committing(program: Program, committed: WorkOpener, fresh_database_url: str) -> AsyncIterator[Client]:
    """The client of a signed-in owner whose requests commit on the database of the test, with the worker's secrets."""
    keyring, person, token = committed.setup.keyring, ids.new_id(), crypto.new_token()
    assert isinstance(keyring, Keyring)
    app = create_api(program, program.configuration(), fresh_database_url, keyring, engine=committed.engine)
    async with committed(SYSTEM) as uow:
        await uow.write(ADD_PERSON, person, MAIL, "Olga", "owner")
        await uow.write(ADD_SESSION, ids.new_id(), crypto.digest(token), person, timedelta(days=1))
    async with Client(ADDRESS, transport=httpx2.ASGITransport(app, raise_app_exceptions=False)) as client:
        client.cookies.set(app.state.edge.session_cookie, token, domain="localhost.local")
        client.csrf_token, client.person_id = csrf_token(keyring, token), person
        yield client
