"""Before the first request the schema is current, modules have spoken, and samples are there once."""

import asyncio

import psycopg
import pytest
from sqlalchemy import text

from mainstay.bootstrap.prepare import load_samples, prepare, start_notices
from mainstay.bootstrap.program import Program
from mainstay.db import migrate
from mainstay.db.address import of_login
from mainstay.db.engine import DatabaseSettings, create_engine
from mainstay.errors import ConfigurationError
from mainstay.testing.database import plain


async def rows(url: str, sql: str) -> list[tuple[object, ...]]:
    engine = create_engine(DatabaseSettings(), url)
    async with engine.connect() as connection:
        found = [tuple(row) for row in await connection.execute(text(sql))]
    await engine.dispose()
    return found


async def test_an_empty_database_gets_its_schema_and_the_operator_a_notice(
    program: Program, empty_database_url: str
) -> None:
    notices = await prepare(program, program.configuration(), empty_database_url)

    assert notices == ["There are no notes yet: /sample#first"]
    assert await asyncio.to_thread(migrate.pending, empty_database_url, program.migrations) == []


async def test_a_second_preparation_changes_nothing(program: Program, fresh_database_url: str) -> None:
    configuration = program.configuration()
    await load_samples(program, configuration, fresh_database_url)

    assert await prepare(program, configuration, fresh_database_url) == []
    assert await start_notices(program, configuration, fresh_database_url) == []


async def test_a_program_that_is_the_owner_of_its_tables_is_refused_in_one_sentence(
    program: Program, empty_database_url: str
) -> None:
    """Rule 16."""
    with pytest.raises(ConfigurationError, match=r"^The program must run under another role .* owner, \w+\.$"):
        await prepare(program, program.configuration(), of_login(empty_database_url))


async def test_samples_are_loaded_once_and_their_jobs_wait(program: Program, fresh_database_url: str) -> None:
    for _ in range(2):
        await load_samples(program, program.configuration(), fresh_database_url)

    assert await rows(fresh_database_url, "SELECT text FROM sample_note") == [("sample",)]
    waiting = await rows(
        fresh_database_url, "SELECT task_name, args -> 'event' ->> 'request_id' FROM procrastinate_jobs"
    )
    assert waiting == [("sample.trace", "sample")]


async def test_a_database_from_the_future_is_refused_in_one_sentence(program: Program, fresh_database_url: str) -> None:
    with psycopg.connect(plain(fresh_database_url)) as owner:
        owner.execute("UPDATE mainstay_migration SET version_num = 's9999' WHERE version_num = 's0001'")

    with pytest.raises(ConfigurationError, match=r"^The database cannot be brought up to date: .*s9999"):
        await prepare(program, program.configuration(), fresh_database_url)
