"""Looking at the mails of a program in development: there is a mailbox in that mode only."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Literal
from uuid import UUID

from mainstay.mail.mailbox import Mailbox
from mainstay.modules.mail.errors import MailUnknown
from mainstay.modules.mail.service import keeping
from mainstay.modules.mail.service.posting import mailbox_of
from mainstay.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Item:
    """What a list of mails shows of one."""

    id: UUID
    subject: str
    recipient: str
    sent_at: datetime


async def newest(uow: UnitOfWork) -> list[Item]:
    """Return the newest mails, the last one first. Raises MailUnknown."""
    mailbox = _mailbox(uow)
    found = await asyncio.to_thread(lambda: list(mailbox.newest()))
    return [
        Item(key, str(mail["Subject"]), str(mail["To"]), parsedate_to_datetime(mail["Date"])) for key, mail in found
    ]


async def part(uow: UnitOfWork, mail_id: UUID, kind: Literal["html", "plain"]) -> str:
    """Return one form of a mail. Raises MailUnknown."""
    mail = await asyncio.to_thread(_mailbox(uow).find, mail_id)
    body = None if mail is None else mail.get_body((kind,))
    if body is None:
        raise MailUnknown("There is no such mail in the mailbox.")
    return str(body.get_content())


def _mailbox(uow: UnitOfWork) -> Mailbox:
    if keeping.mode(uow) != "mailbox":
        raise MailUnknown("There is a mailbox only in development and without a mail server.")
    return mailbox_of(uow.setup.settings)
