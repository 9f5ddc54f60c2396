"""The trouble of the probe program: every way in which a request can go wrong."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel
from sqlalchemy import text
from starlette.exceptions import HTTPException

from mainstay.errors import Conflict, NotAllowed, NotFound, ServiceUnavailable, TooManyRequests, VersionConflict
from mainstay.permission import Public
from mainstay.three_way import Sides
from mainstay.web.closing import until_closing
from mainstay.web.routing import Edge, actor, work
from mainstay.work import SYSTEM, Actor, UnitOfWork
from probe.notes import READ

OPEN = Public("what goes wrong here has nothing to do with people")
UPLOAD_LIMIT = 20 * 1024 * 1024
SECRET = "the-inside-of-the-program"

_FAILURES: dict[str, Callable[[], Exception]] = {
    "bug": lambda: RuntimeError(SECRET),
    "busy": lambda: asyncpg.DeadlockDetectedError(SECRET),
    "conflict": lambda: Conflict("It is already so."),
    "forbidden": lambda: NotAllowed("Not you."),
    "http-404": lambda: HTTPException(404),
    "http-418": lambda: HTTPException(418),
    "limited": lambda: TooManyRequests("Slower, please.", headers={"Retry-After": "7"}),
    "unavailable": lambda: ServiceUnavailable("Not now.", headers={"Retry-After": "3"}),
    "version": lambda: VersionConflict(
        "Changed.", sides=Sides({"name": "a"}, {"name": "b"}, {"name": "c"}), extra={"status": 200, "mine": "x"}
    ),
}

router = APIRouter(prefix="/trouble", tags=["Trouble"])


@router.post("/failures/{kind}", status_code=204)
async def fail(_uow: Annotated[UnitOfWork, work(OPEN)], kind: str) -> None:
    """Raise a failure."""
    failure = _FAILURES[kind]()
    raise failure


@router.get("/sleep")
async def sleep(uow: Annotated[UnitOfWork, work(OPEN)], seconds: float) -> str:
    """Have the database sleep inside a transaction."""
    await uow.write("SELECT pg_sleep($1)", seconds)
    return "awake"


@router.get("/lookups")
async def look_up_each(uow: Annotated[UnitOfWork, work(OPEN)], count: int) -> int:
    """Ask the database for each of many things by itself."""
    return sum([await uow.read_value("SELECT 1 WHERE $1::int >= 0", number) for number in range(count)])


@router.get("/orm")
async def use_orm(uow: Annotated[UnitOfWork, work(OPEN)], statement: str) -> str:
    """Run a statement by the ORM's session, whose errors are wrapped."""
    session = await uow.session()
    return str(await session.scalar(text(statement)))


@router.get("/half")
async def break_off(_uow: Annotated[UnitOfWork, work(OPEN)]) -> StreamingResponse:
    """Break off in the middle of a reply."""

    async def chunks() -> AsyncIterator[bytes]:
        yield b"the first half"
        await asyncio.sleep(0)
        raise RuntimeError(SECRET)

    return StreamingResponse(chunks(), media_type="text/plain")


@router.post("/uploads", max_body_size=UPLOAD_LIMIT)
async def upload(_uow: Annotated[UnitOfWork, work(OPEN)], request: Request) -> int:
    """Return how many bytes were sent."""
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
    return size


@router.post("/echo")
async def echo(_uow: Annotated[UnitOfWork, work(OPEN)], value: dict[str, Any]) -> dict[str, Any]:
    """Return what was sent."""
    return value


class Thing(BaseModel):
    """Something that belongs to a note."""

    note_id: UUID


class Things(BaseModel):
    """Several of them."""

    items: list[Thing]


@router.get("/named", responses={409: {}})
async def find_named(_uow: Annotated[UnitOfWork, work(OPEN)], note_id: UUID | None = None) -> None:
    """Find nothing by something else."""
    raise NotFound(f"There is no note {note_id}.")


@router.post("/named")
async def add_named(_uow: Annotated[UnitOfWork, work(OPEN)], things: Things) -> None:
    """Add nothing to something else."""
    raise NotFound(f"There is no note {things.items}.")


@router.get("/ticks", response_class=EventSourceResponse)
async def stream_ticks(
    request: Request, _actor: Annotated[Actor, actor(READ)], count: int = 1_000_000, pause: float = 0.05
) -> AsyncIterator[ServerSentEvent]:
    """Stream the numbers from 1, each from the database, with no connection held in between."""
    edge: Edge = request.app.state.edge

    async def ticks() -> AsyncIterator[int]:
        for number in range(1, count + 1):
            async with edge.open_work(SYSTEM) as uow:
                found = int(await uow.read_value("SELECT $1::int", number))
            yield found
            await asyncio.sleep(pause)

    async for number in until_closing(request, ticks()):
        yield ServerSentEvent(event="tick", data={"number": number})
