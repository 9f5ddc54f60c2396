"""A UnitOfWork and the pool: one connection each, given back by every way out, broken ones replaced unseen."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import psycopg
import pytest
from asyncpg import InterfaceError, InternalClientError, PostgresError
from sample.notes import Note, NoteWritten
from sqlalchemy import event

from mainstay.bootstrap.program import Program
from mainstay.db.engine import DatabaseSettings, create_engine
from mainstay.errors import ServiceUnavailable
from mainstay.testing.database import plain
from mainstay.web.failures import problem_of
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

ADD = "INSERT INTO sample_note (id, text) VALUES ($1, $2)"
COUNT = "SELECT count(*) FROM sample_note"


async def ask(open_work: WorkOpener, sql: str, *args: object) -> object:
    """Ask in a unit of work of its own: sees what is committed and nothing else."""
    async with open_work(SYSTEM) as uow:
        return await uow.read_value(sql, *args)


@asynccontextmanager
async def ending_in(error: type[Exception], open_work: WorkOpener) -> AsyncIterator[UnitOfWork]:
    """A unit of work whose block ends in `error`."""
    with pytest.raises(error):
        async with open_work(SYSTEM) as uow:
            yield uow


@pytest.fixture
async def one_connection(program: Program, fresh_database_url: str) -> AsyncIterator[WorkOpener]:
    """Opens units of work on a pool of a single connection, which waits for a tenth of a second."""
    settings = DatabaseSettings(pool_size=1, pool_overflow=0, pool_wait=0.1)
    engine = create_engine(settings, fresh_database_url)
    yield WorkOpener(engine, program.subscriptions, idle_check=0)
    await engine.dispose()


async def test_an_empty_pool_is_an_unavailable_service_and_says_when_to_come_back(one_connection: WorkOpener) -> None:
    async with one_connection(SYSTEM) as holder:
        await holder.read(COUNT)
        with pytest.raises(ServiceUnavailable) as failure:
            await ask(one_connection, COUNT)

    assert failure.value.headers == {"Retry-After": "2"}
    assert await ask(one_connection, COUNT) == 0


async def test_twenty_units_of_work_share_a_small_pool(program: Program, fresh_database_url: str) -> None:
    engine = create_engine(DatabaseSettings(pool_size=2, pool_overflow=1), fresh_database_url)
    open_work = WorkOpener(engine, program.subscriptions)

    async def write(number: int) -> None:
        async with open_work(SYSTEM) as uow:
            await uow.write(ADD, UUID(int=number), str(number))

    await asyncio.gather(*(write(number) for number in range(20)))

    assert await ask(open_work, COUNT) == 20
    await engine.dispose()


async def test_connections_that_the_server_cut_are_replaced_unseen(
    committed: WorkOpener, fresh_database_url: str
) -> None:
    """Practice 39's restart, as the pool sees it: no caller gets an error for a connection that died while idle."""

    async def backend() -> object:
        return await ask(committed, "SELECT pg_backend_pid()")

    async with committed(SYSTEM) as one, committed(SYSTEM) as two, committed(SYSTEM) as three:
        dead = {await uow.read_value("SELECT pg_backend_pid()") for uow in (one, two, three)}
    async with await psycopg.AsyncConnection.connect(plain(fresh_database_url)) as killer:
        await killer.execute("SELECT pg_terminate_backend(pid, 5000) FROM unnest(%s::int[]) AS pid", [list(dead)])
    await asyncio.sleep(0)

    seen = await asyncio.gather(*(backend() for _ in range(3)))

    assert set(seen).isdisjoint(dead)


async def test_a_connection_that_is_cut_in_the_middle_fails_that_work_alone(one_connection: WorkOpener) -> None:
    async with ending_in(PostgresError, one_connection) as uow:
        await uow.write(ADD, uuid4(), "gone")
        await uow.read("SELECT pg_terminate_backend(pg_backend_pid())")

    assert await ask(one_connection, COUNT) == 0


@pytest.mark.parametrize("turns", range(6))
async def test_a_farewell_of_the_server_between_two_statements_is_an_outage_and_no_bug(
    one_connection: WorkOpener, fresh_database_url: str, turns: int
) -> None:
    """The driver takes in the farewell and the end of the connection in different turns of the loop."""
    with pytest.raises((InterfaceError, InternalClientError, PostgresError)) as raised:
        async with one_connection(SYSTEM) as uow:
            pid = await uow.read_value("SELECT pg_backend_pid()")
            with psycopg.connect(plain(fresh_database_url)) as killer:  # it blocks the loop, which is what is wanted
                killer.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
            for _ in range(turns):
                await asyncio.sleep(0)
            await uow.read(COUNT)

    assert problem_of(raised.value).status == 503
    assert await ask(one_connection, COUNT) == 0


async def test_a_connection_that_cannot_be_rolled_back_is_thrown_away(
    one_connection: WorkOpener, fresh_database_url: str
) -> None:
    """The server has cut it, and this side has not heard of that yet."""
    async with ending_in(ZeroDivisionError, one_connection) as uow:
        pid = await uow.read_value("SELECT pg_backend_pid()")
        await uow.write(ADD, uuid4(), "gone")
        with psycopg.connect(plain(fresh_database_url)) as killer:  # it blocks the loop, which is what is wanted
            killer.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        assert uow._lease is not None
        assert not uow._lease.raw.is_closed()
        _ = 1 / 0

    assert await ask(one_connection, COUNT) == 0
    assert await ask(one_connection, "SELECT pg_backend_pid()") != pid


async def test_an_unreachable_server_is_an_unavailable_service(program: Program) -> None:
    engine = create_engine(DatabaseSettings(connect_timeout=1), "postgresql://nobody@127.0.0.1:1/nowhere")

    with pytest.raises(ServiceUnavailable):
        await ask(WorkOpener(engine, program.subscriptions), "SELECT 1")

    await engine.dispose()


async def test_a_unit_of_work_uses_one_connection(one_connection: WorkOpener) -> None:
    taken: list[object] = []
    event.listen(one_connection.engine.sync_engine, "checkout", lambda *_: taken.append(_))

    async with one_connection(SYSTEM) as uow:
        await uow.read(COUNT)
        await uow.write(ADD, uuid4(), "one")
        (await uow.session()).add(Note(text="two"))
        uow.publish(NoteWritten(note_id=uuid4(), text="three"))

    assert len(taken) == 1
