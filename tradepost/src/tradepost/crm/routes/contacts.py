"""The routes of contacts."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import StringConstraints

from mainstay.bulk.schemas import BulkOut
from mainstay.db.grammar import Asked
from mainstay.db.query import decode_moment_cursor, decode_position_cursor, page_size
from mainstay.web.asking import asks
from mainstay.web.overload.urgency import LAST, urgent
from mainstay.web.paging import Cursor, Limit
from mainstay.web.repeats import repeatable
from mainstay.web.routing import Edge, actor, work
from mainstay.web.spreadsheet import CsvReply, csv_reply
from mainstay.work import Actor, UnitOfWork
from tradepost.crm.exchange.answers import (
    ContactImportOut,
    ContactImportRowsOut,
    ContactImportsOut,
    ContactPreviewOut,
    EntryOutcome,
)
from tradepost.crm.exchange.paper.content import Language
from tradepost.crm.exchange.sheet.layout import MOST_COLUMNS
from tradepost.crm.exchange.sheet.target import CODE_FORM, Chosen
from tradepost.crm.exchange.sheet.writer import SheetForm, Style, sheet_head
from tradepost.crm.exchange.vcard.writer import Version
from tradepost.crm.permissions import CONTACTS as ALL_CONTACTS
from tradepost.crm.permissions import EXPORT, READ, SEE_PERSONAL, WRITE
from tradepost.crm.repository.search import CONTACTS, Wanted
from tradepost.crm.schemas import (
    ArchiveChange,
    ContactIn,
    ContactOut,
    ContactPatch,
    ContactsBulkIn,
    ContactsOut,
    OwnersOut,
    TimelineOut,
)
from tradepost.crm.service import (
    bulk,
    contacts,
    export,
    imports,
    owners,
    preview,
    printing,
)
from tradepost.crm.service.imports import LARGEST_FILE, Sending


class CardsReply(StreamingResponse):
    """A file of vCards that is sent while it is written."""

    media_type = "text/vcard"


router = APIRouter(prefix="/crm", tags=["Contacts"])
# As many as one change takes; their ids fit the address of a file.
MOST_PICKED = 200
PHONES_FROM = "Where phones without a country code are from (ISO 3166-1); else the shop's country"

FIELDS = (
    "What a column of a table holds, once for each column in its order: `name`, `phone:mobile`, `-` to leave it out; "
    "without any the headings say it"
)
FILE_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file as it is, at most 5 MB and 5,000 contacts",
        "content": {
            "text/vcard": {"schema": {"type": "string", "format": "binary"}},
            "text/csv": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}
# The id of a file that was only looked at.
NOT_SENT = UUID(int=0)


Filters = Annotated[Asked, asks(CONTACTS)]


def picked_contacts(
    asked: Filters,
    picked: Annotated[
        list[UUID] | None,
        Query(alias="id", max_length=MOST_PICKED, description="These contacts alone; of the rest only `sort` counts"),
    ] = None,
) -> Wanted:
    """Return what a file is to hold: what the list shows, or the contacts that were picked in it."""
    return Wanted(sort=asked.sort, ids=tuple(picked)) if picked else Wanted.of(asked)


ListedOrPicked = Annotated[Wanted, Depends(picked_contacts)]


@router.get("/contacts")
async def list_contacts(
    uow: Annotated[UnitOfWork, work(READ)],
    asked: Filters,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ContactsOut:
    """People and companies: all of them, or those that fit."""
    return await contacts.list_contacts(uow, Wanted.of(asked), cursor, limit)


@router.get("/contacts.vcf", response_class=CardsReply)
async def export_cards(
    request: Request,
    reader: Annotated[Actor, actor(EXPORT)],
    wanted: ListedOrPicked,
    version: Annotated[Version, Query(description="4.0 (RFC 6350), or 3.0 for older programs")] = "4.0",
) -> CardsReply:
    """The list as vCards: the same contacts in the same order, all of them; groups come as tags."""
    edge: Edge = request.app.state.edge
    export.demand(reader, wanted)
    pages = export.export_cards(lambda: edge.open_work(reader), wanted, version)
    headers = {"Content-Disposition": 'attachment; filename="contacts.vcf"'}
    return CardsReply(pages, headers=headers)


@router.get("/contacts.csv", response_class=CsvReply)
async def export_sheet(
    request: Request,
    reader: Annotated[Actor, actor(EXPORT)],
    wanted: ListedOrPicked,
    style: Annotated[
        Style, Query(description="Google's columns, or those and a few more that keep whole names, languages and UIDs")
    ] = "plain",
) -> CsvReply:
    """The list as a table: the same contacts in the same order, all of them, harmless to spreadsheets."""
    edge: Edge = request.app.state.edge
    export.demand(reader, wanted)
    form = SheetForm(style)
    return csv_reply(
        "contacts.csv", sheet_head(form), export.export_sheet(lambda: edge.open_work(reader), wanted, form)
    )


@router.get(
    "/contacts.pdf",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}},
)
async def print_contacts(
    request: Request,
    reader: Annotated[Actor, actor(EXPORT)],
    wanted: ListedOrPicked,
    language: Annotated[Language, Query(description="Of the words around the contacts")] = "en",
) -> Response:
    """The list as a sheet to print: at most 5,000 contacts, grouped by first letter, or by company when sorted so.

    Every script is drawn; letters that no font of this machine has stand in brackets, and the sheet says so.
    """
    edge: Edge = request.app.state.edge
    pdf = await printing.print_contacts(lambda: edge.open_work(reader), wanted, language)
    headers = {"Content-Disposition": 'attachment; filename="contacts.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


@router.post("/contacts", status_code=201)
async def create_contact(uow: Annotated[UnitOfWork, work(WRITE)], contact: ContactIn, response: Response) -> ContactOut:
    """Create a contact. Repeating the call with the same id and content is harmless, for ever."""
    created = await contacts.create_contact(uow, contact)
    response.headers["Location"] = f"/api/v1/crm/contacts/{created.id}"
    return created


@router.post("/contacts/bulk")
@repeatable
async def change_contacts(uow: Annotated[UnitOfWork, work(WRITE)], wanted: ContactsBulkIn) -> BulkOut:
    """Make one change to many contacts: each is changed, or left as it is with the reason.

    An item with a `version` is changed only if it has that one still. Repeating the call is harmless: what was changed
    by the first is `unchanged` then.
    """
    return await bulk.change_contacts(uow, wanted)


@router.get("/owners")
async def list_owners(uow: Annotated[UnitOfWork, work(READ)]) -> OwnersOut:
    """To whom contacts can be given: people whose contacts the caller sees."""
    return await owners.list_owners(uow)


@router.get("/contacts/{contact_id}")
async def get_contact(uow: Annotated[UnitOfWork, work(READ)], contact_id: UUID) -> ContactOut:
    """A contact with everything. The id of one that was merged gives the survivor, which says its own id."""
    return await contacts.get_contact(uow, contact_id)


@router.patch("/contacts/{contact_id}")
async def change_contact(uow: Annotated[UnitOfWork, work(WRITE)], contact_id: UUID, patch: ContactPatch) -> ContactOut:
    """Change a contact; what is left out stays as it is.

    When somebody else was first, the answer (412, `version_conflict`) has the contact as it was read, as it was
    wanted and as it is (`base`, `mine`, `theirs`), and what was done to it meanwhile (`since`).
    """
    return await contacts.change_contact(uow, contact_id, patch)


@router.post("/contacts/{contact_id}/archive")
@repeatable
async def archive_contact(uow: Annotated[UnitOfWork, work(WRITE)], contact_id: UUID) -> ContactOut:
    """Put a contact away: it is kept, and listed only among those that were put away."""
    await bulk.archive(uow, contact_id, ArchiveChange(kind="archive"))
    return await contacts.get_contact(uow, contact_id)


@router.post("/contacts/{contact_id}/unarchive")
@repeatable
async def unarchive_contact(uow: Annotated[UnitOfWork, work(WRITE)], contact_id: UUID) -> ContactOut:
    """Bring a contact back that was put away."""
    await bulk.archive(uow, contact_id, ArchiveChange(kind="unarchive"))
    return await contacts.get_contact(uow, contact_id)


@router.get("/contacts/{contact_id}/timeline")
async def list_timeline(
    uow: Annotated[UnitOfWork, work(READ)],
    contact_id: UUID,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> TimelineOut:
    """What happened to a contact, newest first."""
    return await contacts.list_timeline(uow, contact_id, decode_position_cursor(cursor), limit)


def chosen_mapping(
    field: Annotated[
        list[Annotated[str, StringConstraints(pattern=CODE_FORM)]] | None,
        Query(max_length=MOST_COLUMNS, description=FIELDS),
    ] = None,
    has_header: Annotated[
        bool, Query(description="Whether the first row of a table says what its columns hold")
    ] = True,
) -> Chosen:
    """Return how a table is to be read."""
    return imports.choose(field, has_header=has_header)


Mapping = Annotated[Chosen, Depends(chosen_mapping)]
Country = Annotated[str | None, Query(pattern="^[A-Z]{2}$", description=PHONES_FROM)]


@router.post("/imports/preview", max_body_size=LARGEST_FILE, openapi_extra=FILE_BODY)
async def preview_contacts(
    request: Request,
    sender: Annotated[Actor, actor(WRITE, SEE_PERSONAL, ALL_CONTACTS)],
    chosen: Mapping,
    country: Country = None,
) -> ContactPreviewOut:
    """Look at a file of contacts: what its columns hold, its first entries, and what would come of all of them.

    Nothing is stored. A table in which nothing names a contact is answered with its columns and the `problem`.
    """
    edge: Edge = request.app.state.edge
    content = await request.body()
    sending = Sending(NOT_SENT, "preview", country, chosen)
    seen = await preview.look(await imports.scanned(lambda: edge.open_work(sender), sending, content), content)
    async with edge.open_work(sender) as uow:
        return await preview.preview(uow, seen)


@router.post(
    "/imports",
    status_code=202,
    max_body_size=LARGEST_FILE,
    openapi_extra=FILE_BODY,
    responses={200: {"model": ContactImportOut, "description": "The same file was here before: the first import"}},
)
async def import_contacts(  # noqa: PLR0913, PLR0917  what the edge brings, and each parameter of the query string
    request: Request,
    response: Response,
    sender: Annotated[Actor, actor(WRITE, SEE_PERSONAL, ALL_CONTACTS)],
    import_id: Annotated[UUID, Query(alias="id", description="Made by the sender")],
    filename: Annotated[str, Query(min_length=1, max_length=255)],
    chosen: Mapping,
    country: Country = None,
) -> ContactImportOut:
    """Send a file of contacts (vCards, or CSV); which of them it is, its content says. It is read after the answer.

    The same file again changes nothing, unless its columns are read in another way; a contact with the same UID, or
    with equal content, is known and left alone.
    """
    edge: Edge = request.app.state.edge
    content = await request.body()
    sending = Sending(import_id, filename, country, chosen)
    sent = await imports.upload(await imports.scanned(lambda: edge.open_work(sender), sending, content), content)
    async with edge.open_work(sender) as uow:
        received = await imports.receive(uow, sent)
    if received.is_repeat:
        response.status_code = 200
    response.headers["Location"] = f"/api/v1/crm/imports/{received.id}"
    return received


@router.get("/imports")
@urgent(LAST)
async def list_contact_imports(
    uow: Annotated[UnitOfWork, work(WRITE, SEE_PERSONAL, ALL_CONTACTS)],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ContactImportsOut:
    """Files of contacts, newest first."""
    return await imports.list_imports(uow, decode_moment_cursor(cursor), page_size(limit))


@router.get("/imports/{import_id}")
async def get_contact_import(
    uow: Annotated[UnitOfWork, work(WRITE, SEE_PERSONAL, ALL_CONTACTS)], import_id: UUID
) -> ContactImportOut:
    """A file of contacts, and how many of its entries were accepted, known already and rejected."""
    return await imports.get_import(uow, import_id)


@router.get("/imports/{import_id}/rows")
@urgent(LAST)
async def list_contact_import_rows(
    uow: Annotated[UnitOfWork, work(WRITE, SEE_PERSONAL, ALL_CONTACTS)],
    import_id: UUID,
    outcome: EntryOutcome | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ContactImportRowsOut:
    """What came of each entry of a file."""
    return await imports.list_rows(uow, import_id, outcome, decode_position_cursor(cursor) or 0, page_size(limit))


@router.get("/imports/{import_id}/rejected.csv", response_class=CsvReply)
async def get_rejected_entries(
    request: Request, reader: Annotated[Actor, actor(WRITE, SEE_PERSONAL, ALL_CONTACTS)], import_id: UUID
) -> CsvReply:
    """What of a file was rejected, as a table: why, and the cells as they came, to be mended and sent again."""
    edge: Edge = request.app.state.edge
    head, pages = await imports.rejected(lambda: edge.open_work(reader), import_id)
    return csv_reply(f"rejected-{import_id}.csv", head, pages)


@router.post("/imports/{import_id}/restart")
@repeatable
@urgent(LAST)
async def restart_contact_import(
    uow: Annotated[UnitOfWork, work(WRITE, SEE_PERSONAL, ALL_CONTACTS)], import_id: UUID
) -> ContactImportOut:
    """Have a file read again whose reading failed; one that waits, or was read, stays as it is."""
    return await imports.restart_import(uow, import_id)
