"""Telling that a webhook was switched off: whoever manages webhooks, and the trail."""

from typing import Final
from urllib.parse import urlsplit

from mainstay import clock
from mainstay.mail.letter import Catalogue
from mainstay.messages.audit import Entry
from mainstay.messages.notification import NotificationKind
from mainstay.modules.notifications import api as notifications
from mainstay.modules.notifications.api import Notice
from mainstay.modules.webhooks.permissions import MANAGE
from mainstay.work import Row, UnitOfWork

LETTERS: Final = Catalogue("mainstay.modules.webhooks")
DISABLED: Final = NotificationKind(
    "webhooks.disabled", LETTERS, right=MANAGE, moments=frozenset({"at"}), words={"why": "reasons"}
)


async def tell_disabled(uow: UnitOfWork, row: Row, reason: str) -> None:
    """Write it into the trail and tell it; of the address the host alone is told, for the rest may be secret."""
    host = urlsplit(row["url"]).hostname or ""
    new = {"state": "disabled", "why": reason, "host": host}
    uow.record(Entry("webhooks.subscription_disabled", "webhooks.subscription", row["id"], new=new))
    values = {"host": host, "description": row["description"], "why": reason, "at": clock.now().isoformat()}
    path = f"/settings/webhooks?webhook={row['id']}"
    await notifications.notify(uow, Notice(DISABLED, values, path))
