"""The routes of contacts that may be the same: who they are, what tells them apart, and how they become one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from mainstay.web.overload.urgency import LAST, urgent
from mainstay.web.paging import Cursor, Limit
from mainstay.web.repeats import repeatable
from mainstay.web.routing import work
from mainstay.work import UnitOfWork
from tradepost.crm.matching.answers import DuplicatesOut, MergeIn, MergeOut, MergesOut, MergeUndoneOut, PairsOut
from tradepost.crm.permissions import READ, SEE_PERSONAL, WRITE
from tradepost.crm.schemas import ContactIn
from tradepost.crm.service import duplicates, merging, undoing

router = APIRouter(prefix="/crm", tags=["Contacts"])


@router.post("/contacts/merge", status_code=201)
async def merge_contacts(
    uow: Annotated[UnitOfWork, work(WRITE, SEE_PERSONAL)], wanted: MergeIn, response: Response
) -> MergeOut:
    """Make one contact of 2 to 20: the others lead to the survivor, and so does everything that referred to them.

    Repeating the call with the same id and content is harmless. When one of them was changed meanwhile, the answer
    (412, `version_conflict`) names it (`changed`).
    """
    merged = await merging.merge(uow, wanted)
    response.headers["Location"] = f"/api/v1/crm/merges/{merged.id}"
    return merged


@router.get("/merges/{merge_id}")
async def get_merge(uow: Annotated[UnitOfWork, work(READ, SEE_PERSONAL)], merge_id: UUID) -> MergeOut:
    """A merge of contacts."""
    return await merging.get_merge(uow, merge_id)


@router.post("/merges/{merge_id}/undo")
@repeatable
async def undo_merge(uow: Annotated[UnitOfWork, work(WRITE, SEE_PERSONAL)], merge_id: UUID) -> MergeUndoneOut:
    """Undo a merge: the contacts are there again; what was changed after it stays, and is told (`kept`)."""
    return await undoing.undo(uow, merge_id)


@router.get("/contacts/{contact_id}/merges")
async def list_merges(uow: Annotated[UnitOfWork, work(READ, SEE_PERSONAL)], contact_id: UUID) -> MergesOut:
    """The latest merges that made a contact, at most 20."""
    return await merging.list_merges(uow, contact_id)


@router.get("/duplicates")
@urgent(LAST)
async def list_pairs(
    uow: Annotated[UnitOfWork, work(READ, SEE_PERSONAL)],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PairsOut:
    """All pairs of contacts that may be the same, the likeliest first, without those that were told apart."""
    return await duplicates.list_pairs(uow, cursor, limit)


@router.post("/duplicates/scan", status_code=202)
@repeatable
@urgent(LAST)
async def scan_contacts(uow: Annotated[UnitOfWork, work(WRITE, SEE_PERSONAL)]) -> None:
    """Have all contacts compared with one another in the background; changes are followed without it."""
    duplicates.want_scan(uow)


@router.post("/duplicates/check")
async def check_contact(uow: Annotated[UnitOfWork, work(READ, SEE_PERSONAL)], draft: ContactIn) -> DuplicatesOut:
    """Who may be the same as a contact that is not saved yet; nothing is stored."""
    return await duplicates.check(uow, draft)


@router.get("/contacts/{contact_id}/duplicates")
async def list_duplicates(uow: Annotated[UnitOfWork, work(READ, SEE_PERSONAL)], contact_id: UUID) -> DuplicatesOut:
    """Who may be the same as a contact, the likeliest first, without those that were told apart."""
    return await duplicates.list_for(uow, contact_id)


@router.put("/contacts/{contact_id}/not-same/{other_id}", status_code=204)
async def tell_apart(uow: Annotated[UnitOfWork, work(WRITE, SEE_PERSONAL)], contact_id: UUID, other_id: UUID) -> None:
    """Say that another contact is somebody else; it holds until name, numbers or addresses of one of them change."""
    await duplicates.tell_apart(uow, contact_id, other_id)


@router.delete("/contacts/{contact_id}/not-same/{other_id}", status_code=204)
async def forget_apart(uow: Annotated[UnitOfWork, work(WRITE, SEE_PERSONAL)], contact_id: UUID, other_id: UUID) -> None:
    """Take back that another contact is somebody else: where the two are alike, they are shown again."""
    await duplicates.forget_apart(uow, contact_id, other_id)
