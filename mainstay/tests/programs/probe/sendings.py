"""The sendings of the probe program: answers large and small, whole and in parts, of everybody and of one alone."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel

from mainstay.cache.kind import Kind
from mainstay.web.keeping import unkept
from mainstay.web.routing import work
from mainstay.work import UnitOfWork
from probe.notes import READ

router = APIRouter(prefix="/sendings", include_in_schema=False)
Work = Annotated[UnitOfWork, work(READ)]
Count = Annotated[int, Query(ge=0, le=20_000)]


class Line(BaseModel):
    """One of many."""

    number: int
    name: str
    whose: str


def _lines(uow: UnitOfWork, count: int) -> list[Line]:
    return [Line(number=number, name=f"Line {number}", whose=uow.actor.name) for number in range(count)]


@router.get("/lines")
async def list_lines(uow: Work, count: Count) -> list[Line]:
    """As many lines as were asked for, each with the name of whoever asked."""
    return _lines(uow, count)


@router.get("/secret")
@unkept
async def read_secret(uow: Work, count: Count) -> list[Line]:
    """What nobody may keep."""
    return _lines(uow, count)


@router.get("/cookie")
async def give_cookie(uow: Work, response: Response, count: Count) -> list[Line]:
    """What comes with a cookie."""
    response.set_cookie("taste", "sweet")
    return _lines(uow, count)


@router.get("/own-way")
async def read_own_way(_uow: Work, name: str, value: str) -> JSONResponse:
    """What states a header of its own."""
    return JSONResponse(["x" * 2000], headers={name: value})


@router.get("/flow")
async def read_flow(_uow: Work, count: Count) -> StreamingResponse:
    """JSON that is made while it is sent."""

    async def parts() -> AsyncIterator[bytes]:
        yield b"["
        for number in range(count):
            yield f'{"," if number else ""}"Line {number}"'.encode()
        yield b"]"

    return StreamingResponse(parts(), media_type="application/json")


class Kept(BaseModel):
    """Codes of notes, and for whom they were read."""

    codes: list[str]
    whose: str


FOR_ALL = Kind("probe.for_all", Kept, ("probe_note",), seconds=100, is_shared=True)
FOR_ONE = Kind("probe.for_one", Kept, ("probe_note",), seconds=200)


async def _codes(uow: UnitOfWork) -> Kept:
    rows = await uow.read("SELECT code FROM probe_note ORDER BY code")
    return Kept(codes=[row["code"] for row in rows], whose=uow.actor.name)


async def warm(uow: UnitOfWork) -> None:
    """Read what everybody asks for."""
    await uow.cached(FOR_ALL, "", lambda: _codes(uow))


@router.get("/kept/for-all")
async def read_for_all(uow: Work) -> Kept:
    """What is kept for everybody, with the name of whoever asked first."""
    return await uow.cached(FOR_ALL, "", lambda: _codes(uow))


@router.get("/kept/for-one")
async def read_for_one(uow: Work) -> Kept:
    """What is kept for each alone."""
    return await uow.cached(FOR_ONE, "", lambda: _codes(uow))


@router.post("/lines")
async def write_lines(uow: Work, count: Count) -> list[Line]:
    """The answer to a write, which may tell a secret once."""
    return _lines(uow, count)
