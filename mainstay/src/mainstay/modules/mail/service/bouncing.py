"""Mails that come back: the return path that tells which one it was, and what is remembered of it."""

from typing import Final
from uuid import UUID

import structlog

from mainstay.mail.report import ReturnPath, read_report, return_path_of
from mainstay.mail.settings import MailSettings
from mainstay.modules.mail import repository
from mainstay.modules.mail.errors import BounceUnknown
from mainstay.modules.mail.events import MailBounced
from mainstay.modules.mail.service.keeping import keyring_of
from mainstay.work import Row, UnitOfWork

PURPOSE: Final = "mail.return_path"

logger = structlog.stdlib.get_logger(__name__)


def return_path(uow: UnitOfWork, mail_id: UUID) -> str:
    """Return where a mail comes back to: an address of its own if the settings name one for that, or nothing."""
    base = uow.setup.settings.of(MailSettings).bounce_address
    return ReturnPath(mail_id, keyring_of(uow).mark(PURPOSE, mail_id.hex)).address(base) if base else ""


async def take(uow: UnitOfWork, content: bytes) -> bool:
    """Take a message that came to a return path; say whether a mail failed because of its address.

    Raises BounceUnknown for what is no report, or came to an address that this program did not make.
    """
    path, keyring = return_path_of(content), uow.setup.keyring
    if path is None or keyring is None or not keyring.is_marked(PURPOSE, path.mail_id.hex, path.mark):
        raise _unknown()
    # Only what came to a return path of ours is taken apart.
    report, mail_id = read_report(content), path.mail_id
    if report is None:
        raise _unknown()
    if not report.is_bounce or not await repository.bounce(uow, mail_id, f"status_{report.status}", report.told):
        return False
    uow.publish(MailBounced(mail_id=mail_id))
    logger.warning("mail", outcome="bounced", mail_id=str(mail_id), reason=report.status)
    return True


async def bounced(uow: UnitOfWork, mail_id: UUID) -> Row | None:
    """Return to which address a mail could not be delivered and why; None when it has been forgotten."""
    return await repository.bounced(uow, mail_id)


def _unknown() -> BounceUnknown:
    return BounceUnknown("This is no report on a mail of this program.")
