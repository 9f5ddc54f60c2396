"""The planted mistakes, each in an operation of its own; each is one that real programs had."""

import json
import re
import traceback
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from probe.notes import READ
from pydantic import BaseModel, Field

from mainstay.errors import NotFound
from mainstay.permission import Public
from mainstay.web.routing import actor, work
from mainstay.work import Actor, UnitOfWork

OPEN = Public("the mistakes here are everybody's")
Words = Annotated[str, Query(max_length=500)]
PRODUCTS = re.compile(r"\{\{(\d+)\*(\d+)\}\}")

router = APIRouter(prefix="/planted", tags=["Mistakes"])


class Thing(BaseModel):
    """What some operations take and give."""

    name: str = Field(max_length=100, examples=["Tonic"])
    count: int = Field(default=1, ge=1, le=10)


class Kept(BaseModel):
    """A note that stays."""

    id: UUID
    name: str = Field(max_length=100, examples=["Tonic"])


@router.post("/kept", status_code=201)
async def keep(uow: Annotated[UnitOfWork, work(READ)], kept: Kept) -> Kept:
    """Keep a note, without a mistake."""
    await uow.write("INSERT INTO probe_note (id, code, amount, text) VALUES ($1, $2, 1, '')", kept.id, kept.name)
    return kept


@router.get("/kept/{kept_id}")
async def show(uow: Annotated[UnitOfWork, work(READ)], kept_id: UUID) -> Kept:
    """Show a note, without a mistake."""
    name = await uow.read_value("SELECT code FROM probe_note WHERE id = $1", kept_id)
    if name is None:
        raise NotFound("There is no such note.")
    return Kept(id=kept_id, name=name)


@router.post("/sound", status_code=201)
async def sound(uow: Annotated[UnitOfWork, work(READ)], thing: Thing, q: Words = "") -> Thing:
    """Make no mistake."""
    await uow.read("SELECT code FROM probe_note WHERE code = $1", q)
    return thing


@router.get("/sql")
async def sql(uow: Annotated[UnitOfWork, work(READ)], q: Words = "") -> list[str]:
    """Write what was sent into a statement."""
    return [row["code"] for row in await uow.read(f"SELECT code FROM probe_note WHERE code = '{q}'")]


@router.get("/quoted")
async def quoted(uow: Annotated[UnitOfWork, work(READ)], q: Words = "") -> list[str]:
    """Write what was sent into a statement, with its quotes doubled: nothing breaks, for now."""
    escaped = q.replace("'", "''")
    return [row["code"] for row in await uow.read(f"SELECT code FROM probe_note WHERE code = '{escaped}'")]


@router.post("/crash")
async def crash(_reader: Annotated[Actor, actor(READ)], thing: Thing) -> int:
    """Hope that names are English."""
    return len(thing.name.encode("ascii"))


@router.post("/nested")
async def nested(_reader: Annotated[Actor, actor(READ)], request: Request) -> int:
    """Hope that nobody nests deeper than Python can read."""
    try:
        return len(json.loads(await request.body()))
    except (ValueError, TypeError):
        return 0


@router.get("/unlisted")
async def unlisted(_reader: Annotated[Actor, actor(READ)], count: int = 1) -> Response:
    """Answer with a status that nobody was told of."""
    return Response(status_code=204) if count > 0 else JSONResponse({}, status_code=202)


@router.get("/shape")
async def shape(_reader: Annotated[Actor, actor(READ)], count: int = 1) -> Thing:
    """Answer with something else than what was promised."""
    answer: Any = {"name": "Tonic", "count": str(count)}
    return JSONResponse(answer)  # type: ignore[return-value]  # that is the mistake


@router.get("/refusal", responses={404: {}})
async def refusal(_reader: Annotated[Actor, actor(READ)], q: Words = "") -> Response:
    """Refuse in a shape of its own."""
    return JSONResponse({"detail": "Not found"}, status_code=404 if q else 200)


@router.get("/header")
async def header(_reader: Annotated[Actor, actor(READ)], q: Words = "") -> Response:
    """Repeat in a header what was sent."""
    return JSONResponse(None, headers={"X-Searched": "".join(letter for letter in q if letter.isalnum())[:50]})


@router.get("/trace", responses={404: {}})
async def trace(_reader: Annotated[Actor, actor(READ)], q: Words = "") -> str:
    """Show how it went wrong."""
    try:
        return str(int(q or "1"))
    except ValueError:
        raise NotFound(traceback.format_exc()) from None


@router.get("/template")
async def template(_reader: Annotated[Actor, actor(READ)], q: Words = "") -> str:
    """Calculate what was sent."""
    return PRODUCTS.sub(lambda found: str(int(found[1]) * int(found[2])), q)


@router.get("/file")
async def file(_reader: Annotated[Actor, actor(READ)], q: Words = "") -> str:
    """Read whatever file was named."""
    try:
        return (Path("/usr/share/planted") / q).read_text(errors="replace")
    except OSError:
        return ""


@router.get("/redirect", status_code=302)
async def redirect(_reader: Annotated[Actor, actor(READ)], q: Words = "/") -> Response:
    """Go wherever was said."""
    return RedirectResponse(q.replace("\r", "").replace("\n", ""), status_code=302)


@router.get("/page", response_class=HTMLResponse)
async def page(_reader: Annotated[Actor, actor(READ)], q: Words = "") -> str:
    """Write what was sent into a page."""
    return f"<p>{q}</p>"
