"""A lease is a live connection: broken and stale ones are replaced, and each is given back once."""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import SAWarning
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import QueuePool

from mainstay import clock
from mainstay.db.engine import DatabaseSettings, create_engine
from mainstay.db.lease import Lease
from mainstay.errors import ServiceUnavailable
from mainstay.testing.database import plain


@pytest.fixture
async def small(fresh_database_url: str) -> AsyncIterator[AsyncEngine]:
    """An engine whose pool keeps one connection and lets one more exist."""
    engine = create_engine(DatabaseSettings(pool_size=1, pool_overflow=1, pool_wait=0.1), fresh_database_url)
    yield engine
    await engine.dispose()


async def backend(lease: Lease) -> int:
    return int(await lease.raw.fetchval("SELECT pg_backend_pid()"))


def taken(engine: AsyncEngine) -> int:
    assert isinstance(engine.pool, QueuePool)
    return engine.pool.checkedout()


async def end(url: str, pid: int) -> None:
    """End the server's side of a connection, and wait until it is gone."""
    async with await psycopg.AsyncConnection.connect(plain(url)) as connection:
        await connection.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


async def test_a_connection_that_was_given_back_is_taken_again(small: AsyncEngine) -> None:
    first = await Lease.take(small, idle_check=30)
    pid = await backend(first)
    await first.give_back()

    second = await Lease.take(small, idle_check=30)

    assert await backend(second) == pid
    await second.give_back()
    assert taken(small) == 0


async def test_a_connection_of_which_nothing_is_known_is_thrown_away(small: AsyncEngine) -> None:
    first = await Lease.take(small, idle_check=30)
    pid = await backend(first)
    await first.raw.execute("BEGIN")
    await first.give_back(is_known=False)

    second = await Lease.take(small, idle_check=30)

    assert await backend(second) != pid
    assert not second.raw.is_in_transaction()
    await second.give_back()


async def test_the_orm_connection_is_the_same_one_and_goes_back_with_the_lease(small: AsyncEngine) -> None:
    lease = await Lease.take(small, idle_check=30)
    orm = lease.orm()

    assert lease.orm() is orm
    assert await orm.scalar(text("SELECT pg_backend_pid()")) == await backend(lease)
    await lease.give_back()
    assert taken(small) == 0
    assert orm.closed


async def test_an_orm_connection_of_which_nothing_is_known_is_thrown_away(small: AsyncEngine) -> None:
    first = await Lease.take(small, idle_check=30)
    pid = await backend(first)
    assert first.orm().closed is False
    await first.give_back(is_known=False)

    second = await Lease.take(small, idle_check=30)

    assert await backend(second) != pid
    await second.give_back()
    assert taken(small) == 0


async def test_connections_beyond_the_pools_size_are_closed_when_given_back(small: AsyncEngine) -> None:
    leases = [await Lease.take(small, idle_check=30) for _ in range(2)]
    for lease in leases:
        await lease.give_back()

    assert taken(small) == 0
    assert isinstance(small.pool, QueuePool)
    assert small.pool.checkedin() == 1
    assert [lease.raw.is_closed() for lease in leases] == [False, True]


async def test_an_idle_connection_is_asked_first_and_replaced_when_it_does_not_answer(
    small: AsyncEngine, fresh_database_url: str
) -> None:
    """The server is gone, and the client has not heard of it: a long idle connection behind a firewall."""
    first = await Lease.take(small, idle_check=30)
    pid = await backend(first)
    await end(fresh_database_url, pid)
    await first.give_back()

    second = await Lease.take(small, idle_check=0)

    assert await backend(second) != pid
    await second.give_back()
    assert taken(small) == 0


async def test_a_connection_in_the_middle_of_something_is_not_handed_out(small: AsyncEngine) -> None:
    """The driver refuses the question with an error of its own kind; the lease must not be lost with it."""
    first = await Lease.take(small, idle_check=30)
    asleep = asyncio.create_task(first.raw.fetchval("SELECT pg_sleep(30)"))
    await asyncio.sleep(0)
    await first.give_back()

    second = await Lease.take(small, idle_check=0)

    assert second.raw is not first.raw
    await second.give_back()
    assert taken(small) == 0
    with pytest.raises(Exception, match=r"clos|terminat|cancel|protocol state"):
        await asleep


async def test_a_connection_that_nobody_gave_back_is_not_lost(
    small: AsyncEngine, request: pytest.FixtureRequest
) -> None:
    await (await Lease.take(small, idle_check=30)).give_back()
    forgotten = [await Lease.take(small, idle_check=30)]
    raw = forgotten[0].raw

    with pytest.warns(SAWarning, match="non-checked-in connection"):
        forgotten.clear()

    # SQLAlchemy takes such a connection away without saying that it came back.
    request.getfixturevalue("_taken_connections").clear()
    assert taken(small) == 0
    assert raw.is_closed()


@pytest.mark.parametrize("with_orm", [False, True])
async def test_a_connection_of_a_pool_that_was_closed_meanwhile_is_closed_and_gets_into_no_other(
    small: AsyncEngine, *, with_orm: bool
) -> None:
    """Otherwise the next pool holds more connections than it may, and counts fewer than there are."""
    await (await Lease.take(small, idle_check=30)).give_back()
    lease = await Lease.take(small, idle_check=30)
    if with_orm:
        assert not lease.orm().closed
    await small.dispose()

    await lease.give_back()

    assert isinstance(small.pool, QueuePool)
    assert (small.pool.checkedin(), taken(small)) == (0, 0)
    assert lease.raw.is_closed()


async def test_a_pool_that_stays_empty_is_an_unavailable_service_after_the_wait(small: AsyncEngine) -> None:
    leases = [await Lease.take(small, idle_check=30) for _ in range(2)]
    began = clock.monotonic()

    with pytest.raises(ServiceUnavailable) as failure:
        await Lease.take(small, idle_check=30)

    assert 0.1 <= clock.monotonic() - began < 3
    assert failure.value.headers == {"Retry-After": "2"}
    for lease in leases:
        await lease.give_back()
    assert taken(small) == 0


async def test_a_server_that_is_not_there_is_an_unavailable_service() -> None:
    engine = create_engine(DatabaseSettings(connect_timeout=1), "postgresql://nobody@127.0.0.1:1/nowhere")

    with pytest.raises(ServiceUnavailable):
        await Lease.take(engine, idle_check=30)

    assert taken(engine) == 0


async def test_a_server_that_is_still_starting_is_an_unavailable_service() -> None:
    """So it answers while it recovers and while it shuts down: with an error before it knows who asks."""

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(int.from_bytes(await reader.readexactly(4)) - 4)
        fields = b"SFATAL\0C57P03\0Mthe database system is starting up\0\0"
        writer.write(b"E" + (len(fields) + 4).to_bytes(4) + fields)
        writer.close()
        await writer.wait_closed()

    starting = await asyncio.start_server(refuse, "127.0.0.1", 0)
    port = starting.sockets[0].getsockname()[1]
    engine = create_engine(DatabaseSettings(), f"postgresql://nobody@127.0.0.1:{port}/nowhere?ssl=disable")

    with pytest.raises(ServiceUnavailable):
        await Lease.take(engine, idle_check=30)

    assert taken(engine) == 0
    starting.close()
    await starting.wait_closed()


async def test_cancelling_the_return_of_a_connection_still_returns_it(small: AsyncEngine) -> None:
    lease = await Lease.take(small, idle_check=30)
    returning = asyncio.create_task(lease.give_back(is_known=False))
    await asyncio.sleep(0)
    returning.cancel()
    with pytest.raises(asyncio.CancelledError):
        await returning

    deadline = clock.monotonic() + 5
    while taken(small) > 0:
        assert clock.monotonic() < deadline
        await asyncio.sleep(0.01)
