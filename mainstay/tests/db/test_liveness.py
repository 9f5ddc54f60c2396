"""A connection whose network falls silent is given up within seconds, whoever opened it and whatever it waits for."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from mainstay import clock
from mainstay.db.address import libpq_url, with_parameters
from mainstay.db.engine import DatabaseSettings, create_engine
from mainstay.db.lease import Lease
from mainstay.db.listening import listening
from mainstay.db.liveness import parameters
from mainstay.db.pool import ReadyPool
from mainstay.messages.job import Subscriptions
from mainstay.testing.wire import Wire
from mainstay.web.failures import problem_of
from mainstay.work import SYSTEM, WorkOpener

SILENT = DatabaseSettings(network_timeout=1, statement_timeout=0.5, connect_timeout=20)
# For what takes a second or two on a machine that has nothing else to do.
PATIENCE = 20.0


@pytest.fixture
def wire(fresh_database_url: str) -> Iterator[Wire]:
    """A TCP line to the server."""
    parts = urlsplit(fresh_database_url)
    found = parse_qs(parts.query)
    if "host" in found:
        address = Path(found["host"][0]) / ".s.PGSQL.5432"
        with Wire(lambda: asyncio.open_unix_connection(address)) as wire:
            yield wire
    else:
        with Wire(lambda: asyncio.open_connection(parts.hostname, parts.port or 5432)) as wire:
            yield wire


@pytest.fixture
def wired_url(wire: Wire, fresh_database_url: str) -> str:
    """The database's address through the wire."""
    parts = urlsplit(fresh_database_url)
    account = parts.netloc.rpartition("@")[0]
    return f"postgresql://{account}@127.0.0.1:{wire.port}{parts.path}"


@pytest.fixture
async def wired(wired_url: str) -> AsyncIterator[AsyncEngine]:
    """An engine that reaches its server through the wire, and soon gives up."""
    engine = create_engine(SILENT, wired_url)
    yield engine
    await engine.dispose()


def taken(engine: AsyncEngine) -> int:
    assert isinstance(engine.pool, ReadyPool)
    return engine.pool.checkedout()


async def test_every_connection_of_the_pool_is_knocked_at(wired: AsyncEngine) -> None:
    lease = await Lease.take(wired, idle_check=30)
    used = lease.raw._transport.get_extra_info("socket")

    found = [used.getsockopt(socket.IPPROTO_TCP, option) for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPCNT)]

    assert used.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
    assert found == [1, 3]
    assert used.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 1000
    await lease.give_back()


async def test_the_engine_of_the_jobs_is_given_the_same(wired_url: str) -> None:
    url = with_parameters(wired_url, parameters(2))
    async with await psycopg.AsyncConnection.connect(libpq_url(url)) as connection:
        with socket.socket(fileno=socket.dup(connection.fileno())) as used:
            assert used.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 2
            assert used.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 2000


def test_what_an_address_says_itself_stays() -> None:
    assert with_parameters("postgresql://db/shop?tcp_user_timeout=7", {"tcp_user_timeout": 9, "keepalives": 1}) == (
        "postgresql://db/shop?tcp_user_timeout=7&keepalives=1"
    )


@pytest.mark.parametrize("fault", ["hold", "swallow"])
@pytest.mark.parametrize("kind", ["read", "write", "orm"])
async def test_a_statement_that_nobody_answers_is_refused_in_time_and_its_connection_thrown_away(
    wire: Wire, wired: AsyncEngine, kind: str, fault: str
) -> None:
    open_work = WorkOpener(wired, Subscriptions({}))
    with pytest.raises((asyncpg.PostgresError, DBAPIError, TimeoutError)) as raised:
        async with open_work(SYSTEM) as uow:
            await (uow.read("SELECT 1") if kind == "read" else uow.write("SELECT 1"))
            session = await uow.session() if kind == "orm" else None
            getattr(wire, fault)()
            began = clock.monotonic()
            async with asyncio.timeout(PATIENCE):
                await (session.execute(text("SELECT 2")) if session else uow.read("SELECT 2"))

    assert clock.monotonic() - began < PATIENCE
    problem = problem_of(raised.value)
    assert (problem.status, problem.headers) == (503, {"Retry-After": "1"})
    assert taken(wired) == 0
    wire.mend()
    async with open_work(SYSTEM) as uow:
        assert await uow.read_value("SELECT 3") == 3


async def test_an_idle_connection_that_was_lost_in_silence_is_replaced_unseen(wire: Wire, wired: AsyncEngine) -> None:
    await (await Lease.take(wired, idle_check=30)).give_back()
    wire.forget(is_acknowledged=False)

    lease = await Lease.take(wired, idle_check=0)

    assert await lease.raw.fetchval("SELECT 1") == 1
    await lease.give_back()
    assert taken(wired) == 0


async def test_what_takes_its_time_is_given_it(wired: AsyncEngine) -> None:
    """Longer than a statement may take, and than the driver waits for an answer."""
    async with WorkOpener(wired, Subscriptions({}))(SYSTEM) as uow:
        await uow.take_time()
        assert await uow.write_row("SELECT pg_sleep(1.7), 1 AS one") is not None

    async with WorkOpener(wired, Subscriptions({}))(SYSTEM) as uow:
        with pytest.raises(asyncpg.QueryCanceledError):
            await uow.write("SELECT pg_sleep(1.7)")


async def test_a_listener_whose_line_was_lost_in_silence_ends(
    wire: Wire, wired_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mainstay.db.listening.ASK_SECONDS", 0.05)
    async with listening(SILENT, wired_url, "mainstay_test", lambda: None) as listener:
        ending = asyncio.create_task(listener.ended())
        await asyncio.sleep(0)
        wire.swallow()

        # It is asked and does not answer, or the system has noticed by then.
        with pytest.raises((TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)):
            await asyncio.wait_for(ending, PATIENCE)
