"""Lease: a live connection, taken from an engine's pool and given back, at little cost to a request."""

import asyncio
from typing import Any

import asyncpg
from asyncpg.connection import Connection as RawConnection
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import Pool, PoolProxiedConnection
from sqlalchemy.util import greenlet_spawn

from mainstay import clock
from mainstay.db.pool import ReadyPool
from mainstay.errors import ServiceUnavailable

# What asyncpg raises on a connection that broke, or of which nobody knows the state.
BROKEN = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


class Lease:
    """One connection of the pool, for one task at a time; `raw` is asyncpg's."""

    __slots__ = ("_engine", "_orm", "_pooled", "raw")

    def __init__(self, engine: AsyncEngine, pooled: PoolProxiedConnection, raw: RawConnection) -> None:
        self.raw = raw
        self._engine = engine
        self._pooled = pooled
        self._orm: AsyncConnection | None = None

    @classmethod
    async def take(cls, engine: AsyncEngine, idle_check: float) -> "Lease":
        """Take a connection: broken ones are replaced, those idle for `idle_check` seconds are asked first.

        Raises ServiceUnavailable when the server cannot be reached or the pool stays empty.
        """
        pool = engine.pool
        while True:
            try:
                pooled = pool.connect() if _is_ready(pool) else await engine.raw_connection()
            except (*BROKEN, PoolTimeout, DBAPIError, engine.dialect.loaded_dbapi.Error) as failure:
                raise ServiceUnavailable(
                    "The database cannot be reached at the moment; try again shortly.", headers={"Retry-After": "2"}
                ) from failure
            raw: RawConnection | None = pooled.driver_connection
            lease = cls(engine, pooled, raw)
            is_alive = False
            try:
                is_alive = raw is not None and await _is_alive(raw, pooled.info, idle_check)
            finally:
                if not is_alive:
                    await lease.give_back(is_known=False)
            if is_alive:
                return lease

    def orm(self) -> AsyncConnection:
        """Return the same connection as SQLAlchemy's, for an ORM session."""
        if self._orm is None:
            self._orm = AsyncConnection(self._engine, Connection(self._engine.sync_engine, self._pooled))
        return self._orm

    async def give_back(self, *, is_known: bool = True) -> None:
        """Give the connection back; one whose state is not known is thrown away. Cancelling waits for it."""
        if is_known and self._orm is None and self._has_room():
            self._pooled.close()
        else:
            await asyncio.shield(self._give_back(is_known=is_known))

    async def _give_back(self, *, is_known: bool) -> None:
        if self._orm is None:
            if not is_known:
                await greenlet_spawn(self._pooled.invalidate)
            await greenlet_spawn(self._pooled.close)
        else:
            if not is_known:
                await self._orm.invalidate()
            await self._orm.close()

    def _has_room(self) -> bool:
        pool = self._engine.pool
        return isinstance(pool, ReadyPool) and pool.has_room()


def _is_ready(pool: Pool) -> bool:
    return isinstance(pool, ReadyPool) and pool.is_ready()


async def _is_alive(raw: RawConnection, info: dict[Any, Any], idle_check: float) -> bool:
    if raw.is_closed():
        return False
    moment = clock.monotonic()
    used, info["used_at"] = info.get("used_at", moment), moment
    if moment - used < idle_check:
        return True
    try:
        await raw.fetchval("SELECT 1", timeout=1)
    except BROKEN:
        return False
    return True
