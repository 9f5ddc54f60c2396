"""Numbers that the database knows, asked of the modules whenever somebody reads the numbers of a process."""

import structlog

from mainstay.bootstrap.program import Program
from mainstay.errors import ServiceUnavailable
from mainstay.observe.counters import Counters
from mainstay.web.metrics import Refresh
from mainstay.work import SYSTEM, WorkOpener

logger = structlog.stdlib.get_logger(__name__)


def refreshing(program: Program, open_work: WorkOpener) -> Refresh:
    """Return what has the modules of `program` say how things stand; without the database the others are told alone."""

    async def refresh(counters: Counters) -> None:
        for module in program.modules:
            if module.observe is None:
                continue
            try:
                async with open_work(SYSTEM) as uow:
                    await module.observe(uow, counters)
            except ServiceUnavailable as failure:
                logger.warning("numbers were not read", module=module.name, reason=failure.detail)

    return refresh
