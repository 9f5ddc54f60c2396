"""The routes of errors that the program keeps."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from mainstay.bulk.schemas import BulkOut
from mainstay.db.query import decode_moment_cursor, encode_moment_cursor, page_size
from mainstay.modules.operations.permissions import ERRORS
from mainstay.modules.operations.schemas import (
    ErrorDetailOut,
    ErrorOut,
    ErrorRole,
    ErrorsBulkIn,
    ErrorsOut,
    ErrorState,
    ErrorVersionIn,
)
from mainstay.modules.operations.service import errors
from mainstay.web.paging import Cursor, Limit
from mainstay.web.repeats import repeatable
from mainstay.web.routing import work
from mainstay.work import UnitOfWork

router = APIRouter(prefix="/operations/errors", tags=["Operations"])

ErrorsWork = Annotated[UnitOfWork, work(ERRORS)]


@router.get("")
async def list_errors(
    uow: ErrorsWork,
    state: ErrorState | None = None,
    role: ErrorRole | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ErrorsOut:
    """The program's errors, those first that came last: what is the same mistake is one, and counted."""
    size = page_size(limit)
    found = await errors.listed(uow, state, role, decode_moment_cursor(cursor), size + 1)
    last = found[size - 1] if len(found) > size else None
    return ErrorsOut(items=found[:size], next_cursor=encode_moment_cursor(last.last_at, last.id) if last else None)


@router.post("/bulk")
@repeatable
async def change_errors(uow: ErrorsWork, wanted: ErrorsBulkIn) -> BulkOut:
    """Resolve, ignore or open many errors again; one that came again since it was looked at stays as it is."""
    return await errors.change_many(uow, wanted)


@router.get("/{error_id}")
async def read_error(uow: ErrorsWork, error_id: UUID) -> ErrorDetailOut:
    """An error with the last times that it came, each with its request and its way through the code."""
    return await errors.one(uow, error_id)


@router.post("/{error_id}/resolve")
async def resolve_error(uow: ErrorsWork, error_id: UUID, seen: ErrorVersionIn) -> ErrorOut:
    """Say that its cause is mended: when it comes again it opens again, and people are told."""
    return await errors.set_state(uow, error_id, seen.version, "resolved")


@router.post("/{error_id}/ignore")
async def ignore_error(uow: ErrorsWork, error_id: UUID, seen: ErrorVersionIn) -> ErrorOut:
    """Have it counted only."""
    return await errors.set_state(uow, error_id, seen.version, "ignored")


@router.post("/{error_id}/reopen")
async def reopen_error(uow: ErrorsWork, error_id: UUID, seen: ErrorVersionIn) -> ErrorOut:
    """Have it open again."""
    return await errors.set_state(uow, error_id, seen.version, "open")
