"""Numbers that the database knows, asked of the modules whenever somebody reads the numbers of a process."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from mainstay.bootstrap.machine import Machine
from mainstay.bootstrap.program import Program
from mainstay.db.engine import DatabaseSettings
from mainstay.db.pool import ReadyPool
from mainstay.errors import ServiceUnavailable
from mainstay.observe.counters import Counters
from mainstay.observe.health import Check, examine
from mainstay.observe.statements import Statements
from mainstay.settings import Configuration
from mainstay.work import SYSTEM, WorkOpener

# Brings numbers up to date that others know, such as the database, before they are told.
Refresh = Callable[[Counters], Awaitable[None]]
# Seconds for the numbers of one module: when the pool is full, the others must be told, that it is full above all.
PATIENCE = 0.4
# 1 while what requests cannot do without is there, 0 while it is not.
CHECK = "mainstay_check_ok"
POOL = "mainstay_pool_connections"
POOL_LIMIT = "mainstay_pool_limit"
POOL_SETTING = "mainstay_pool_setting"

logger = structlog.stdlib.get_logger(__name__)


def refreshing(program: Program, open_work: WorkOpener, machine: Machine, checks: Iterable[Check] = ()) -> Refresh:
    """Return what asks the modules of `program` how things stand, and the machine; what does not answer is left out.

    Of the `checks` those that are needed are told by name: nobody may send a request while one of them fails.
    """
    needed = [check for check in checks if check.is_needed]

    async def refresh(counters: Counters) -> None:
        for found in await examine(needed):
            counters.set(CHECK, float(found.reason is None), check=found.name)
        await machine.tell(counters)
        for module in program.modules:
            if module.observe is None:
                continue
            try:
                async with asyncio.timeout(PATIENCE), open_work(SYSTEM) as uow:
                    await module.observe(uow, counters)
            except (ServiceUnavailable, TimeoutError) as failure:
                logger.warning("numbers were not read", module=module.name, reason=repr(failure))

    return refresh


def statements_of(configuration: Configuration, counters: Counters) -> Statements:
    """Return what tells of a process's statements, by the settings of the database."""
    settings = configuration.of(DatabaseSettings)
    return Statements(counters, settings.slow_statement, settings.repeated_statement)


def tell_pool(engine: AsyncEngine, counters: Counters) -> None:
    """Say how many connections to the database are in use and idle, how many there can be, and how the pool is set."""
    pool = engine.pool
    if isinstance(pool, ReadyPool):
        counters.set(POOL, pool.checkedout(), state="used")
        counters.set(POOL, pool.checkedin(), state="idle")
        counters.set(POOL_LIMIT, pool.limit)
        for name, value in pool.settings().items():
            counters.set(POOL_SETTING, value, setting=name)
