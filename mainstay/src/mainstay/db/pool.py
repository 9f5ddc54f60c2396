"""The connection pool: SQLAlchemy's for asyncio, which also knows when the next connection needs no waiting."""

import time
import weakref
from typing import Any

import structlog
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry, PoolProxiedConnection
from sqlalchemy.pool.base import _ConnectionFairy

logger = structlog.stdlib.get_logger(__name__)


class ReadyPool(AsyncAdaptedQueuePool):
    """A pool (a stack: `pool_use_lifo`) that can say whether its next connection is open and current.

    Such a connection is taken without a greenlet, which exists only so that SQLAlchemy can wait in the middle of
    synchronous code, and which costs a request more than its query.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401  SQLAlchemy's own
        super().__init__(*arguments, **options)
        self._idle: list[ConnectionPoolEntry] = []

    @property
    def limit(self) -> int:
        """How many connections there can be at once."""
        return self.size() + self._max_overflow

    def settings(self) -> dict[str, float]:
        """Return how the pool is set, as it holds at present: connections, and times in seconds."""
        return {
            "size": self.size(),
            "overflow": self._max_overflow,
            "wait_seconds": self.timeout(),
            "recycle_seconds": self._recycle,
        }

    def is_ready(self) -> bool:
        """Whether `connect` returns at once: it neither waits nor opens a connection nor replaces an old one."""
        if not self._idle:
            return False
        entry = self._idle[-1]
        opened: float = getattr(entry, "starttime", 0)
        outdated: float = max(self._invalidate_time, getattr(entry, "_soft_invalidate_time", 0))
        age = time.time() - opened  # noqa: TID251  the clock that SQLAlchemy stamps its connections with
        return entry.dbapi_connection is not None and opened > outdated and not 0 <= self._recycle <= age

    def take_ready(self) -> ConnectionPoolEntry:
        """Return the next connection where `is_ready`, without SQLAlchemy's object around it; `put_ready` it back."""
        entry = self._do_get()
        if self.dispatch.checkout:
            self.dispatch.checkout(entry.dbapi_connection, entry, None)
        return entry

    def put_ready(self, entry: ConnectionPoolEntry) -> None:
        """Give back what `take_ready` gave, where the pool `has_room`; its transaction has ended."""
        if self.dispatch.checkin:
            self.dispatch.checkin(entry.dbapi_connection, entry)
        self._do_return_conn(entry)

    def proxied(self, entry: ConnectionPoolEntry) -> PoolProxiedConnection:
        """Return SQLAlchemy's object around what `take_ready` gave, as `connect` makes it; that is given back then."""
        fairy: Any = _ConnectionFairy(self, entry.dbapi_connection, entry, None)  # type: ignore[arg-type]
        fairy._counter = 1  # noqa: SLF001  as `connect` counts who has it
        entry.fairy_ref = weakref.ref(fairy)  # type: ignore[attr-defined]
        proxied: PoolProxiedConnection = fairy
        return proxied

    def has_room(self) -> bool:
        """Whether a connection that is given back now is kept: then giving it back needs no waiting."""
        return self.checkedin() < self.size()

    def _close_connection(self, connection: DBAPIConnection, *, terminate: bool = False) -> None:
        """Close a connection, which asyncpg drops where the other end does not answer: no error of the program."""
        if terminate:
            super()._close_connection(connection, terminate=terminate)
            return
        try:
            self._dialect.do_close(connection)
        except OSError as failure:
            logger.warning("a connection was dropped", reason=repr(failure))

    def _do_get(self) -> ConnectionPoolEntry:
        entry = super()._do_get()
        if entry in self._idle:
            self._idle.remove(entry)
        return entry

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        is_kept = self.has_room()
        super()._do_return_conn(record)
        if is_kept:
            self._idle.append(record)
