"""UnitOfWork: one database transaction with its actor; committed at the edge, never inside a service."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

import asyncpg
from asyncpg.connection import Connection as RawConnection
from asyncpg.transaction import Transaction
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from mainstay import clock, context
from mainstay.errors import ServiceUnavailable
from mainstay.messages import log
from mainstay.messages.event import Event
from mainstay.messages.job import Subscriptions
from mainstay.permission import Roles
from mainstay.settings import Configuration

# A row as asyncpg returns it: values by column name.
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person with a role, the system itself, or nobody yet."""

    kind: Literal["person", "system", "anonymous"]
    id: UUID | None = None
    name: str = ""
    role: str = ""
    permissions: frozenset[str] = field(default_factory=frozenset)
    session_id: UUID | None = None

    def may(self, permission: str) -> bool:
        """Say whether the actor holds `permission`; the system holds all."""
        return self.kind == "system" or permission in self.permissions


ANONYMOUS = Actor("anonymous")
SYSTEM = Actor("system", name="system")


@dataclass(frozen=True, slots=True)
class Setup:
    """What the program was set up with: its settings and the rights of its roles."""

    settings: Configuration = field(default_factory=Configuration)
    roles: Roles = field(default_factory=Roles)


class UnitOfWork:
    """One transaction on one connection, both taken when first needed.

    `read*` run without beginning a transaction (inside one, they see it); `write*` and `session()` begin it.
    `publish` collects events; they and the jobs that answer them are written with the commit, in one statement.
    Only edges (`open_work`) commit. A UnitOfWork belongs to one task.
    """

    def __init__(self, opener: "WorkOpener", actor: Actor) -> None:
        self.actor = actor
        self.setup = opener.setup
        self.request_id = context.request_id.get()
        self._engine = opener.engine
        self._subscriptions = opener.subscriptions
        self._idle_check = opener.idle_check
        self._events: list[Event] = []
        self._pooled: AsyncConnection | None = None
        self._raw: RawConnection | None = None
        self._transaction: Transaction | None = None
        self._session: AsyncSession | None = None
        self._is_spent = False

    # -- statements ------------------------------------------------------------------------------------------------

    async def read(self, sql: str, *args: Any) -> list[Row]:  # noqa: ANN401  any value asyncpg can encode
        """Return all rows of a query."""
        rows: list[Row] = await (await self._connection()).fetch(sql, *args)
        return rows

    async def read_row(self, sql: str, *args: Any) -> Row | None:  # noqa: ANN401  any value asyncpg can encode
        """Return the first row of a query, or None."""
        row: Row | None = await (await self._connection()).fetchrow(sql, *args)
        return row

    async def read_value(self, sql: str, *args: Any) -> Any:  # noqa: ANN401  any value asyncpg can encode
        """Return the first column of the first row, or None."""
        return await (await self._connection()).fetchval(sql, *args)

    async def write(self, sql: str, *args: Any) -> list[Row]:  # noqa: ANN401  any value asyncpg can encode
        """Run a statement inside the transaction and return the rows it gives back."""
        rows: list[Row] = await (await self._begun()).fetch(sql, *args)
        return rows

    async def write_row(self, sql: str, *args: Any) -> Row | None:  # noqa: ANN401  any value asyncpg can encode
        """Run a statement inside the transaction and return the first row it gives back, or None."""
        row: Row | None = await (await self._begun()).fetchrow(sql, *args)
        return row

    async def write_apart(self, sql: str, *args: Any) -> Row | None:  # noqa: ANN401  any value asyncpg can encode
        """Run one statement that stays whatever becomes of this work, and return the first row it gives back.

        For what must be remembered of a request that is refused, such as a wrong password. Raises RuntimeError when
        the transaction has begun, because the statement would be undone with it.
        """
        if self._transaction is not None:
            raise RuntimeError("write_apart must come before the transaction begins")
        return await self.read_row(sql, *args)

    async def run_alone(self, sql: str, *args: Any) -> Row | None:  # noqa: ANN401  any value asyncpg can encode
        """Run one statement that is the whole transaction, and end this UnitOfWork with it.

        For a hot path whose writes, events included (see `envelope`), fit into a single statement: it saves the round
        trips of BEGIN and COMMIT. Reads may follow, writes may not. Raises RuntimeError when a transaction has begun
        or events are pending.
        """
        if self._transaction is not None or self._events or self._is_spent:
            raise RuntimeError("run_alone must be the only write of its UnitOfWork")
        raw = await self._connection()
        row: Row | None
        try:
            if raw.is_in_transaction():  # under a test's outer transaction
                async with raw.transaction():
                    row = await raw.fetchrow(sql, *args)
            else:
                row = await raw.fetchrow(sql, *args)
        finally:
            self._is_spent = True
        return row

    def envelope(self, *events: Event) -> str:
        """Return the argument of the SQL function `mainstay_publish` for a statement that publishes by itself."""
        return log.envelope(events, self._subscriptions, log.Origin(self.actor.id, self.request_id))

    async def session(self) -> AsyncSession:
        """Return the ORM session of this transaction; its own commit is not used."""
        await self._begun()
        if self._session is None:
            self._session = AsyncSession(self._pooled, expire_on_commit=False, autoflush=False)
        return self._session

    def publish(self, event: Event) -> None:
        """Have `event` appended to the log, and its jobs deferred, when this work commits."""
        self._events.append(event)

    async def latest_position(self, *names: str) -> int:
        """Return the position of the newest event with one of `names`, or 0 when there is none."""
        return int(await self.read_value(log.LATEST, list(names)))

    # -- the edge --------------------------------------------------------------------------------------------------

    async def commit(self) -> None:
        """Write pending ORM changes and events, then commit; for edges only."""
        if self._session is not None:
            await self._session.flush()
        if self._events:
            events, self._events = self._events, []
            await (await self._begun()).execute(log.PUBLISH, self.envelope(*events))
        if self._transaction is not None:
            transaction, self._transaction = self._transaction, None
            await transaction.commit()

    async def close(self) -> None:
        """Roll back what was not committed and give the connection back."""
        if self._session is not None:
            self._session.expunge_all()
        if self._pooled is None:
            return
        pooled, raw, transaction = self._pooled, self._raw, self._transaction
        self._pooled = self._raw = self._transaction = None
        await asyncio.shield(_give_back(pooled, raw, transaction))

    # -- the connection --------------------------------------------------------------------------------------------

    async def _begun(self) -> RawConnection:
        raw = await self._connection()
        if self._is_spent:
            raise RuntimeError("this UnitOfWork has ended with the statement that ran alone")
        if self._transaction is None:
            transaction = raw.transaction()
            await transaction.start()
            self._transaction = transaction
        return raw

    async def _connection(self) -> RawConnection:
        if self._raw is None:
            self._pooled, self._raw = await _take(self._engine, self._idle_check)
        return self._raw


async def _take(engine: AsyncEngine, idle_check: float) -> tuple[AsyncConnection, RawConnection]:
    """Take a live connection from the pool: broken ones are replaced, long idle ones are asked first."""
    while True:
        try:
            pooled = await engine.connect()
        except (OSError, TimeoutError, PoolTimeout, DBAPIError, asyncpg.PostgresError) as failure:
            raise ServiceUnavailable(
                "The database cannot be reached at the moment; try again shortly.", headers={"Retry-After": "2"}
            ) from failure
        fairy = await pooled.get_raw_connection()
        raw: RawConnection | None = fairy.driver_connection
        if raw is not None and await _is_alive(raw, fairy.info, idle_check):
            return pooled, raw
        await pooled.invalidate()
        await pooled.close()


async def _is_alive(raw: RawConnection, info: dict[Any, Any], idle_check: float) -> bool:
    if raw.is_closed():
        return False
    moment = clock.monotonic()
    used, info["used_at"] = info.get("used_at", moment), moment
    if moment - used < idle_check:
        return True
    try:
        await raw.fetchval("SELECT 1", timeout=1)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    return True


async def _give_back(pooled: AsyncConnection, raw: RawConnection | None, transaction: Transaction | None) -> None:
    try:
        if transaction is not None and raw is not None and not raw.is_closed():
            await transaction.rollback()
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        # The connection's state is unknown: throw it away rather than hand it to the next request.
        await pooled.invalidate()
    finally:
        await pooled.close()


class WorkOpener:
    """Opens units of work on one engine: `async with open_work(actor) as uow`."""

    def __init__(
        self, engine: AsyncEngine, subscriptions: Subscriptions, *, idle_check: float = 30.0, setup: Setup | None = None
    ) -> None:
        self.engine = engine
        self.subscriptions = subscriptions
        self.idle_check = idle_check
        self.setup = setup or Setup()

    def unit(self, actor: Actor) -> UnitOfWork:
        """Return a unit of work that the caller commits and closes."""
        return UnitOfWork(self, actor)

    @asynccontextmanager
    async def __call__(self, actor: Actor) -> AsyncIterator[UnitOfWork]:
        """Open a unit of work that commits when the block ends well and rolls back otherwise."""
        uow = self.unit(actor)
        try:
            yield uow
            await uow.commit()
        finally:
            await uow.close()
