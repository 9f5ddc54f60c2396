"""The asyncpg engine with a tuned pool; transactions are begun by the UnitOfWork alone."""

import json
from typing import Any

import orjson
from sqlalchemy import URL, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from mainstay.db.address import of_login, split
from mainstay.db.liveness import guard
from mainstay.db.pool import ReadyPool
from mainstay.db.settings import DatabaseSettings
from mainstay.db.watched import watch

__all__ = ["DatabaseSettings", "create_engine", "sqlalchemy_url"]


def sqlalchemy_url(url: str) -> URL:
    """Return `url` (any postgresql spelling) with the asyncpg driver, which is told the role apart."""
    return make_url(of_login(url)).set(drivername="postgresql+asyncpg")


def create_engine(settings: DatabaseSettings, url: str, *, name: str = "mainstay") -> AsyncEngine:
    """Create the engine for `url`; connects on first use, never here.

    The connections stay in driver autocommit mode: the UnitOfWork begins and ends transactions explicitly on the
    asyncpg connection, so that ORM and plain SQL share one transaction with a known start.
    `jsonb` parameters of plain SQL are JSON text; results are decoded. A role that `url` names is taken on with the
    connection's first packet.
    """
    engine = create_async_engine(
        sqlalchemy_url(url),
        isolation_level="AUTOCOMMIT",
        poolclass=ReadyPool,
        pool_size=settings.pool_size,
        max_overflow=settings.pool_overflow,
        pool_timeout=settings.pool_wait,
        pool_recycle=settings.pool_recycle,
        pool_reset_on_return=None,
        pool_use_lifo=True,
        hide_parameters=True,
        json_serializer=lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":")),
        json_deserializer=orjson.loads,
        connect_args=_arguments(settings, url, name),
    )
    watch(engine)

    def begin(connection: Any, _record: object) -> None:  # noqa: ANN401  SQLAlchemy's own
        guard(connection.driver_connection, settings.network_timeout)

    event.listen(engine.sync_engine, "connect", begin)
    return engine


def _arguments(settings: DatabaseSettings, url: str, name: str) -> dict[str, Any]:
    """Return what asyncpg is told when it opens a connection."""
    _, role = split(url)
    milliseconds = {
        "statement_timeout": settings.statement_timeout,
        "lock_timeout": settings.lock_timeout,
        "idle_in_transaction_session_timeout": settings.statement_timeout * 2,
    }
    return {
        "timeout": settings.connect_timeout,
        # The server ends what takes too long, and says so: this is for one that says nothing any more.
        "command_timeout": settings.statement_timeout + settings.network_timeout,
        "statement_cache_size": settings.statement_cache,
        "server_settings": {
            "application_name": name,
            "jit": "off",
            "TimeZone": "UTC",
            **({"role": role} if role else {}),
            **{key: str(int(value * 1000)) for key, value in milliseconds.items()},
        },
    }
