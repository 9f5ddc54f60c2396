"""Telling people of errors that are new or came again: of each once, and of many at a time in one."""

from collections.abc import Sequence
from typing import Final

from mainstay import clock
from mainstay.mail.letter import Catalogue
from mainstay.messages.notification import NotificationKind
from mainstay.modules.notifications import api as notifications
from mainstay.modules.notifications.api import Notice
from mainstay.modules.operations.permissions import ERRORS
from mainstay.modules.operations.repository import errors as repository
from mainstay.observe.tracker import BROWSER
from mainstay.work import Row, UnitOfWork

_LETTERS: Final = Catalogue("mainstay.modules.operations")
_AT: Final = frozenset({"at"})
_PARTS: Final = {"part": "parts"}
NEW: Final = NotificationKind("operations.error_new", _LETTERS, right=ERRORS, moments=_AT, words=_PARTS)
BACK: Final = NotificationKind("operations.error_back", _LETTERS, right=ERRORS, moments=_AT, words=_PARTS)
MANY: Final = NotificationKind("operations.errors_many", _LETTERS, right=ERRORS, counts=frozenset({"count"}))
# A release that breaks everything is one letter, not hundreds.
MOST_TOLD: Final = 3
PATH: Final = "/settings/errors"


async def tell(uow: UnitOfWork) -> None:
    """Tell whoever sees errors of those that nobody was told of.

    Of the program's own each is told by itself, unless they are many. What browsers tell, which anybody may make up,
    and many at a time are told of once an hour.
    """
    rows = await repository.untold(uow)
    if not rows:
        return
    own = [row for row in rows if row["role"] != BROWSER]
    if len(own) > MOST_TOLD:
        own = []
    for row in own:
        await notifications.notify(uow, _notice(row))
    if others := len(rows) - len(own):
        await _tell_many(uow, others)
    await _note(uow, rows)


def _notice(row: Row) -> Notice:
    values = {
        "what": row["kind"] or row["event"],
        "place": row["place"],
        "part": row["role"],
        "release": row["returned_release"] or row["first_release"],
        "at": (row["returned_at"] or row["first_at"]).isoformat(),
    }
    kind = BACK if row["returns"] else NEW
    return Notice(kind, values, f"{PATH}?error={row['id']}", f"{row['id']}@{row['returns']}")


async def _tell_many(uow: UnitOfWork, count: int) -> None:
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    await notifications.notify(uow, Notice(MANY, {"count": str(count)}, PATH, hour.isoformat()))


async def _note(uow: UnitOfWork, rows: Sequence[Row]) -> None:
    await repository.note_told(uow, [row["id"] for row in rows], clock.now())
