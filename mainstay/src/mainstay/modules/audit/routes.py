"""The routes of the audit trail; there are none that write."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from mainstay.db.grammar import Asked
from mainstay.db.query import decode_position_cursor, encode_position_cursor, page_size
from mainstay.modules.audit.permissions import READ
from mainstay.modules.audit.repository.entries import ENTRIES, NAME_FORM
from mainstay.modules.audit.schemas import ActorOut, ActsOut, EntriesOut, EntryOut, StoryOut
from mainstay.modules.audit.service import reading
from mainstay.web.asking import asks
from mainstay.web.overload.urgency import LAST, urgent
from mainstay.web.paging import Cursor, Limit
from mainstay.web.routing import work
from mainstay.work import Row, UnitOfWork

router = APIRouter(prefix="/audit", tags=["Audit"])


@router.get("/entries")
@urgent(LAST)
async def list_entries(
    uow: Annotated[UnitOfWork, work(READ)],
    asked: Annotated[Asked, asks(ENTRIES)],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> EntriesOut:
    """What was done, newest first: by whom, from where, to what, and the values before and after."""
    rows, following = await reading.list_entries(uow, asked, cursor, page_size(limit))
    return EntriesOut(items=[_entry(row) for row in rows], next_cursor=following)


@router.get("/entries/{entry_id}")
async def read_entry(uow: Annotated[UnitOfWork, work(READ)], entry_id: UUID) -> EntryOut:
    """One entry of the trail."""
    return _entry(await reading.read_entry(uow, entry_id))


@router.get("/stories/{object_type}/{object_id}")
@urgent(LAST)
async def tell_story(
    uow: Annotated[UnitOfWork, work(READ)],
    object_type: Annotated[str, Path(max_length=100, pattern=NAME_FORM, examples=["identity.person"])],
    object_id: Annotated[str, Path(min_length=1, max_length=200)],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> StoryOut:
    """Everything on record about one thing, oldest first."""
    size = page_size(limit)
    rows = await reading.tell_story(uow, (object_type, object_id), decode_position_cursor(cursor) or 0, size + 1)
    return StoryOut(items=[_entry(row) for row in rows[:size]], next_cursor=_next(rows, size))


@router.get("/acts")
@urgent(LAST)
async def list_acts(uow: Annotated[UnitOfWork, work(READ)]) -> ActsOut:
    """The acts that there are entries of, for a filter."""
    return ActsOut(items=await reading.list_acts(uow))


def _next(rows: list[Row], size: int) -> str | None:
    return encode_position_cursor(rows[size - 1]["position"]) if len(rows) > size else None


def _entry(row: Row) -> EntryOut:
    actor, change = row["actor"] or {}, row["change"] or {}
    return EntryOut(
        id=row["id"],
        happened_at=row["happened_at"],
        act=row["act"],
        object_type=row["object_type"],
        object_id=row["object_id"],
        actor=ActorOut(
            kind=row["actor_kind"],
            id=row["actor_id"],
            role=row["actor_role"],
            name=actor.get("name") or None,
            address=actor.get("address"),
        ),
        approver_id=row["approver_id"],
        request_id=row["request_id"],
        old=change.get("old"),
        new=change.get("new"),
        reason=change.get("reason"),
        erased=[part for part in ("actor", "change") if row[f"is_{part}_erased"]],
        sequence=row["sequence"],
    )
