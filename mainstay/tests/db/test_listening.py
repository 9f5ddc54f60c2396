"""Word from other processes comes at once, is known to come, and its end is noticed."""

import asyncio

import psycopg

from mainstay.db.address import libpq_url, of_login
from mainstay.db.listening import listening
from mainstay.db.settings import DatabaseSettings

CHANNEL = "mainstay_test"
END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'listens to mainstay_test'"


def run(url: str, sql: str) -> None:
    with psycopg.connect(libpq_url(of_login(url)), autocommit=True) as connection:
        connection.execute(sql.encode())


async def test_what_is_said_on_the_channel_is_heard_with_the_commit(empty_database_url: str) -> None:
    heard = asyncio.Event()
    async with listening(DatabaseSettings(), empty_database_url, CHANNEL, heard.set) as listener:
        assert listener.is_proven
        assert not heard.is_set(), "the proof is nothing to be told of"

        await asyncio.to_thread(run, empty_database_url, f"SELECT pg_notify('{CHANNEL}', '')")

        await asyncio.wait_for(heard.wait(), 10)


async def test_a_connection_that_is_cut_is_told_of(empty_database_url: str) -> None:
    heard = asyncio.Event()
    async with listening(DatabaseSettings(), empty_database_url, CHANNEL, heard.set) as listener:
        await asyncio.to_thread(run, empty_database_url, END)

        await asyncio.wait_for(listener.lost.wait(), 10)
        assert heard.is_set()
