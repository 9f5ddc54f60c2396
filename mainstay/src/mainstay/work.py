"""UnitOfWork: one database transaction with its actor; committed at the edge, never inside a service."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, Protocol, Self, TypeVar
from uuid import UUID

import asyncpg
from asyncpg.transaction import Transaction
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from mainstay import context
from mainstay.cache.cache import Wanted
from mainstay.cache.kind import Answer
from mainstay.cache.kind import Kind as AnswerKind
from mainstay.db import topics
from mainstay.db.lease import Lease
from mainstay.db.watched import Watched
from mainstay.errors import FreshFactorNeeded, NotAllowed
from mainstay.messages import audit, log
from mainstay.messages.audit import Entry, Recorded
from mainstay.messages.event import Event
from mainstay.messages.job import Subscriptions
from mainstay.permission import EVERYWHERE, Bounds, Permission, Records
from mainstay.setup import About, Setup

# A row as asyncpg returns it: values by column name.
Row = Mapping[str, Any]
Kind = TypeVar("Kind")

# Seconds: a day.
AS_LONG_AS_IT_TAKES = 86_400.0


class CommitFailed(Exception):
    """A constraint that is checked at the commit refused it: nothing was written, and the program has a mistake."""


PART = "Your access is limited to a part of the records; ask somebody who reaches all of them."
NOT_BY_PIN = "A PIN does not open this; sign in with your password or passkey."

# Of a person's second factor: they have none and need none, gave one lately, gave it longer ago, or must set one up.
FactorState = Literal["none", "fresh", "stale", "lacking"]


@dataclass(frozen=True, slots=True)
class Station:
    """A shared device on which people sign in by a PIN, and what it stands at, such as a register."""

    id: UUID
    place_id: UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person with a role, a service by its key, the system itself, or nobody yet.

    `session_id` is the session, or the family of tokens, by which a person is here; one who came by a key has none.
    `station` is where they signed in by their PIN; all others have none.
    """

    kind: Literal["person", "service", "system", "anonymous"]
    id: UUID | None = None
    name: str = ""
    role: str = ""
    permissions: frozenset[str] = field(default_factory=frozenset)
    session_id: UUID | None = None
    factor: FactorState = "none"
    reach: Bounds = EVERYWHERE
    station: Station | None = None

    def may(self, permission: str) -> bool:
        """Say whether the actor holds `permission`; the system holds all."""
        return self.kind == "system" or permission in self.permissions

    @property
    def fingerprint(self) -> str:
        """A name for who acts with which rights and how far they reach: nobody else has it."""
        reach = self.reach
        parts = (
            *(self.kind, self.id, self.role, sorted(self.permissions), self.station),
            *(_sorted(reach.places), sorted(reach.extents.items()), _sorted(reach.mates)),
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]

    def demand(self, *permissions: Permission) -> None:
        """Raise NotAllowed for the first of `permissions` that the actor lacks."""
        for right in permissions:
            if not self.may(right.name):
                raise NotAllowed(f"This needs the right “{right.title}”.", extra={"permission": right.name})

    def demand_everywhere(self, *records: Records) -> None:
        """Raise NotAllowed when the actor is limited to places, or reaches less than all of `records`."""
        if self.reach.places is not None:
            raise NotAllowed(PART)
        self.demand_whole(*records)

    def demand_whole(self, *records: Records) -> None:
        """Raise NotAllowed when the actor reaches less than all of `records`."""
        if any(self.reach.extent(each) != "all" for each in records):
            raise NotAllowed(PART)

    def demand_fresh_factor(self) -> None:
        """Raise FreshFactorNeeded when the second factor, or the password without one, was given too long ago.

        A PIN is no such proof: who came by one does nothing that is dangerous. Raises NotAllowed.
        """
        if self.station is not None:
            raise NotAllowed(NOT_BY_PIN)
        if self.factor == "stale":
            raise FreshFactorNeeded("Confirm that it is you: give your second factor once more.")


def _sorted(ids: frozenset[UUID] | None) -> list[UUID] | None:
    return None if ids is None else sorted(ids)


ANONYMOUS = Actor("anonymous")
SYSTEM = Actor("system", name="system")


class UnitOfWork:
    """One transaction on one connection, both taken when first needed.

    `read*` run without beginning a transaction (inside one, they see it); `write*` and `session()` begin it.
    `publish` collects events and `record` audit entries; they and the jobs that answer the events are written with the
    commit, in one statement.
    Only edges (`open_work`) commit. A UnitOfWork belongs to one task.
    """

    def __init__(self, opener: "WorkOpener", actor: Actor) -> None:
        self.actor = actor
        self.setup = opener.setup
        self.request_id = context.request_id.get()
        self.address = context.address.get()
        self._opener = opener
        self._engine = opener.engine
        self._subscriptions = opener.subscriptions
        self._idle_check = opener.idle_check
        self._events: list[Event] = []
        self._entries: list[Recorded] = []
        self._lease: Lease | None = None
        self._transaction: Transaction | None = None
        self._session: AsyncSession | None = None
        self._is_spent = False
        self._is_known = True

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

    async def take_time(self) -> None:
        """Let what follows in this transaction take as long as it takes: cut off each time it would never be done."""
        connection = await self._begun()
        connection.patience = AS_LONG_AS_IT_TAKES
        await connection.execute("SET LOCAL statement_timeout = 0")

    async def run_alone(self, sql: str, *args: Any) -> Row | None:  # noqa: ANN401  any value asyncpg can encode
        """Run one statement that is the whole transaction, and end this UnitOfWork with it.

        For a hot path whose writes, events and audit entries included (see `envelope` and `audit_envelope`), fit into
        a single statement: it saves the round trips of BEGIN and COMMIT. Reads may follow, writes may not. Raises
        RuntimeError when a transaction has begun or events or audit entries are pending.
        """
        if self._transaction is not None or self._events or self._entries or self._is_spent:
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

    def audit_envelope(self, *entries: Entry) -> str:
        """Return the argument of the SQL function `audit_append` for a statement that records by itself."""
        return audit.envelope(self._recorded(entry) for entry in entries)

    def beside(self) -> "UnitOfWork":
        """Open a second unit of work of the same actor: `async with uow.beside() as apart`.

        For what others are to see while a long transaction runs, such as its progress; it must not touch what the
        transaction has written, or both wait for each other.
        """
        return self._opener(self.actor)

    async def cached(self, kind: AnswerKind[Answer], key: str, work_out: Callable[[], Awaitable[Answer]]) -> Answer:
        """Return what `work_out` returns for `key`, or what it returned before, if its tables are still the same.

        The actor's own, unless the kind is shared by everybody. Inside a transaction it is always worked out: only
        this work sees what it has written. `work_out` reads nothing but the kind's tables.
        """

        async def look() -> str | None:
            return topics.version_of(await self.read_value(topics.MARKS, list(kind.tables)))

        cache = self.setup.cache
        if cache is None or self._transaction is not None or self._is_spent or (version := await look()) is None:
            return await work_out()
        whose = "all" if kind.is_shared else self.actor.fingerprint
        return await cache.get(Wanted(kind, f"{whose}:{key}", version, look, self.release), work_out)

    async def resource(self, kind: type[Kind]) -> Kind:
        """Return what the process keeps open of class `kind`; the first call opens it. See `Module.resources`."""
        return await self.setup.resources.of(kind)

    async def session(self) -> AsyncSession:
        """Return the ORM session of this transaction; its own commit is not used."""
        await self._begun()
        if self._session is None:
            lease = await self._leased()
            self._session = AsyncSession(lease.orm(), expire_on_commit=False, autoflush=False)
        return self._session

    def publish(self, event: Event) -> None:
        """Have `event` appended to the log, and its jobs deferred, when this work commits."""
        self._events.append(event)

    def record(self, entry: Entry) -> None:
        """Have `entry` appended to the audit trail, as an act of the present actor, when this work commits."""
        self._entries.append(self._recorded(entry))

    async def record_apart(self, entry: Entry) -> None:
        """Append `entry` to the audit trail whatever becomes of this work: for what is refused (see `write_apart`)."""
        await self.write_apart(audit.APPEND, self.audit_envelope(entry))

    @asynccontextmanager
    async def part(self) -> AsyncIterator[None]:
        """Undo what the block wrote, published and recorded when it fails, so that the work can go on without it."""
        events, entries = len(self._events), len(self._entries)
        try:
            async with (await self._begun()).transaction():
                yield
        except BaseException:
            del self._events[events:], self._entries[entries:]
            raise

    async def latest_positions(self, *names: str) -> list[int]:
        """Return the positions of the newest events with one of `names`, the newest first; see `log.LATEST`."""
        return [row["position"] for row in await self.read(log.LATEST, list(names))]

    # -- the edge --------------------------------------------------------------------------------------------------

    async def commit(self) -> None:
        """Write pending ORM changes, events and audit entries, then commit; for edges only."""
        if self._session is not None:
            await self._session.flush()
        events, self._events = self._events, []
        entries, self._entries = self._entries, []
        if entries:
            arguments = self.envelope(*events), audit.envelope(entries)
            await (await self._begun()).execute(audit.PUBLISH_AND_APPEND, *arguments)
        elif events:
            await (await self._begun()).execute(log.PUBLISH, self.envelope(*events))
        if self._transaction is not None:
            await self._end_transaction(self._transaction)

    async def close(self) -> None:
        """Roll back what was not committed and give the connection back."""
        if self._session is not None:
            self._session.expunge_all()
            self._session = None
        lease, self._lease = self._lease, None
        if lease is None:
            return
        transaction, self._transaction = self._transaction, None
        if transaction is None:
            await lease.give_back(is_known=self._is_known)
        else:
            await asyncio.shield(lease.undo(transaction))

    async def release(self) -> None:
        """Give the connection back until the next statement, before something slow that needs no database.

        Raises RuntimeError when the transaction has begun: it would be lost.
        """
        if self._transaction is not None:
            raise RuntimeError("release must come before the transaction begins")
        await self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                await self.commit()
        finally:
            await self.close()

    def _recorded(self, entry: Entry) -> Recorded:
        actor = self.actor
        return Recorded(entry, actor.kind, actor.id, actor.name, actor.role, self.request_id, self.address)

    async def _end_transaction(self, transaction: Transaction) -> None:
        """Commit; until it has succeeded, nobody knows what became of the connection's transaction."""
        self._transaction, self._is_known = None, False
        try:
            await transaction.commit()
        except asyncpg.IntegrityConstraintViolationError as failure:
            self._is_known = True
            raise CommitFailed(f"a deferred constraint refused the commit: {failure}") from failure
        self._is_known = True

    # -- the connection --------------------------------------------------------------------------------------------

    async def _begun(self) -> Watched:
        raw = await self._connection()
        if self._is_spent:
            raise RuntimeError("this UnitOfWork has ended with the statement that ran alone")
        if self._transaction is None:
            self._transaction = raw.transaction()
            await self._transaction.start()
        return raw

    async def _connection(self) -> Watched:
        lease = self._lease
        return (await self._leased() if lease is None else lease).watched

    async def _leased(self) -> Lease:
        if self._lease is None:
            self._lease = await Lease.take(self._engine, self._idle_check)
        return self._lease


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
        """Return a unit of work that the caller commits and closes; as a block it commits when that ends well."""
        return UnitOfWork(self, actor)

    __call__ = unit


class Reach(Protocol):
    """How a command reaches its program's database: `async with reach() as open_work`; it is its context's `obj`."""

    @property
    def about(self) -> About:
        """Which program this is."""
        ...

    def __call__(self) -> AbstractAsyncContextManager[WorkOpener]:
        """Open units of work on the database inside the block."""
        ...
