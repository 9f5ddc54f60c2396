"""The routes of contacts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from mainstay.db.query import decode_moment_cursor, page_size
from mainstay.errors import InvalidInput
from mainstay.web.routing import Edge, actor, work
from mainstay.web.spreadsheet import csv_reply
from mainstay.work import Actor, UnitOfWork
from tradepost.crm.exchange.answers import (
    ContactImportOut,
    ContactImportRowsOut,
    ContactImportsOut,
    EntryOutcome,
)
from tradepost.crm.exchange.sheet.writer import SheetForm, Style, sheet_head
from tradepost.crm.exchange.vcard.writer import Version
from tradepost.crm.matching.answers import DuplicatesOut, MergeIn, MergeOut, MergesOut, MergeUndoneOut, PairsOut
from tradepost.crm.permissions import EXPORT, READ, WRITE
from tradepost.crm.repository.search import Sort, Wanted
from tradepost.crm.schemas import (
    ArchiveChange,
    ContactIn,
    ContactKind,
    ContactOut,
    ContactPatch,
    ContactsBulkIn,
    ContactsBulkOut,
    ContactsOut,
    Missing,
    Source,
    TimelineOut,
)
from tradepost.crm.service import bulk, contacts, duplicates, export, imports, merging, undoing
from tradepost.crm.service.imports import LARGEST_FILE

router = APIRouter(prefix="/crm", tags=["Contacts"])
PHONES_FROM = "Where phones without a country code are from (ISO 3166-1); else the shop's country"

Limit = Annotated[int, Query(ge=1, description="At most 200 are given")]


def wanted_contacts(  # noqa: PLR0913, PLR0917  each is a parameter of the query string
    q: Annotated[
        str,
        Query(max_length=200, description="Fits anything that is known, in any script; typing errors are forgiven"),
    ] = "",
    sort: Annotated[Sort | None, Query(description="Without it the best fit comes first, or the name decides")] = None,
    kind: ContactKind | None = None,
    tag: Annotated[UUID | None, Query(description="The contact has this tag")] = None,
    group: Annotated[UUID | None, Query(description="The contact is in this group")] = None,
    company_id: Annotated[UUID | None, Query(description="The people of this company")] = None,
    source: Source | None = None,
    missing: Annotated[Missing | None, Query(description="What the contact lacks")] = None,
    archived: Annotated[bool, Query(description="Those that were put away, instead of the others")] = False,
) -> Wanted:
    """Return what a list or a file of contacts is to hold."""
    return Wanted(q.strip(), sort, kind, tag, group, company_id, source, missing, archived)


Filters = Annotated[Wanted, Depends(wanted_contacts)]


@router.get("/contacts")
async def list_contacts(
    uow: Annotated[UnitOfWork, work(READ)],
    wanted: Filters,
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
    limit: Limit = 50,
) -> ContactsOut:
    """People and companies: all of them, or those that fit."""
    return await contacts.list_contacts(uow, wanted, cursor, limit)


@router.get("/contacts.vcf", response_class=StreamingResponse)
async def export_cards(
    request: Request,
    reader: Annotated[Actor, actor(EXPORT)],
    wanted: Filters,
    version: Annotated[Version, Query(description="4.0 (RFC 6350), or 3.0 for older programs")] = "4.0",
) -> StreamingResponse:
    """The list as vCards: the same contacts in the same order, all of them; groups come as tags."""
    edge: Edge = request.app.state.edge
    pages = export.export_cards(lambda: edge.open_work(reader), wanted, version)
    headers = {"Content-Disposition": 'attachment; filename="contacts.vcf"'}
    return StreamingResponse(pages, media_type="text/vcard; charset=utf-8", headers=headers)


@router.get("/contacts.csv", response_class=StreamingResponse)
async def export_sheet(
    request: Request,
    reader: Annotated[Actor, actor(EXPORT)],
    wanted: Filters,
    style: Annotated[
        Style, Query(description="Google's columns, or those and a few more that keep whole names, languages and UIDs")
    ] = "plain",
) -> StreamingResponse:
    """The list as a table: the same contacts in the same order, all of them, harmless to spreadsheets."""
    edge: Edge = request.app.state.edge
    form = SheetForm(style)
    return csv_reply(
        "contacts.csv", sheet_head(form), export.export_sheet(lambda: edge.open_work(reader), wanted, form)
    )


@router.post("/contacts", status_code=201)
async def create_contact(uow: Annotated[UnitOfWork, work(WRITE)], contact: ContactIn, response: Response) -> ContactOut:
    """Create a contact. Repeating the call with the same id and content is harmless, for ever."""
    created = await contacts.create_contact(uow, contact)
    response.headers["Location"] = f"/api/v1/crm/contacts/{created.id}"
    return created


@router.post("/contacts/bulk")
async def change_contacts(uow: Annotated[UnitOfWork, work(WRITE)], wanted: ContactsBulkIn) -> ContactsBulkOut:
    """Make one change to many contacts: each is changed, or left as it is with the reason.

    Repeating the call is harmless: what was changed by the first is `unchanged` then.
    """
    return await bulk.change_contacts(uow, wanted)


@router.post("/contacts/merge", status_code=201)
async def merge_contacts(uow: Annotated[UnitOfWork, work(WRITE)], wanted: MergeIn, response: Response) -> MergeOut:
    """Make one contact of 2 to 20: the others lead to the survivor, and so does everything that referred to them.

    Repeating the call with the same id and content is harmless. When one of them was changed meanwhile, the answer
    (409, `version_conflict`) names it (`changed`).
    """
    merged = await merging.merge(uow, wanted)
    response.headers["Location"] = f"/api/v1/crm/merges/{merged.id}"
    return merged


@router.get("/merges/{merge_id}")
async def get_merge(uow: Annotated[UnitOfWork, work(READ)], merge_id: UUID) -> MergeOut:
    """A merge of contacts."""
    return await merging.get_merge(uow, merge_id)


@router.post("/merges/{merge_id}/undo")
async def undo_merge(uow: Annotated[UnitOfWork, work(WRITE)], merge_id: UUID) -> MergeUndoneOut:
    """Undo a merge: the contacts are there again; what was changed after it stays, and is told (`kept`)."""
    return await undoing.undo(uow, merge_id)


@router.get("/contacts/{contact_id}/merges")
async def list_merges(uow: Annotated[UnitOfWork, work(READ)], contact_id: UUID) -> MergesOut:
    """The latest merges that made a contact, at most 20."""
    return await merging.list_merges(uow, contact_id)


@router.get("/contacts/{contact_id}")
async def get_contact(uow: Annotated[UnitOfWork, work(READ)], contact_id: UUID) -> ContactOut:
    """A contact with everything. The id of one that was merged gives the survivor, which says its own id."""
    return await contacts.get_contact(uow, contact_id)


@router.patch("/contacts/{contact_id}")
async def change_contact(uow: Annotated[UnitOfWork, work(WRITE)], contact_id: UUID, patch: ContactPatch) -> ContactOut:
    """Change a contact; what is left out stays as it is.

    When somebody else was first, the answer (409, `version_conflict`) has the contact as it is (`current`) and what was
    done to it meanwhile (`since`).
    """
    return await contacts.change_contact(uow, contact_id, patch)


@router.post("/contacts/{contact_id}/archive")
async def archive_contact(uow: Annotated[UnitOfWork, work(WRITE)], contact_id: UUID) -> ContactOut:
    """Put a contact away: it is kept, and listed only among those that were put away."""
    await bulk.archive(uow, contact_id, ArchiveChange(kind="archive"))
    return await contacts.get_contact(uow, contact_id)


@router.post("/contacts/{contact_id}/unarchive")
async def unarchive_contact(uow: Annotated[UnitOfWork, work(WRITE)], contact_id: UUID) -> ContactOut:
    """Bring a contact back that was put away."""
    await bulk.archive(uow, contact_id, ArchiveChange(kind="unarchive"))
    return await contacts.get_contact(uow, contact_id)


@router.get("/contacts/{contact_id}/timeline")
async def list_timeline(
    uow: Annotated[UnitOfWork, work(READ)],
    contact_id: UUID,
    cursor: Annotated[str | None, Query(max_length=20)] = None,
    limit: Limit = 50,
) -> TimelineOut:
    """What happened to a contact, newest first."""
    if cursor is not None and not (cursor.isascii() and cursor.isdigit() and int(cursor) < 2**63):
        raise InvalidInput("The cursor is not one that this list gave out.")
    return await contacts.list_timeline(uow, contact_id, int(cursor) if cursor else None, limit)


@router.post(
    "/imports",
    status_code=202,
    max_body_size=LARGEST_FILE,
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "The file as it is, at most 5 MB and 5,000 contacts",
            "content": {
                "text/vcard": {"schema": {"type": "string", "format": "binary"}},
                "text/csv": {"schema": {"type": "string", "format": "binary"}},
            },
        }
    },
    responses={200: {"model": ContactImportOut, "description": "The same file was here before: the first import"}},
)
async def import_contacts(  # noqa: PLR0913, PLR0917  what the edge brings, and each parameter of the query string
    request: Request,
    response: Response,
    sender: Annotated[Actor, actor(WRITE)],
    import_id: Annotated[UUID, Query(alias="id", description="Made by the sender")],
    filename: Annotated[str, Query(min_length=1, max_length=255)],
    country: Annotated[str | None, Query(pattern="^[A-Z]{2}$", description=PHONES_FROM)] = None,
) -> ContactImportOut:
    """Send a file of contacts (vCards, or CSV); which of them it is, its content says. It is read after the answer.

    The same file again changes nothing; a contact with the same UID, or with equal content, is known and left alone.
    """
    edge: Edge = request.app.state.edge
    sent = await imports.upload(import_id, filename, await request.body(), country)
    async with edge.open_work(sender) as uow:
        received = await imports.receive(uow, sent)
    if received.is_repeat:
        response.status_code = 200
    response.headers["Location"] = f"/api/v1/crm/imports/{received.id}"
    return received


@router.get("/imports")
async def list_contact_imports(
    uow: Annotated[UnitOfWork, work(WRITE)],
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
    limit: Limit = 50,
) -> ContactImportsOut:
    """Files of contacts, newest first."""
    return await imports.list_imports(uow, decode_moment_cursor(cursor), page_size(limit))


@router.get("/imports/{import_id}")
async def get_contact_import(uow: Annotated[UnitOfWork, work(WRITE)], import_id: UUID) -> ContactImportOut:
    """A file of contacts, and how many of its entries were accepted, known already and rejected."""
    return await imports.get_import(uow, import_id)


@router.get("/imports/{import_id}/rows")
async def list_contact_import_rows(
    uow: Annotated[UnitOfWork, work(WRITE)],
    import_id: UUID,
    outcome: EntryOutcome | None = None,
    cursor: Annotated[str | None, Query(max_length=9)] = None,
    limit: Limit = 50,
) -> ContactImportRowsOut:
    """What came of each entry of a file."""
    if cursor is not None and not (cursor.isascii() and cursor.isdigit()):
        raise InvalidInput("The cursor is not one that this list gave out.")
    return await imports.list_rows(uow, import_id, outcome, int(cursor or 0), page_size(limit))


@router.get("/duplicates")
async def list_pairs(
    uow: Annotated[UnitOfWork, work(READ)],
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
    limit: Limit = 50,
) -> PairsOut:
    """All pairs of contacts that may be the same, the likeliest first, without those that were told apart."""
    return await duplicates.list_pairs(uow, cursor, limit)


@router.post("/duplicates/scan", status_code=202)
async def scan_contacts(uow: Annotated[UnitOfWork, work(WRITE)]) -> None:
    """Have all contacts compared with one another in the background; changes are followed without it."""
    duplicates.want_scan(uow)


@router.post("/duplicates/check")
async def check_contact(uow: Annotated[UnitOfWork, work(READ)], draft: ContactIn) -> DuplicatesOut:
    """Who may be the same as a contact that is not saved yet; nothing is stored."""
    return await duplicates.check(uow, draft)


@router.get("/contacts/{contact_id}/duplicates")
async def list_duplicates(uow: Annotated[UnitOfWork, work(READ)], contact_id: UUID) -> DuplicatesOut:
    """Who may be the same as a contact, the likeliest first, without those that were told apart."""
    return await duplicates.list_for(uow, contact_id)


@router.put("/contacts/{contact_id}/not-same/{other_id}", status_code=204)
async def tell_apart(uow: Annotated[UnitOfWork, work(WRITE)], contact_id: UUID, other_id: UUID) -> None:
    """Say that another contact is somebody else; it holds until name, numbers or addresses of one of them change."""
    await duplicates.tell_apart(uow, contact_id, other_id)
