"""What is said of mail at the start of a program: that nobody gets any should surprise nobody."""

import structlog

from mainstay.modules.mail.service import keeping
from mainstay.settings import CoreSettings
from mainstay.work import UnitOfWork

logger = structlog.stdlib.get_logger(__name__)


async def tell(uow: UnitOfWork) -> str | None:
    """Write to the log how mail leaves; in production a warning when it does not."""
    mode = keeping.mode(uow)
    is_missed = mode == "off" and uow.setup.settings.of(CoreSettings).environment == "production"
    (logger.warning if is_missed else logger.info)("mail", outcome="set up", mode=mode)
    return None
