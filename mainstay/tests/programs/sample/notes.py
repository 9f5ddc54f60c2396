"""The module of the sample program: notes, whose jobs leave traces that a test can count."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

import typer
from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from sqlalchemy import BigInteger, Identity, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base, HasId
from mainstay.errors import Conflict, NotSignedIn
from mainstay.messages.event import Event
from mainstay.messages.job import Job, Retry, Schedule
from mainstay.module import Module
from mainstay.permission import Public
from mainstay.web.routing import work
from mainstay.work import Actor, UnitOfWork

OPEN = Public("the sample program has no people")
ADD_EFFECT = "INSERT INTO sample_effect (about, request_id) VALUES ($1, $2)"


class Note(HasId, Base):
    """A text that somebody wrote."""

    __tablename__ = "sample_note"

    text: Mapped[str] = mapped_column(Text)


class Effect(Base):
    """A trace of a job: nothing keeps it from being written twice."""

    __tablename__ = "sample_effect"

    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    about: Mapped[str] = mapped_column(Text)
    request_id: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class NoteWritten(Event):
    """A note was written; `seconds` is how long the job about it takes."""

    name: ClassVar[str] = "sample.note_written"

    note_id: UUID
    text: str
    seconds: float = 0


class NoteIn(BaseModel):
    """What somebody wants to have noted."""

    id: UUID
    text: str
    seconds: float = 0


class NoteOut(BaseModel):
    """A note."""

    id: UUID
    text: str


class EffectOut(BaseModel):
    """What a job did."""

    about: str
    request_id: str


async def trace(uow: UnitOfWork, event: NoteWritten) -> None:
    """Leave a trace; a note that reads "fail" fails after that, so that the trace must go again."""
    await uow.write(ADD_EFFECT, event.text, uow.request_id)
    await asyncio.sleep(event.seconds)
    if event.text == "fail":
        raise RuntimeError("this note makes its job fail")


async def tick(uow: UnitOfWork) -> None:
    """Leave a trace of the schedule."""
    await uow.write(ADD_EFFECT, "tick", uow.request_id)


TRACE = Job("sample.trace", trace, (NoteWritten,), retry=Retry(attempts=2, wait=1), time_limit=60)
# A day that comes once in four years: a worker of a test must not meet the schedule by the hour at which the tests run.
TICK = Schedule("sample.tick", tick, cron="0 0 29 2 *")

router = APIRouter(prefix="/sample", tags=["sample"])


@router.post("/notes", status_code=201, operation_id="sample_write_note")
async def write_note(uow: Annotated[UnitOfWork, work(OPEN)], note: NoteIn) -> NoteOut:
    """Write a note; one that reads "refuse" is refused after everything else has been done."""
    await uow.write("INSERT INTO sample_note (id, text) VALUES ($1, $2)", note.id, note.text)
    uow.publish(NoteWritten(note_id=note.id, text=note.text, seconds=note.seconds))
    if note.text == "refuse":
        raise Conflict("This note is refused.")
    return NoteOut(id=note.id, text=note.text)


@router.get("/notes", operation_id="sample_list_notes")
async def list_notes(uow: Annotated[UnitOfWork, work(OPEN)], seconds: float = 0) -> list[NoteOut]:
    """Return all notes, after a while."""
    await asyncio.sleep(seconds)
    rows = await uow.read("SELECT id, text FROM sample_note ORDER BY id")
    return [NoteOut(id=row["id"], text=row["text"]) for row in rows]


@router.get("/effects", operation_id="sample_list_effects")
async def list_effects(uow: Annotated[UnitOfWork, work(OPEN)]) -> list[EffectOut]:
    """Return the traces of jobs, oldest first."""
    rows = await uow.read("SELECT about, request_id FROM sample_effect ORDER BY position")
    return [EffectOut(about=row["about"], request_id=row["request_id"]) for row in rows]


@router.get("/waiting", operation_id="sample_count_waiting")
async def count_waiting(uow: Annotated[UnitOfWork, work(OPEN)]) -> int:
    """Return how many jobs about notes are in the queue, running ones included."""
    waiting: int = await uow.read_value("SELECT count(*) FROM procrastinate_jobs WHERE task_name = $1", TRACE.name)
    return waiting


async def _beats() -> AsyncIterator[str]:
    while True:
        yield ": beat\n\n"
        await asyncio.sleep(0.1)


@router.get("/stream", operation_id="sample_stream")
async def stream(uow: Annotated[UnitOfWork, work(OPEN)]) -> StreamingResponse:
    """Send server-sent events without an end."""
    await uow.close()
    return StreamingResponse(_beats(), media_type="text/event-stream")


async def authenticate(_uow: UnitOfWork, _token: str) -> Actor:
    """Know nobody."""
    raise NotSignedIn("Nobody can sign in here.")


async def greet(uow: UnitOfWork) -> str | None:
    """Say something to the operator while there are no notes."""
    count = await uow.read_value("SELECT count(*) FROM sample_note")
    return None if count else "There are no notes yet: /sample#first"


async def fill(uow: UnitOfWork) -> None:
    """Write the one sample note, unless it is there, and have the job run for it."""
    row = await uow.write_row(
        "INSERT INTO sample_note (id, text) VALUES ($1, 'sample') ON CONFLICT DO NOTHING RETURNING id", UUID(int=1)
    )
    if row is not None:
        uow.publish(NoteWritten(note_id=UUID(int=1), text="sample"))


cli = typer.Typer(help="Commands about notes.")


@cli.command()
def shout(text: str) -> None:
    """Print a text in capitals."""
    typer.echo(text.upper())


MODULE = Module(
    name="sample",
    routers=(router,),
    models=(Note, Effect),
    events=(NoteWritten,),
    jobs=(TRACE,),
    schedules=(TICK,),
    authenticate=authenticate,
    at_start=greet,
    sample=fill,
    cli=cli,
)
