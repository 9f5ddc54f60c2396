"""Kept answers are read from the tables that their kinds name, and each of these marks its changes."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from mainstay.bootstrap.program import Program
from mainstay.cache.cache import Cache, Wanted
from mainstay.cache.kind import Answer, Kind
from mainstay.cache.settings import CacheSettings
from mainstay.observe.counters import Counters
from mainstay.work import SYSTEM, UnitOfWork

WATCHING = """
SELECT tgrelid::regclass::text AS name, array_agg(tgtype::int ORDER BY tgtype) AS kinds FROM pg_trigger
WHERE tgfoid = 'mainstay_touch'::regproc AND tgenabled = 'O' GROUP BY tgrelid
"""
# As PostgreSQL writes them (pg_trigger.h): 4 is INSERT, 8 DELETE, 16 UPDATE, 32 TRUNCATE, each after the statement.
ALL_CHANGES = [4, 8, 16, 32]
Statements = Callable[[], AbstractAsyncContextManager[list[str]]]


class Noting(Cache):
    """Keeps nothing, and notes which statements each kind needs."""

    def __init__(self, seen: list[str]) -> None:
        super().__init__(CacheSettings.model_construct(megabytes=0), Counters())
        self._seen = seen
        self.read: dict[str, list[str]] = {}

    async def get(self, wanted: Wanted[Answer], work_out: Callable[[], Awaitable[Answer]]) -> Answer:
        """Work the answer out."""
        await asyncio.sleep(0)  # the driver tells of a statement at the next turn of the loop
        before = len(self._seen)
        answer = await work_out()
        await asyncio.sleep(0)
        self.read[wanted.kind.name] = self._seen[before:]
        return answer


def relations(plan: object) -> Iterator[str]:
    """Yield the tables of a plan, those behind views too."""
    if isinstance(plan, dict):
        if "Relation Name" in plan:
            yield plan["Relation Name"]
        for part in plan.values():
            yield from relations(part)
    elif isinstance(plan, list):
        for part in plan:
            yield from relations(part)


async def tables_of(uow: UnitOfWork, statement: str) -> set[str]:
    """Return the tables that a statement reads, as the database plans it."""
    found: Any = await uow.read_value(f"EXPLAIN (FORMAT JSON) {statement}")
    return set(relations(json.loads(found) if isinstance(found, str) else found))


@pytest.fixture
async def read(program: Program, engine: AsyncEngine, statements: Statements) -> dict[str, list[str]]:
    """The statements by which each kind that is warmed is read."""
    async with statements() as seen:
        noting = Noting(seen)
        open_work = program.opener(engine, program.configuration(), cache=noting)
        for module in program.modules:
            if module.warm is not None:
                async with open_work(SYSTEM) as uow:
                    await module.warm(uow)
    return noting.read


def kind_of(program: Program, name: str) -> Kind[Any]:
    return next(kind for kind in program.caches if kind.name == name)


async def test_each_kind_names_the_tables_that_it_is_read_from(
    program: Program, uow: UnitOfWork, read: dict[str, list[str]]
) -> None:
    assert set(read) == {kind.name for kind in program.caches}
    for name, statements in read.items():
        found = [await tables_of(uow, statement) for statement in statements]

        assert set().union(*found) == set(kind_of(program, name).tables), name


async def test_each_of_these_tables_marks_every_change(program: Program, uow: UnitOfWork) -> None:
    watching = {row["name"]: list(row["kinds"]) for row in await uow.read(WATCHING)}

    assert watching == {table: ALL_CHANGES for kind in program.caches for table in kind.tables}


async def test_a_table_behind_a_view_would_be_found(uow: UnitOfWork) -> None:
    assert await tables_of(uow, "SELECT * FROM tagging_tagged") == {"tagging_tag", "tagging_link"}
