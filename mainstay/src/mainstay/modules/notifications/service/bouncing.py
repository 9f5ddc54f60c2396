"""Telling that mail does not reach somebody: them in their inbox, and whoever manages mail."""

from typing import Final
from uuid import UUID

from mainstay.messages.notification import NotificationKind
from mainstay.modules.mail.api import LOOKING_AFTER
from mainstay.modules.notifications.repository.people import ABOUT
from mainstay.modules.notifications.service import reaching, telling
from mainstay.modules.notifications.service.telling import Notice
from mainstay.modules.notifications.service.texts import LETTERS
from mainstay.work import UnitOfWork

# Nobody may switch off that they miss their mails.
OWN_ADDRESS: Final = NotificationKind("notifications.own_address", LETTERS, is_security=True)
ADDRESS: Final = NotificationKind("notifications.address", LETTERS, right=LOOKING_AFTER, mail="digest")


async def take(uow: UnitOfWork, mail_id: UUID) -> None:
    """Note that a mail could not be delivered because of its address, and tell of it once."""
    noted = await reaching.note(uow, mail_id)
    if noted is None:
        return
    reader, told = noted
    values = {"address": reader.address, "told": told}
    await telling.tell_people(uow, Notice(OWN_ADDRESS, values, "/account"), [reader.id])
    about = {**values, "person": reader.name, ABOUT: str(reader.id)}
    await telling.tell_holders(uow, Notice(ADDRESS, about, "/settings"), None)
