"""Watched: asyncpg's connection, whose statements are noted with their time in the tally of what is in hand."""

from collections.abc import Awaitable
from typing import Any

from asyncpg.connection import Connection as RawConnection
from asyncpg.transaction import Transaction
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from mainstay import clock
from mainstay.observe.statements import in_hand

_BEGAN = "mainstay_statement_began"


class Watched:
    """What a UnitOfWork needs of a connection."""

    __slots__ = ("_raw", "is_answered", "patience")

    def __init__(self, raw: RawConnection) -> None:
        self._raw = raw
        # Whether the server has answered all that it was asked, for better or worse.
        self.is_answered = True
        # Seconds that an answer may take; None leaves it to the settings of the connection.
        self.patience: float | None = None

    def transaction(self) -> Transaction:
        """Return a transaction that is not begun yet; its beginning and end are not noted."""
        return self._raw.transaction()

    def is_in_transaction(self) -> bool:
        """Whether a transaction has begun."""
        return bool(self._raw.is_in_transaction())

    async def fetch(self, sql: str, *args: Any) -> Any:  # noqa: ANN401  any value asyncpg can encode, and its rows
        """Run a statement and return all its rows."""
        return await self._noted(sql, self._raw.fetch(sql, *args, timeout=self.patience))

    async def fetchrow(self, sql: str, *args: Any) -> Any:  # noqa: ANN401  any value asyncpg can encode, and its row
        """Run a statement and return its first row, or None."""
        return await self._noted(sql, self._raw.fetchrow(sql, *args, timeout=self.patience))

    async def fetchval(self, sql: str, *args: Any) -> Any:  # noqa: ANN401  any value that PostgreSQL has
        """Run a statement and return the first value of its first row, or None."""
        return await self._noted(sql, self._raw.fetchval(sql, *args, timeout=self.patience))

    async def execute(self, sql: str, *args: Any) -> None:  # noqa: ANN401  any value asyncpg can encode
        """Run a statement whose rows nobody wants."""
        await self._noted(sql, self._raw.execute(sql, *args, timeout=self.patience))

    async def _noted(self, sql: str, running: Awaitable[Any]) -> Any:  # noqa: ANN401  what asyncpg returns
        """Await a statement; one that fails, as after its time is over, is noted as well."""
        tally = in_hand.get()
        began, failure = clock.monotonic(), None
        try:
            return await running
        except BaseException as raised:
            failure = type(raised).__name__
            self.is_answered = self.is_answered and not isinstance(raised, TimeoutError)
            raise
        finally:
            if tally is not None:
                tally.note(sql, clock.monotonic() - began, failure)


def watch(engine: AsyncEngine) -> None:
    """Have the statements of the ORM noted as well, which SQLAlchemy runs on the same connections."""

    # SQLAlchemy calls both with: connection, cursor, statement, parameters, context, whether there are many.
    def begin(*call: Any) -> None:  # noqa: ANN401  SQLAlchemy's own
        setattr(call[4], _BEGAN, clock.monotonic())

    def end(*call: Any) -> None:  # noqa: ANN401  SQLAlchemy's own
        if (tally := in_hand.get()) is not None:
            tally.note(call[2], clock.monotonic() - getattr(call[4], _BEGAN))

    event.listen(engine.sync_engine, "before_cursor_execute", begin)
    event.listen(engine.sync_engine, "after_cursor_execute", end)
