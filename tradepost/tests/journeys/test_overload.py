"""Reports that hang take no till with them: through the whole program, on connections of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import NamedTuple

import asyncpg
import httpx2
import pytest

from mainstay import crypto, ids
from mainstay.bootstrap.api import create_api
from mainstay.bootstrap.program import Program
from mainstay.db.pool import ReadyPool
from mainstay.keyring import Keyring
from mainstay.testing import database
from mainstay.testing.client import Client
from mainstay.testing.clients import ADD_PERSON, ADD_SESSION
from mainstay.web.overload.gate import Gate
from mainstay.work import SYSTEM, WorkOpener

REPORT, REGISTERS, SESSION = "/api/v1/pos/sales", "/api/v1/pos/registers", "/api/v1/identity/session"
# Connections that the pool has: one more than places, of which reports have half.
CONNECTIONS, REPORTS = 15, 7


class Shop(NamedTuple):
    """The program, its owner's browser, and the address of its database."""

    owner: Client
    pool: ReadyPool
    url: str


@pytest.fixture
async def shop(program: Program, fresh_database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Shop]:
    """The program as it is shipped, but for patience with a busy machine."""
    monkeypatch.setenv("TRADEPOST_DATABASE_LOCK_TIMEOUT", "60")
    app = create_api(program, program.configuration(), fresh_database_url, Keyring(b"k" * 32))
    open_work: WorkOpener = app.state.edge.open_work
    person, token = ids.new_id(), crypto.new_token()
    async with open_work(SYSTEM) as uow:
        await uow.write(ADD_PERSON, person, "ada@shop.example", "Ada", "owner")
        await uow.write(ADD_SESSION, ids.new_id(), crypto.digest(token), person, timedelta(days=1))
    pool = open_work.engine.pool
    assert isinstance(pool, ReadyPool)
    async with Client("http://localhost", transport=httpx2.ASGITransport(app), timeout=60) as owner:
        owner.cookies.set(app.state.edge.session_cookie, token, domain="localhost.local")
        yield Shop(owner, pool, fresh_database_url)
    await open_work.engine.dispose()


@asynccontextmanager
async def hanging(url: str) -> AsyncIterator[None]:
    """Have whoever reads sales wait inside the block."""
    connection = await asyncpg.connect(database.plain(url))
    try:
        async with connection.transaction():
            await connection.execute("LOCK TABLE pos_sale IN ACCESS EXCLUSIVE MODE")
            yield
    finally:
        await connection.close()


def asked(shop: Shop, count: int) -> set["asyncio.Task[httpx2.Response]"]:
    """Ask for reports."""
    return {asyncio.create_task(shop.owner.get(REPORT)) for _ in range(count)}


async def test_while_reports_hang_the_till_is_answered_and_the_program_is_ready(shop: Shop) -> None:
    async with hanging(shop.url):
        reports = asked(shop, REPORTS + 5)
        under_way, refused = reports, set[asyncio.Task[httpx2.Response]]()
        while len(refused) < 5:
            done, under_way = await asyncio.wait(under_way, timeout=60, return_when=asyncio.FIRST_COMPLETED)
            assert done
            refused |= done

        registers = await shop.owner.get(REGISTERS)
        stranger = await shop.owner.post(SESSION, json={"email": "eve@shop.example", "password": "not hers at all"})
        health = [(await shop.owner.get(f"/health/{name}")).status_code for name in ("live", "ready")]

    assert {each.result().json()["code"] for each in refused} == {"overloaded"}
    assert {each.result().headers["Retry-After"] for each in refused} <= {"1", "2", "3"}
    assert (registers.status_code, stranger.status_code, health) == (200, 401, [200, 200])
    assert len(under_way) == REPORTS
    assert [(await each).status_code for each in under_way] == [200] * REPORTS


async def test_without_the_gate_they_take_every_connection_and_the_till_waits(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: there is room for everybody."""
    monkeypatch.setattr(Gate, "_has_room", lambda _gate, _urgency: True)

    async with hanging(shop.url):
        reports = asked(shop, CONNECTIONS)
        async with asyncio.timeout(60):
            while shop.pool.checkedout() < CONNECTIONS:  # noqa: ASYNC110  the pool tells nobody
                await asyncio.sleep(0.01)
        registers = asyncio.create_task(shop.owner.get(REGISTERS))
        done, _ = await asyncio.wait({registers}, timeout=0.5)

    assert done == set()
    assert [(await each).status_code for each in (*reports, registers)] == [200] * (CONNECTIONS + 1)
