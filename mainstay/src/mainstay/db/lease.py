"""Lease: a live connection, taken from an engine's pool and given back, at little cost to a request."""

import asyncio
from typing import cast

import asyncpg
import structlog
from asyncpg.connection import Connection as RawConnection
from asyncpg.transaction import Transaction
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection
from sqlalchemy.util import greenlet_spawn

from mainstay import clock
from mainstay.db.pool import ReadyPool
from mainstay.db.watched import Watched
from mainstay.errors import ServiceUnavailable

# What asyncpg raises on a connection that broke, or of which nobody knows the state.
BROKEN = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
# Seconds for a rollback, which costs the server nothing: one that takes longer is not going to be answered.
ROLLBACK_PATIENCE = 2.0

logger = structlog.stdlib.get_logger(__name__)


class Lease:
    """One connection of the pool, for one task at a time; `raw` is asyncpg's, `watched` the same for statements.

    As long as nobody needs SQLAlchemy's object around it (`_pooled`), there is none: the `_entry` of the pool is
    taken and given back as it is.
    """

    __slots__ = ("_engine", "_entry", "_orm", "_pool", "_pooled", "raw", "watched")

    def __init__(
        self,
        engine: AsyncEngine,
        raw: RawConnection,
        *,
        entry: ConnectionPoolEntry | None = None,
        pooled: PoolProxiedConnection | None = None,
    ) -> None:
        self.raw = raw
        self.watched = Watched(raw)
        self._engine = engine
        # Closing an engine gives it another pool, to which this connection is nothing.
        self._pool = engine.pool
        self._entry = entry
        self._pooled = pooled
        self._orm: AsyncConnection | None = None

    def __del__(self) -> None:
        # One that nobody gave back goes where SQLAlchemy's own go that are forgotten.
        if self._entry is not None:
            self._proxied()

    @classmethod
    async def take(cls, engine: AsyncEngine, idle_check: float) -> "Lease":
        """Take a connection: broken ones are replaced, those idle for `idle_check` seconds are asked first.

        Raises ServiceUnavailable when the server cannot be reached or the pool stays empty.
        """
        while True:
            lease = cls._at_once(engine) or await cls._in_time(engine)
            is_alive = False
            try:
                is_alive = await lease.is_alive(idle_check)
            finally:
                if not is_alive:
                    await lease.give_back(is_known=False)
            if is_alive:
                return lease

    @classmethod
    def _at_once(cls, engine: AsyncEngine) -> "Lease | None":
        """Take a connection that the pool has ready; None when it has none."""
        pool = engine.pool
        if not isinstance(pool, ReadyPool) or not pool.is_ready():
            return None
        entry = pool.take_ready()
        return cls(engine, cast("RawConnection", entry.driver_connection), entry=entry)

    @classmethod
    async def _in_time(cls, engine: AsyncEngine) -> "Lease":
        """Take a connection after waiting for one, or opening it."""
        try:
            pooled = await engine.raw_connection()
        except (*BROKEN, PoolTimeout, DBAPIError, engine.dialect.loaded_dbapi.Error) as failure:
            raise ServiceUnavailable(
                "The database cannot be reached at the moment; try again shortly.", headers={"Retry-After": "2"}
            ) from failure
        return cls(engine, cast("RawConnection", pooled.driver_connection), pooled=pooled)

    def orm(self) -> AsyncConnection:
        """Return the same connection as SQLAlchemy's, for an ORM session."""
        if self._orm is None:
            self._orm = AsyncConnection(self._engine, Connection(self._engine.sync_engine, self._proxied()))
        return self._orm

    async def give_back(self, *, is_known: bool = True) -> None:
        """Give the connection back; one whose state is not known is thrown away. Cancelling waits for it."""
        pool = self._pool
        is_known = is_known and self.watched.is_answered and pool is self._engine.pool
        if is_known and self._orm is None and isinstance(pool, ReadyPool) and pool.has_room():
            entry, self._entry = self._entry, None
            if entry is not None:
                pool.put_ready(entry)
            else:
                self._proxied().close()
        else:
            await asyncio.shield(self._give_back(is_known=is_known))

    async def undo(self, transaction: Transaction) -> None:
        """Roll back and give the connection back; one that cannot be rolled back is thrown away."""
        is_known = False
        try:
            if self.watched.is_answered and not self.raw.is_closed():
                async with asyncio.timeout(ROLLBACK_PATIENCE):
                    await transaction.rollback()
                is_known = True
        except BROKEN as failure:
            logger.warning("a rollback failed", reason=repr(failure))
            self.watched.is_answered = False
        finally:
            await self.give_back(is_known=is_known)

    async def _give_back(self, *, is_known: bool) -> None:
        if not self.watched.is_answered:
            # No farewell: the other side would have to answer it.
            self.raw.terminate()
        pooled = self._proxied()
        if self._orm is None:
            if not is_known:
                await greenlet_spawn(pooled.invalidate)
            await greenlet_spawn(pooled.close)
        else:
            if not is_known:
                await self._orm.invalidate()
            await self._orm.close()

    def _proxied(self) -> PoolProxiedConnection:
        """Return SQLAlchemy's object around the connection, which from now on is what is given back."""
        if self._pooled is None:
            entry, self._entry = self._entry, None
            self._pooled = cast("ReadyPool", self._pool).proxied(cast("ConnectionPoolEntry", entry))
        return self._pooled

    async def is_alive(self, idle_check: float) -> bool:
        """Whether the connection is there still; the server is asked after `idle_check` seconds without use."""
        raw = self.raw
        if raw is None or raw.is_closed():
            return False
        info = self._entry.info if self._entry is not None else self._proxied().info
        moment = clock.monotonic()
        used, info["used_at"] = info.get("used_at", moment), moment
        if moment - used < idle_check:
            return True
        try:
            await raw.fetchval("SELECT 1", timeout=1)
        except BROKEN:
            self.watched.is_answered = False
            return False
        return True
