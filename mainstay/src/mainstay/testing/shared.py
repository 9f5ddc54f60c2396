"""The database that the tests of one process share: one connection, and each test's work undone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from asyncpg.connection import Connection as RawConnection
from asyncpg.connection import LoggedQuery
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from mainstay.db.engine import DatabaseSettings, create_engine


class SharedDatabase:
    """A migrated database that keeps nothing: units of work become savepoints of a transaction around the test.

    The engine and its pool are the program's own, but every connection of the pool is the same one underneath,
    because the test's transaction is there.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine: AsyncEngine = create_engine(DatabaseSettings(), url, name="mainstay-tests")
        self._raw: RawConnection | None = None
        event.listen(self.engine.sync_engine, "do_connect", self._use_one)

    def _use_one(self, _dialect: object, _record: object, _arguments: object, options: dict[str, Any]) -> None:
        options["async_creator_fn"] = self._connect

    async def _connect(self, *arguments: Any, **options: Any) -> RawConnection:  # noqa: ANN401  the driver's own
        if self._raw is None or self._raw.is_closed():
            self._raw = await asyncpg.connect(*arguments, **options)
        return self._raw

    @asynccontextmanager
    async def undone(self) -> AsyncIterator[AsyncEngine]:
        """Yield the engine inside a transaction that is rolled back in the end."""
        async with self.engine.connect() as pooled:
            raw = (await pooled.get_raw_connection()).driver_connection
            assert raw is not None
            transaction = raw.transaction()
            await transaction.start()
            try:
                yield self.engine
            finally:
                if raw.is_closed():
                    await self.engine.dispose()
                else:
                    await transaction.rollback()

    @asynccontextmanager
    async def seen(self) -> AsyncIterator[list[str]]:
        """Yield a list that is filled with the statements inside the block, those that begin and end work included."""
        assert self._raw is not None
        statements: list[str] = []

        def note(record: LoggedQuery) -> None:
            statements.append(record.query)

        self._raw.add_query_logger(note)
        try:
            yield statements
        finally:
            self._raw.remove_query_logger(note)
            # The driver tells of a statement at the next turn of the loop.
            await asyncio.sleep(0)

    async def close(self) -> None:
        """Close the connection."""
        await self.engine.dispose()
