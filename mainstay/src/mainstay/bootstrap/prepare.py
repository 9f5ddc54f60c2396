"""What happens before the first request: migrations, what modules have to say, and sample data when it is wanted."""

import asyncio

import structlog
from alembic.util import CommandError

from mainstay import clock, context
from mainstay.bootstrap.patience import wait_for_database
from mainstay.bootstrap.program import Program
from mainstay.bootstrap.runtime import opened, owner_url
from mainstay.db import migrate, rights
from mainstay.errors import ConfigurationError
from mainstay.settings import Configuration
from mainstay.work import SYSTEM

logger = structlog.stdlib.get_logger(__name__)


async def prepare(program: Program, configuration: Configuration, url: str) -> list[str]:
    """Wait for the database at `url`, bring schema and rights up to date, and run the modules' start hooks.

    Returns what they have to tell the operator. Raises ConfigurationError.
    """
    await bring_up_to_date(program, owner_url(configuration, url), url)
    return await start_notices(program, configuration, url)


async def bring_up_to_date(program: Program, owner: str, url: str) -> None:
    """Wait for the database, apply to it as its `owner` what is missing, and give who connects to `url` its rights.

    Raises ConfigurationError.
    """
    await wait_for_database(owner)
    began = clock.monotonic()
    try:
        await asyncio.to_thread(migrate.upgrade, owner, program.migrations)
    except CommandError as failure:
        raise ConfigurationError(f"The database cannot be brought up to date: {failure}.") from failure
    await asyncio.to_thread(rights.grant, owner, url)
    await asyncio.to_thread(rights.check, url)
    logger.info("the schema is current", duration_ms=round((clock.monotonic() - began) * 1000))


async def start_notices(program: Program, configuration: Configuration, url: str) -> list[str]:
    """Run the start hooks of all modules, each in its own unit of work; return what they say to the operator."""
    context.request_id.set("start")
    notices = []
    async with opened(program, configuration, url, name="start") as open_work:
        for module in program.modules:
            if module.at_start is not None:
                async with open_work(SYSTEM) as uow:
                    notices.append(await module.at_start(uow))
    return [notice for notice in notices if notice]


async def load_samples(program: Program, configuration: Configuration, url: str) -> None:
    """Run the sample hooks of all modules in their order, each in its own unit of work."""
    context.request_id.set("sample")
    async with opened(program, configuration, url, name="sample") as open_work:
        for module in program.modules:
            if module.sample is not None:
                async with open_work(SYSTEM) as uow:
                    await module.sample(uow)
                logger.info("sample data loaded", module=module.name)
