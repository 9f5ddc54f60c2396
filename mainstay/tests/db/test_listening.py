"""Word from other processes comes at once, is known to come, and its end is noticed."""

import asyncio
from collections.abc import Callable

import psycopg
import pytest

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


class Answering:
    """A connection whose word comes back in the very moment at which whoever listens is ended."""

    def __init__(self) -> None:
        self.end: Callable[[], object] = print
        self.is_closed = False
        self._take: Callable[..., None] = print

    def add_termination_listener(self, _told: object) -> None:
        """It ends only when it is closed."""

    async def add_listener(self, _channel: str, take: Callable[..., None]) -> None:
        self._take = take

    async def execute(self, _sql: str, channel: str, proof: str) -> None:
        asyncio.get_running_loop().call_soon(self._come_back, channel, proof)

    async def close(self, timeout: float) -> None:
        self.is_closed = timeout > 0

    def _come_back(self, channel: str, proof: str) -> None:
        self._take(self, 1, channel, proof)
        self.end()


async def test_an_end_that_comes_together_with_the_proof_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that stops while it begins to listen would listen on, and be killed after its time."""
    connection = Answering()

    async def connect(_url: str, **_options: object) -> Answering:
        return connection

    async def listen() -> None:
        async with listening(DatabaseSettings(), "postgresql://localhost/none", CHANNEL, print) as listener:
            await listener.lost.wait()

    monkeypatch.setattr("mainstay.db.listening.asyncpg.connect", connect)
    monkeypatch.setattr("mainstay.db.listening.guard", lambda *_: None)
    task = asyncio.create_task(listen())
    connection.end = task.cancel
    _, waiting = await asyncio.wait({task}, timeout=5)
    for each in waiting:
        each.cancel()

    assert waiting == set()
    assert task.cancelled()
    assert connection.is_closed
