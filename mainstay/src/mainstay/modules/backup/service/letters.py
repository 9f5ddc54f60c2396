"""What backup tells: that no backup is young enough, and that all is well again."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from mainstay.mail.letter import Catalogue
from mainstay.messages.notification import NotificationKind
from mainstay.modules.backup.permissions import MANAGE
from mainstay.modules.notifications import api as notifications
from mainstay.modules.notifications.api import Notice
from mainstay.work import UnitOfWork

if TYPE_CHECKING:
    from mainstay.modules.backup.service.watching import Standing

LETTERS: Final = Catalogue("mainstay.modules.backup")
PAGE: Final = "/settings"
LAST: Final = frozenset({"last"})
MISSED: Final = NotificationKind("backup.missed", LETTERS, right=MANAGE, moments=LAST, words={"last": "words"})
WELL: Final = NotificationKind("backup.well", LETTERS, right=MANAGE, moments=LAST, words={"last": "words"})


async def tell_missed(uow: UnitOfWork, found: "Standing") -> None:
    """Tell whoever manages backups that no verified one is young enough."""
    values = {"last": _last(found.verified_at), "reason": found.reason or ""}
    await notifications.notify(uow, Notice(MISSED, values, PAGE))


async def tell_well(uow: UnitOfWork, found: "Standing") -> None:
    """Tell whoever manages backups that there is a verified one again."""
    await notifications.notify(uow, Notice(WELL, {"last": _last(found.verified_at)}, PAGE))


def _last(verified_at: datetime | None) -> str:
    return "never" if verified_at is None else verified_at.isoformat()
