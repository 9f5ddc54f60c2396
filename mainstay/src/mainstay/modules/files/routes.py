"""The routes of files: announced, sent in pieces, ended, listed, given out, turned, deleted."""

import re
from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from mainstay.modules.files.schemas import FileFinish, FileIn, FileOut, FilesOut, FormName, Kind, LinkOut
from mainstay.modules.files.service import finishing, giving, receiving
from mainstay.modules.files.service.giving import AVIF, Given
from mainstay.modules.files.service.naming import disposition
from mainstay.modules.files.service.receiving import LARGEST_PIECE
from mainstay.permission import Public, SignedIn
from mainstay.web.accepting import names
from mainstay.web.limits.rates import API, limited
from mainstay.web.repeats import repeatable
from mainstay.web.routing import Edge, actor, work
from mainstay.work import Actor, UnitOfWork

router = APIRouter(prefix="/files", tags=["Files"])

# Whose a file is decides who may have it: each route asks the owner of the file (see `service.owning`).
READING = SignedIn(keys=True)
Reading = Annotated[UnitOfWork, work(READING)]
Writing = Annotated[UnitOfWork, work(SignedIn(keys=True))]
Sender = Annotated[Actor, actor(SignedIn(keys=True))]
LINKED = Public("the link is signed and runs out")
BINARY = {"schema": {"type": "string", "format": "binary"}}
PIECE = {"requestBody": {"required": True, "content": {"application/octet-stream": BINARY}}}
BYTES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The bytes", "content": {"application/octet-stream": BINARY}},
    206: {"description": "The part that was asked for", "content": {"application/octet-stream": BINARY}},
    304: {"description": "The caller has it already"},
    416: {"description": "There is no such part"},
    409: {"$ref": "#/components/responses/Conflict"},
}
# Those of ASCII alone: others count as digits too, and are no number.
_DIGITS = re.compile(r"[0-9]*")
Known = Annotated[str | None, Header(alias="If-None-Match", max_length=2000)]
Part = Annotated[str | None, Header(alias="Range", max_length=100)]


@router.post(
    "", status_code=201, responses={200: {"model": FileOut, "description": "It was announced before: nothing changed"}}
)
async def announce_file(uow: Writing, response: Response, new: FileIn) -> FileOut:
    """Announce a file of a record; then send it in pieces, and end it."""
    announced = await receiving.announce(uow, new)
    response.headers["Location"] = f"/api/v1/files/{new.id}"
    if announced.is_repeat:
        response.status_code = 200
    return announced.file


@router.get("")
async def list_files(uow: Reading, owner_kind: Annotated[Kind, Query()], owner_id: UUID) -> FilesOut:
    """The files of a record."""
    return FilesOut(items=await giving.listed(uow, owner_kind, owner_id))


@router.get("/linked/{ticket}", response_class=Response, responses=BYTES)
@limited(API)
async def get_linked_file(
    uow: Annotated[UnitOfWork, work(LINKED)],
    ticket: Annotated[str, Path(max_length=200)],
    part: Part = None,
) -> Response:
    """A file by a link, to be saved."""
    return _reply(await giving.linked(uow, ticket), None, part, inline=False)


@router.get("/{file_id}")
async def get_file(uow: Reading, file_id: UUID) -> FileOut:
    """A file, and how far it is."""
    return await giving.one(uow, file_id)


@router.put("/{file_id}/pieces", max_body_size=LARGEST_PIECE, openapi_extra=PIECE)
# A file comes in many pieces: a minute for ten of them would be no help to anybody.
@limited(API)
async def send_piece(
    request: Request, sender: Sender, file_id: UUID, offset: Annotated[int, Query(ge=0, le=2**40)]
) -> FileOut:
    """Send the next piece, of at most 8 MiB; what breaks off is sent again, from where the file says (`received`)."""
    return await receiving.take(lambda: _edge(request).open_work(sender), file_id, offset, request.stream())


@router.post("/{file_id}/finish")
async def finish_file(request: Request, sender: Sender, file_id: UUID, end: FileFinish) -> FileOut:
    """End a file that was sent: it is ready then, waits for the scanner (`quarantined`), or was refused (`reason`)."""
    return await finishing.finish(lambda: _edge(request).open_work(sender), file_id, end.sha256)


@router.get("/{file_id}/content", response_class=Response, responses=BYTES)
async def get_file_content(uow: Reading, file_id: UUID, known: Known = None, part: Part = None) -> Response:
    """The bytes of a file, to be saved."""
    return _reply(await giving.content(uow, file_id), known, part, inline=False)


@router.get("/{file_id}/forms/{name}", response_class=Response, responses=BYTES)
async def get_file_form(  # noqa: PLR0913, PLR0917  what the edge brings, and each parameter of the call
    request: Request,
    uow: Reading,
    file_id: UUID,
    name: FormName,
    turn: Annotated[int, Query(ge=0, le=359, description="As the file says; it makes the address another one")] = 0,  # noqa: ARG001
    known: Known = None,
) -> Response:
    """A smaller form of a picture, to be shown: in AVIF for callers whose `Accept` names it, else in WebP."""
    takes_avif = names(request.headers.get("accept"), AVIF)
    reply = _reply(await giving.form(uow, file_id, name, takes_avif=takes_avif), known, None, inline=True)
    # Whoever keeps it between us and the caller gives it to those alone that take it.
    reply.headers["Vary"] = "Accept"
    return reply


@router.post("/{file_id}/link")
async def link_file(uow: Reading, file_id: UUID) -> LinkOut:
    """Make a link that gives the file to whoever has it, until it runs out."""
    return await giving.link(uow, file_id)


@router.post("/{file_id}/turn")
@repeatable
async def turn_file(
    uow: Writing, file_id: UUID, degrees: Annotated[int, Query(ge=90, le=270, multiple_of=90)]
) -> FileOut:
    """Turn a picture clockwise; its smaller forms are made anew, and what was sent stays as it is."""
    return await giving.turn(uow, file_id, degrees)


@router.delete("/{file_id}", status_code=204)
async def delete_file(uow: Writing, file_id: UUID) -> None:
    """Delete a file, whole or not, with all that was made of it."""
    await giving.remove(uow, file_id)


def _edge(request: Request) -> Edge:
    edge: Edge = request.app.state.edge
    return edge


def _reply(given: Given, known: str | None, part: str | None, *, inline: bool) -> Response:
    """Return the bytes, or a part of them; nothing of a file can act as a page of ours."""
    headers = {
        "ETag": given.tag,
        "Accept-Ranges": "bytes",
        "Content-Disposition": disposition(given.filename, inline=inline),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
    }
    if known is not None and given.tag in known:
        return Response(status_code=304, headers=headers)
    start, stop = 0, given.size
    wanted = _range(part, given.size)
    if wanted is not None:
        start, stop = wanted
        if start >= stop:
            return Response(status_code=416, headers={"Content-Range": f"bytes */{given.size}"})
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{given.size}"
    headers["Content-Length"] = str(stop - start)
    body: AsyncIterator[bytes] = given.read(start, stop)
    return StreamingResponse(body, 200 if wanted is None else 206, headers, given.media_type)


def _range(part: str | None, size: int) -> tuple[int, int] | None:
    """Return the one part that a header asks for (RFC 9110, 14.1.2); None for all of it, as for a header not so."""
    unit, _, spec = (part or "").partition("=")
    first, dash, last = spec.partition("-")
    if unit.strip() != "bytes" or not dash or not all(_DIGITS.fullmatch(each) for each in (first, last)):
        return None
    if first:
        return int(first), min(size, int(last) + 1 if last else size)
    return (max(0, size - int(last)), size) if last else None
