"""Telling whoever may import into a store what became of a file."""

from typing import Final
from uuid import UUID

from mainstay.mail.letter import Catalogue
from mainstay.messages.notification import NotificationKind
from mainstay.modules.notifications import api as notifications
from mainstay.modules.notifications.api import Notice
from mainstay.work import UnitOfWork
from tradepost.catalog.permissions import IMPORT
from tradepost.catalog.repository import imports as repository

LETTERS: Final = Catalogue("tradepost.catalog")
# Whoever imports looks at how it goes; by mail only who wants it.
COUNTS: Final = ("created", "updated", "unchanged", "rows_rejected")
FINISHED: Final = NotificationKind(
    "catalog.import_finished", LETTERS, right=IMPORT, mail="off", counts=frozenset(COUNTS)
)
FAILED: Final = NotificationKind("catalog.import_failed", LETTERS, right=IMPORT)


async def tell(uow: UnitOfWork, import_id: UUID) -> None:
    """Tell that a file was read into the catalogue, or that nothing of it was."""
    row = await repository.one(uow, import_id)
    if row is None:
        return
    path, file = f"/catalogue/imports/{import_id}", row["filename"]
    if row["status"] == "failed":
        notice = Notice(FAILED, {"file": file, "problem": row["problem"] or ""}, path)
    else:
        notice = Notice(FINISHED, {"file": file, **{name: str(row[name]) for name in COUNTS}}, path)
    await notifications.notify(uow, notice, row["store_id"])
