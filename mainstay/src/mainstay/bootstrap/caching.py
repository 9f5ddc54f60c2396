"""The cache of an API process, on the Redis of the settings if there is one, and filled before it is first asked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from mainstay.bootstrap.program import Program
from mainstay.cache.cache import Cache
from mainstay.cache.settings import CacheSettings
from mainstay.cache.shared import Shared
from mainstay.errors import DomainError
from mainstay.net.redis import RedisLink
from mainstay.observe.counters import Counters
from mainstay.settings import Configuration
from mainstay.work import SYSTEM, WorkOpener

WARMED = "mainstay_cache_warmed_total"

logger = structlog.stdlib.get_logger(__name__)


def open_cache(name: str, configuration: Configuration, counters: Counters, link: RedisLink | None) -> Cache:
    """Return the cache of the program `name`; without a `link` to Redis each process has its own."""
    shared = Shared(link, f"{name}:cache:") if link is not None else None
    return Cache(configuration.of(CacheSettings), counters, shared)


@asynccontextmanager
async def warming(program: Program, open_work: WorkOpener, counters: Counters) -> AsyncIterator[None]:
    """Warm the cache beside what happens inside the block."""
    task = asyncio.create_task(warm(program, open_work, counters), name="warm the cache")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def warm(program: Program, open_work: WorkOpener, counters: Counters) -> None:
    """Have each module read what an API is to have at hand; a database that is away now is asked when it is needed."""
    for module in program.modules:
        if module.warm is None:
            continue
        try:
            async with open_work(SYSTEM) as uow:
                await module.warm(uow)
        except DomainError as failure:
            logger.warning("the cache was not warmed", module=module.name, code=failure.code)
        except Exception:
            # Such as a database whose migrations are still to come: nothing needs what was not read.
            logger.exception("the cache was not warmed", module=module.name)
        else:
            counters.add(WARMED, module=module.name)
