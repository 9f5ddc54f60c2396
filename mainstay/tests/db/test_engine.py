"""The engine connects on first use with the limits of the settings, and knows JSON."""

import pytest
from asyncpg import QueryCanceledError
from pydantic import ValidationError
from sqlalchemy.pool import QueuePool

from mainstay.db.engine import DatabaseSettings, create_engine, sqlalchemy_url
from mainstay.messages.job import Subscriptions
from mainstay.work import SYSTEM, WorkOpener


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+asyncpg", "postgresql+psycopg"])
def test_any_spelling_of_an_address_gets_the_asyncpg_driver(scheme: str) -> None:
    url = sqlalchemy_url(f"{scheme}://user:word@db.example:6432/shop?application_name=x")

    assert url.drivername == "postgresql+asyncpg"
    assert (url.username, url.password, url.host, url.port, url.database) == (
        "user",
        "word",
        "db.example",
        6432,
        "shop",
    )


def test_an_engine_is_made_without_a_connection() -> None:
    engine = create_engine(DatabaseSettings(), "postgresql://nobody@127.0.0.1:1/nowhere")

    assert isinstance(engine.pool, QueuePool)
    assert engine.pool.checkedin() == 0


def test_the_pool_is_as_the_settings_say() -> None:
    engine = create_engine(
        DatabaseSettings(pool_size=3, pool_overflow=4, pool_wait=1.5), "postgresql://db.example/shop"
    )

    assert isinstance(engine.pool, QueuePool)
    assert engine.pool.size() == 3
    assert engine.pool.timeout() == 1.5


async def test_every_connection_has_the_time_limits_and_the_zone(fresh_database_url: str) -> None:
    """Practice 39, 50: no statement, lock or forgotten transaction holds a connection for ever."""
    settings = DatabaseSettings(statement_timeout=1.5, lock_timeout=0.25)
    engine = create_engine(settings, fresh_database_url, name="bakery")
    names = ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "TimeZone", "jit"]

    async with WorkOpener(engine, Subscriptions({}))(SYSTEM) as uow:
        found = [await uow.read_value("SELECT current_setting($1)", name) for name in names]
        program = await uow.read_value("SELECT application_name FROM pg_stat_activity WHERE pid = pg_backend_pid()")

    assert found == ["1500ms", "250ms", "3s", "UTC", "off"]
    assert program == "bakery"
    await engine.dispose()


async def test_a_slow_statement_is_ended_by_the_server(fresh_database_url: str) -> None:
    engine = create_engine(DatabaseSettings(statement_timeout=0.05), fresh_database_url)

    async with WorkOpener(engine, Subscriptions({}))(SYSTEM) as uow:
        with pytest.raises(QueryCanceledError):
            await uow.read("SELECT pg_sleep(60)")

    await engine.dispose()


async def test_json_results_are_decoded_and_json_parameters_are_text(fresh_database_url: str) -> None:
    engine = create_engine(DatabaseSettings(), fresh_database_url)

    async with WorkOpener(engine, Subscriptions({}))(SYSTEM) as uow:
        value = await uow.read_value("SELECT $1::jsonb", '{"name": "Zoë", "parts": [1, null]}')

    assert value == {"name": "Zoë", "parts": [1, None]}
    await engine.dispose()


@pytest.mark.parametrize(
    "changes", [{"pool_size": 0}, {"pool_wait": 0}, {"statement_timeout": -1}, {"pool_size": 9999}]
)
def test_settings_that_would_not_work_are_refused(changes: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        DatabaseSettings(**changes)  # type: ignore[arg-type]  # wrong on purpose


def test_old_connections_are_replaced_as_the_settings_say() -> None:
    engine = create_engine(DatabaseSettings(pool_recycle=77), "postgresql://db.example/shop")

    assert engine.pool._recycle == 77
