"""A person's inbox: what they were told, in the language they read it in, what is unread, and what they removed."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from mainstay.bulk.outcomes import Outcomes
from mainstay.bulk.schemas import BulkItemIn, BulkOut
from mainstay.mail.letter import Letter
from mainstay.mail.settings import Language
from mainstay.modules.notifications.errors import NotificationUnknown
from mainstay.modules.notifications.repository import items as repository
from mainstay.modules.notifications.repository.items import Inbox
from mainstay.modules.notifications.schemas import NotificationAct, NotificationsBulkIn
from mainstay.modules.notifications.service import choices, texts
from mainstay.work import Row, UnitOfWork

ACTS: Final[Mapping[NotificationAct, Callable[[UnitOfWork, Sequence[UUID]], Awaitable[None]]]] = {
    "read": repository.read,
    "remove": repository.remove,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A notification as it is read; one whose kind the program has no more is told by its kind alone."""

    row: Row
    letter: Letter | None


async def page(
    uow: UnitOfWork, person_id: UUID, language: Language, before: tuple[datetime, UUID] | None, limit: int
) -> list[Entry]:
    """Return up to `limit` notifications from before a (created, id), the newest first."""
    rows = await repository.page(uow, _of(uow, person_id), before, limit)
    return [Entry(row, written(uow, row, language)) for row in rows]


def written(uow: UnitOfWork, row: Row, language: Language) -> Letter | None:
    """Return what a notification says; None when the program has its kind no more, or says more in it by now."""
    kind = uow.setup.notifications.get(row["kind"])
    if kind is None:
        return None
    try:
        return texts.letter_of(uow, kind, row["told"], language, row["path"])
    except (KeyError, ValueError):
        # It was told by an earlier version, in fewer or other words than the letter has now.
        return None


async def unread(uow: UnitOfWork, person_id: UUID) -> int:
    """Count what is unread, up to a hundred."""
    return await repository.unread(uow, _of(uow, person_id))


async def change(uow: UnitOfWork, person_id: UUID, key: UUID, act: NotificationAct) -> None:
    """Mark one as read, or take it away. Raises NotificationUnknown."""
    if not await repository.locked(uow, _of(uow, person_id), [key]):
        raise _unknown()
    await ACTS[act](uow, [key])


async def change_many(uow: UnitOfWork, person_id: UUID, wanted: NotificationsBulkIn) -> BulkOut:
    """Mark many as read, or take them away; tell what became of each."""
    rows = await repository.locked(uow, _of(uow, person_id), [item.id for item in wanted.items])
    outcomes = Outcomes[UUID, BulkItemIn](wanted, dict.fromkeys(rows), _unknown())
    if wanted.change.kind == "read":
        outcomes.unchanged([key for key, row in rows.items() if row["read_at"] is not None])
    chosen = outcomes.keys
    await ACTS[wanted.change.kind](uow, chosen)
    outcomes.changed(dict.fromkeys(chosen))
    return outcomes.answer(BulkOut)


async def read_all(uow: UnitOfWork, person_id: UUID, up_to: datetime) -> None:
    """Mark as read all that came up to a moment: what nobody has seen yet stays unread."""
    await repository.read_all(uow, _of(uow, person_id), up_to)


def _of(uow: UnitOfWork, person_id: UUID) -> Inbox:
    # What somebody was told by a right is theirs to read for as long as they hold it.
    return Inbox(person_id, choices.withheld(uow))


def _unknown() -> NotificationUnknown:
    return NotificationUnknown("There is no such notification; it may have been removed on another device.")
