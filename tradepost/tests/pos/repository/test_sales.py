"""How the till and its numbers are read at size: 100,000 sold lines, and nothing reads them from end to end."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any

import asyncpg
import pytest
from shopfloor import past
from shopfloor.past import named

from mainstay.bootstrap.program import Program
from mainstay.db.engine import DatabaseSettings, create_engine
from mainstay.db.grammar import Asked
from mainstay.db.query import encode_moment_cursor
from mainstay.testing import database
from mainstay.testing.database import plain
from mainstay.work import SYSTEM, Row, UnitOfWork, WorkOpener
from tradepost.insight import service as insight
from tradepost.pos import api as pos
from tradepost.pos.repository import sales, sums, tills
from tradepost.pos.service.sales import check_journal
from tradepost.stock import repository as stock

STORE, REGISTER, SALE = named("store", 1), named("register", 2), named("sale", 20_000)
SHIFT = named("shift", 4 * 99 + 2)
PLACE = encode_moment_cursor(datetime(2026, 9, 20, 12, tzinfo=UTC), SALE)
Read = Callable[[UnitOfWork], Awaitable[object]]


class Planned(UnitOfWork):
    """A unit of work that keeps the plans of what it reads: for these parameters, and for any."""

    def __init__(self, opener: WorkOpener) -> None:
        super().__init__(opener, SYSTEM)
        self.plans: list[str] = []

    async def read(self, sql: str, *args: object) -> list[Row]:
        await self._explain(sql, args)
        return await super().read(sql, *args)

    async def read_row(self, sql: str, *args: object) -> Row | None:
        await self._explain(sql, args)
        return await super().read_row(sql, *args)

    async def read_value(self, sql: str, *args: object) -> Any:  # noqa: ANN401  as the original
        await self._explain(sql, args)
        return await super().read_value(sql, *args)

    async def _explain(self, sql: str, args: tuple[object, ...]) -> None:
        for mode in ("auto", "force_generic_plan"):
            await super().read(f"SET plan_cache_mode = {mode}")
            rows = await super().read(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, BUFFERS OFF) {sql}", *args)
            self.plans.append("\n".join(row["QUERY PLAN"] for row in rows))
        await super().read("RESET plan_cache_mode")


def of(**values: object) -> Asked:
    """Return what asks for sales or shifts with these values."""
    return Asked(tuple((key, "eq", value) for key, value in values.items()))


def full_scans(plans: list[str]) -> list[str]:
    """Return the full scans of tables that grow with every sale."""
    return [
        line.strip()
        for plan in plans
        for line in plan.splitlines()
        if any(line.endswith(f"Seq Scan on {table}") or f"Seq Scan on {table} " in line for table in past.BUSY_TABLES)
    ]


@pytest.fixture(scope="module")
async def long_past(program: Program, database_server: str) -> AsyncIterator[WorkOpener]:
    """Opens units of work on a database with a long past."""
    source = database.template(database_server, program.migrations)
    with database.clone(database_server, source) as url:
        connection = await asyncpg.connect(plain(url))
        await past.fill(connection)
        await connection.close()
        engine = create_engine(DatabaseSettings(), url)
        yield program.opener(engine, program.configuration())
        await engine.dispose()


@pytest.fixture
async def planned(long_past: WorkOpener) -> AsyncIterator[Planned]:
    """A unit of work on the long past that keeps its plans."""
    async with Planned(long_past) as uow:
        yield uow


async def test_the_past_is_as_large_as_it_says(planned: Planned) -> None:
    """Or the plans below would prove nothing."""
    for table, rows in (("pos_sale", past.SALES), ("pos_sale_line", past.LINES), ("stock_movement", past.LINES)):
        assert await planned.read_value(f"SELECT count(*) FROM {table}") == rows


READS: dict[str, Read] = {
    "sales of a day": lambda uow: sales.sales(uow, of(store_id=STORE, business_day=past.LAST_DAY), None, 50),
    "sales of a day, further on": lambda uow: sales.sales(
        uow, of(store_id=STORE, business_day=date(2026, 9, 20)), PLACE, 50
    ),
    "sales of a shift": lambda uow: sales.sales(uow, of(shift_id=SHIFT), None, 50),
    "sales of a store": lambda uow: sales.sales(uow, of(store_id=STORE), PLACE, 50),
    "all sales": lambda uow: sales.sales(uow, Asked(), PLACE, 50),
    "sales by total": lambda uow: sales.sales(uow, Asked(sort="-total_minor"), None, 50),
    "sales by receipt number": lambda uow: sales.sales(uow, of(q="R1-00123"), None, 50),
    "sales of a best seller on a day": lambda uow: sales.sales(
        uow, of(store_id=STORE, business_day=past.LAST_DAY, variant_id=named("variant", 1856)), None, 50
    ),
    "sales of a product": lambda uow: sales.sales(uow, of(variant_id=named("variant", 5)), None, 50),
    "sales of an hour": lambda uow: sales.sales(uow, of(store_id=STORE, business_day=past.LAST_DAY, hour=12), None, 50),
    "number of sales of an hour": lambda uow: sales.count_sales(
        uow, of(store_id=STORE, business_day=past.LAST_DAY, hour=12)
    ),
    "number of sales of a day": lambda uow: sales.count_sales(uow, of(store_id=STORE, business_day=past.LAST_DAY)),
    "number of sales of a shift": lambda uow: sales.count_sales(uow, of(shift_id=SHIFT)),
    "number of sales by receipt number": lambda uow: sales.count_sales(uow, of(q="R1-00123")),
    "number of all sales": lambda uow: sales.count_sales(uow, Asked()),
    "cashiers": lambda uow: sales.cashiers(uow, 500),
    "a sale, as shown and as printed": lambda uow: sales.sale(uow, SALE),
    "facts for a checkout": lambda uow: sales.checkout_facts(uow, SALE, REGISTER, [named("variant", 1)]),
    "a shift with its totals": lambda uow: tills.shift(uow, SHIFT),
    "shifts of a till": lambda uow: tills.shifts(uow, of(register_id=REGISTER), None, 50),
    "all shifts": lambda uow: tills.shifts(uow, Asked(), PLACE, 50),
    "tiles of what sold most": lambda uow: sums.best_selling(uow, STORE, date(2026, 10, 9), 24),
    "takings, best sellers and hours of a day": lambda uow: pos.figures(
        uow, [pos.StoreDay(named("store", n), past.LAST_DAY, "Europe/Paris") for n in (1, 2)], 10
    ),
    "the newest sale": insight.position,
    "a journal": lambda uow: tills.journal(uow, REGISTER, 4000, 1000),
    "levels": lambda uow: stock.levels(uow, STORE, [named("variant", n) for n in range(1, 25)]),
    "movements": lambda uow: stock.movements(uow, (STORE, named("variant", 5)), Asked(), None, 50),
    "number of movements": lambda uow: stock.count_movements(uow, (STORE, named("variant", 5)), Asked()),
    "what a sale moved": lambda uow: stock.booked(uow, "sale", SALE),
}


async def test_a_page_of_shifts_reads_the_sales_of_its_own_shifts_alone(planned: Planned) -> None:
    await tills.shifts(planned, Asked(), None, 4)
    for plan in planned.plans:
        loops = re.search(r"on pos_sale \(actual.* loops=(\d+)\)", plan)
        assert loops is not None, plan
        assert int(loops[1]) == 5


async def test_a_long_journal_is_checked_to_its_end(long_past: WorkOpener) -> None:
    """Page by page, with one statement for a thousand entries; the past's have no hashes."""
    async with long_past(SYSTEM) as uow:
        found = await check_journal(uow, REGISTER)
    assert (found.entries, found.is_intact, found.broken_at) == (8400, False, 1)


@pytest.mark.practice(41)
@pytest.mark.parametrize("name", READS)
async def test_nothing_reads_the_whole_past(planned: Planned, name: str) -> None:
    found = await READS[name](planned)
    assert found
    assert full_scans(planned.plans) == [], planned.plans
