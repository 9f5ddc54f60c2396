"""What readiness asks: the database, its schema and room on the disk, and beside them what a program can do without."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from mainstay.bootstrap.program import Program
from mainstay.db import migrate
from mainstay.db.pool import ReadyPool
from mainstay.module import Module
from mainstay.net.redis import RedisLink
from mainstay.observe.health import Check, HealthSettings, Unhealthy, held
from mainstay.settings import Configuration, CoreSettings
from mainstay.work import SYSTEM, WorkOpener

# Seconds for which the answer of a module holds: anybody may ask, as often as they like.
HOLD = 2.0
# How much more room than is demanded there must be after there was too little, so that readiness does not flap.
RELIEF = 1.25
MEGABYTE = 1024 * 1024

logger = structlog.stdlib.get_logger(__name__)


def checks_of(
    program: Program, configuration: Configuration, open_work: WorkOpener, link: RedisLink | None
) -> tuple[Check, ...]:
    """Return what readiness asks of `program`; without a `link` to Redis it does not ask for it.

    Their reasons are read by anybody: they hold no figure, address or name of what is inside.
    """
    settings = configuration.of(HealthSettings)
    disk = Disk(configuration.of(CoreSettings).data_dir, settings.disk_free_mb * MEGABYTE)
    return (
        # The first to look: the others take connections themselves.
        Check("pool", partial(_pool, open_work.engine), is_needed=False),
        Check("database", partial(_database, open_work)),
        Check("migrations", _migrations(program, open_work)),
        Check("disk", disk),
        *(() if link is None else (Check("cache", partial(_cache, link), is_needed=False),)),
        *(_of_module(module, open_work, settings) for module in program.modules if module.check is not None),
    )


class Disk:
    """Whether at least `least` bytes are free on the disk of a folder, which need not be there yet."""

    def __init__(self, folder: Path, least: int, free: Callable[[Path], int] | None = None) -> None:
        self._folder, self._least, self._free = folder.resolve(), least, free or _free
        self._asked: asyncio.Future[int] | None = None
        self.is_low = False

    async def __call__(self) -> None:
        """Raise Unhealthy while there is too little, and until there is a quarter more than that."""
        if self._asked is None or self._asked.done():
            # One thread at a time: a disk that does not answer must not take all of them.
            self._asked = asyncio.get_running_loop().run_in_executor(None, self._free, self._folder)
        free = await asyncio.shield(self._asked)
        is_low = free < self._least * (RELIEF if self.is_low else 1)
        if is_low != self.is_low:
            logger.warning("room on the disk", is_low=is_low, free_mb=free // MEGABYTE, folder=str(self._folder))
        self.is_low = is_low
        if is_low:
            raise Unhealthy("The disk of the data folder is nearly full: writes will fail soon.")


def _free(folder: Path) -> int:
    present = next(each for each in (folder, *folder.parents) if each.exists())
    return shutil.disk_usage(present).free


async def _pool(engine: AsyncEngine) -> None:
    pool = engine.pool
    if isinstance(pool, ReadyPool) and pool.checkedout() >= pool.limit:
        raise Unhealthy("All connections to the database are in use: requests wait for one.")


async def _database(open_work: WorkOpener) -> None:
    async with open_work(SYSTEM) as uow:
        await uow.read_value("SELECT 1")


def _migrations(program: Program, open_work: WorkOpener) -> Callable[[], Awaitable[None]]:
    """Return what asks whether the schema is this program's."""
    current: set[str] = set()

    async def migrations() -> None:
        async with open_work(SYSTEM) as uow:
            rows = await uow.read(f"SELECT version_num FROM {migrate.VERSION_TABLE}")  # noqa: S608  a constant
        present = {row["version_num"] for row in rows}
        if present != current:
            missing = await asyncio.to_thread(migrate.missing, present, program.migrations)
            if missing:
                raise Unhealthy(f"These migrations are still to come: {', '.join(missing)}.")
            current.clear()
            current.update(present)

    return migrations


async def _cache(link: RedisLink) -> None:
    if await link.call("PING") is None:
        raise Unhealthy("Redis does not answer; every process goes on by itself.")


def _of_module(module: Module, open_work: WorkOpener, settings: HealthSettings) -> Check:
    """Return what a module asks, in a unit of work of its own."""

    async def ask() -> None:
        assert module.check is not None  # noqa: S101  only such modules are given
        async with open_work(SYSTEM) as uow:
            await module.check(uow, settings)

    return Check(module.name, held(ask, HOLD), is_needed=False)
