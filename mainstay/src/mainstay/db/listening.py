"""Listening: word from other processes by PostgreSQL's NOTIFY, on a connection of its own beside the pool."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import asyncpg

from mainstay import ids
from mainstay.db.address import libpq_url, of_login, split
from mainstay.db.liveness import guard
from mainstay.db.settings import DatabaseSettings

# Between the program and its database a pooler may hand the connection to others: then word gets lost silently.
PROOF_SECONDS: Final = 2.0
# How often a connection that says nothing is asked whether it is there.
ASK_SECONDS: Final = 10.0


class Listener:
    """A connection that hears a channel. `is_proven` says that a message of our own came back, `lost` that it ended."""

    def __init__(self, connection: Any) -> None:  # noqa: ANN401  asyncpg ships no types
        self.lost = asyncio.Event()
        self.is_proven = False
        self._connection = connection

    async def ended(self) -> None:
        """Return when the connection has ended. Raises TimeoutError when it does not answer, which it is asked to.

        Otherwise one that has ended without a word would be listened to for ever.
        """
        while not self.lost.is_set():
            with suppress(TimeoutError):  # that is long enough without a word
                async with asyncio.timeout(ASK_SECONDS):
                    await self.lost.wait()
            if not self.lost.is_set():
                await self._connection.fetchval("SELECT 1", timeout=PROOF_SECONDS)


@asynccontextmanager
async def listening(
    settings: DatabaseSettings, url: str, channel: str, hear: Callable[[], None], also: Iterable[str] = ()
) -> AsyncIterator[Listener]:
    """Call `hear` for each message on `channel`, and on those in `also`, inside the block.

    Raises what asyncpg raises, OSError, TimeoutError.
    """
    _, role = split(url)
    channels = (channel, *also)
    connection = await asyncpg.connect(
        libpq_url(of_login(url)),
        timeout=settings.connect_timeout,
        statement_cache_size=0,
        server_settings={
            "application_name": f"listens to {', '.join(sorted(channels))}"[:63],
            **({"role": role} if role else {}),
        },
    )
    try:
        guard(connection, settings.network_timeout)
        listener, proof, came = Listener(connection), ids.new_id().hex, asyncio.Event()

        def take(_connection: object, _process: int, _channel: str, payload: str) -> None:
            if payload == proof:
                came.set()
            else:
                hear()

        connection.add_termination_listener(lambda _connection: _end(listener, hear))
        for each in channels:
            await connection.add_listener(each, take)
        await connection.execute("SELECT pg_notify($1, $2)", channel, proof)
        with suppress(TimeoutError):  # nothing comes back: it is not proven
            async with asyncio.timeout(PROOF_SECONDS):
                listener.is_proven = await came.wait()
        yield listener
    finally:
        await _close(connection)


def _end(listener: Listener, hear: Callable[[], None]) -> None:
    listener.lost.set()
    hear()


async def _close(connection: Any) -> None:  # noqa: ANN401  asyncpg ships no types
    """Close politely, and at once when the server does not answer."""
    try:
        await connection.close(timeout=1)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        connection.terminate()
