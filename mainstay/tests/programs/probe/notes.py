"""The notes of the probe program: rows with constraints, an event, and who may do what."""

from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from mainstay import ids
from mainstay.db.models import Base, HasId
from mainstay.errors import NotFound, NotSignedIn
from mainstay.messages.event import Event
from mainstay.permission import Permission, SignedIn
from mainstay.web.routing import work
from mainstay.work import Actor, UnitOfWork

READ = Permission("probe.read", "Read notes", frozenset({"cashier"}))
WRITE = Permission("probe.write", "Write notes")

ADD = "INSERT INTO probe_note (id, code, amount, text) VALUES ($1, $2, $3, $4)"
PEOPLE = {
    "token-of-the-owner": Actor(
        "person", UUID(int=1), "Owner", "owner", frozenset({READ.name, WRITE.name}), session_id=UUID(int=11)
    ),
    "token-of-the-cashier": Actor(
        "person", UUID(int=2), "Cashier", "cashier", frozenset({READ.name}), session_id=UUID(int=12)
    ),
}


class Note(HasId, Base):
    """A note."""

    __tablename__ = "probe_note"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)

    code: Mapped[str] = mapped_column(Text, unique=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    text: Mapped[str] = mapped_column(Text)


class Remark(HasId, Base):
    """Something about a note; whether the note exists is asked at the commit."""

    __tablename__ = "probe_remark"

    note_id: Mapped[UUID] = mapped_column(ForeignKey("probe_note.id", deferrable=True, initially="DEFERRED"))


class NoteWritten(Event):
    """A note was written."""

    name: ClassVar[str] = "probe.note_written"

    note_id: UUID


class LineIn(BaseModel):
    """A part of a note."""

    quantity: int = Field(gt=0)


class NoteIn(BaseModel):
    """A note to write."""

    id: UUID
    code: str = Field(max_length=100)
    amount: int
    text: str = Field(default="", max_length=1000)
    lines: list[LineIn] = []


class NoteOut(BaseModel):
    """A note as it is."""

    id: UUID
    code: str
    amount: int
    text: str


router = APIRouter(prefix="/probe", tags=["Notes"])


async def authenticate(_uow: UnitOfWork, token: str) -> Actor:
    """Return the person of a token; raises NotSignedIn."""
    if token not in PEOPLE:
        raise NotSignedIn("Your session has ended; sign in again.")
    return PEOPLE[token]


@router.get("/me")
async def show_me(uow: Annotated[UnitOfWork, work(SignedIn())]) -> str:
    """Return the caller's name."""
    return uow.actor.name


@router.get("/notes")
async def list_notes(
    uow: Annotated[UnitOfWork, work(READ)], limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> list[NoteOut]:
    """Return notes by code."""
    rows = await uow.read("SELECT id, code, amount, text FROM probe_note ORDER BY code LIMIT $1", limit)
    return [NoteOut(**row) for row in rows]


@router.get("/notes/{note_id}")
async def show_note(uow: Annotated[UnitOfWork, work(READ)], note_id: UUID) -> NoteOut:
    """Return a note."""
    row = await uow.read_row("SELECT id, code, amount, text FROM probe_note WHERE id = $1", note_id)
    if row is None:
        raise NotFound("There is no such note.")
    return NoteOut(**row)


@router.get("/notes/by-code/{code}")
async def find_note(uow: Annotated[UnitOfWork, work(READ)], code: str) -> NoteOut:
    """Return a note by its code."""
    row = await uow.read_row("SELECT id, code, amount, text FROM probe_note WHERE code = $1", code)
    if row is None:
        raise NotFound("There is no note with this code.")
    return NoteOut(**row)


@router.post("/notes", status_code=201)
async def write_note(uow: Annotated[UnitOfWork, work(WRITE)], note: NoteIn) -> NoteOut:
    """Write a note."""
    await uow.write(ADD, note.id, note.code, note.amount, note.text)
    uow.publish(NoteWritten(note_id=note.id))
    return NoteOut(**note.model_dump(exclude={"lines"}))


@router.delete("/notes/{note_id}", status_code=204)
async def remove_note(uow: Annotated[UnitOfWork, work(WRITE)], note_id: UUID) -> None:
    """Remove a note; one with remarks stays."""
    await uow.write("SET CONSTRAINTS ALL IMMEDIATE")
    await uow.write("DELETE FROM probe_note WHERE id = $1", note_id)


@router.post("/notes/{note_id}/remarks", status_code=201)
async def add_remark(uow: Annotated[UnitOfWork, work(WRITE)], note_id: UUID) -> UUID:
    """Add a remark without looking whether the note exists: only the commit finds out."""
    remark = ids.new_id()
    await uow.write("INSERT INTO probe_remark (id, note_id) VALUES ($1, $2)", remark, note_id)
    uow.publish(NoteWritten(note_id=note_id))
    return remark
