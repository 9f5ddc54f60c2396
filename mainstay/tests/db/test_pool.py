"""The pool knows when its next connection can be taken at once, and is never wrong about it."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import greenlet_spawn
from structlog.testing import capture_logs

from mainstay.db.engine import DatabaseSettings, create_engine
from mainstay.db.pool import ReadyPool


@pytest.fixture
async def engine(fresh_database_url: str) -> AsyncIterator[AsyncEngine]:
    """An engine whose pool keeps one connection and lets one more exist."""
    engine = create_engine(DatabaseSettings(pool_size=1, pool_overflow=1, pool_wait=0.1), fresh_database_url)
    yield engine
    await engine.dispose()


def pool_of(engine: AsyncEngine) -> ReadyPool:
    assert isinstance(engine.pool, ReadyPool)
    return engine.pool


async def test_a_pool_is_ready_while_it_keeps_an_open_connection(engine: AsyncEngine) -> None:
    pool = pool_of(engine)
    assert not pool.is_ready()
    assert pool.has_room()

    first = await engine.raw_connection()
    raw = first.driver_connection
    assert not pool.is_ready()
    first.close()
    assert pool.is_ready()
    assert not pool.has_room()

    again = pool.connect()
    assert again.driver_connection is raw
    assert not pool.is_ready()
    again.close()
    assert pool.is_ready()


async def test_a_connection_that_was_thrown_away_is_not_ready(engine: AsyncEngine) -> None:
    pool = pool_of(engine)
    connection = await engine.raw_connection()
    await greenlet_spawn(connection.invalidate)
    await greenlet_spawn(connection.close)

    assert not pool.is_ready()
    assert pool.checkedin() == 1


async def test_a_connection_that_is_to_be_replaced_softly_is_not_ready(engine: AsyncEngine) -> None:
    connection = await engine.raw_connection()
    connection.invalidate(soft=True)
    connection.close()

    assert not pool_of(engine).is_ready()


async def test_a_connection_that_cannot_be_closed_in_good_order_is_dropped_without_an_error(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The network between may have forgotten it: nobody answers when it says good-bye."""
    pool = pool_of(engine)
    kept, second = await engine.raw_connection(), await engine.raw_connection()
    close = engine.dialect.do_close

    def say_goodbye_in_vain(connection: DBAPIConnection) -> None:
        close(connection)
        raise TimeoutError

    monkeypatch.setattr(engine.dialect, "do_close", say_goodbye_in_vain)
    with capture_logs() as lines:
        for connection in (kept, second):
            await greenlet_spawn(connection.close)

    assert [(line["event"], line["log_level"]) for line in lines] == [("a connection was dropped", "warning")]
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
    assert (pool.checkedin(), pool.checkedout()) == (1, 0)


async def test_connections_from_before_an_outage_are_not_ready(engine: AsyncEngine) -> None:
    """SQLAlchemy marks the whole pool when one connection proves broken."""
    pool = pool_of(engine)
    connection = await engine.raw_connection()
    pool._invalidate(connection, _checkin=False)
    connection.close()

    assert not pool.is_ready()


async def test_a_connection_that_is_too_old_is_not_ready(fresh_database_url: str) -> None:
    settings = DatabaseSettings(pool_recycle=1)
    engine = create_engine(settings, fresh_database_url)
    connection = await engine.raw_connection()
    record = connection._connection_record
    connection.close()
    assert pool_of(engine).is_ready()

    record.starttime -= 1

    assert not pool_of(engine).is_ready()
    await engine.dispose()


async def test_a_connection_beyond_the_size_leaves_no_trace(engine: AsyncEngine) -> None:
    pool = pool_of(engine)
    first, second = await engine.raw_connection(), await engine.raw_connection()
    first.close()
    await greenlet_spawn(second.close)

    assert pool.is_ready()
    assert pool.checkedin() == 1
    taken = pool.connect()
    assert not pool.is_ready()
    taken.close()


async def test_a_disposed_engine_starts_anew(engine: AsyncEngine) -> None:
    connection = await engine.raw_connection()
    connection.close()

    await engine.dispose()

    assert not pool_of(engine).is_ready()
