"""Errors of the program, each mistake once; what its requests were like; and what loggers are to write for a while."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base, HasId

STATES: Final = "state IN ('open', 'resolved', 'ignored')"


class Error(HasId, Base):
    """A mistake: what went wrong in the same way, at the same place, in the same part of the program.

    One that was resolved and comes again is open again: `returns` counts that, `returned_at` and `returned_release`
    say when and in which release it did last. `told_at` is when people were told of it, this time. `version` counts
    what people did and its returns, not how often it comes.
    """

    __tablename__ = "operations_error"
    __table_args__ = (
        CheckConstraint(STATES, name="state_known"),
        CheckConstraint("count > 0", name="has_come"),
        Index("uq_operations_error_fingerprint", "fingerprint", unique=True),
        Index(None, "last_at", "id"),
    )

    fingerprint: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    kind: Mapped[str | None] = mapped_column(Text)
    place: Mapped[str] = mapped_column(Text)
    event: Mapped[str] = mapped_column(Text)
    count: Mapped[int] = mapped_column(BigInteger)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    first_release: Mapped[str] = mapped_column(Text)
    last_release: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default=text("'open'"))
    resolved_at: Mapped[datetime | None]
    resolved_release: Mapped[str | None] = mapped_column(Text)
    returns: Mapped[int] = mapped_column(server_default=text("0"))
    returned_at: Mapped[datetime | None]
    returned_release: Mapped[str | None] = mapped_column(Text)
    told_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))


class Occurrence(Base):
    """One of the last times that a mistake was made; the next takes the `slot` of the oldest."""

    __tablename__ = "operations_error_occurrence"

    error_id: Mapped[UUID] = mapped_column(ForeignKey("operations_error.id", ondelete="CASCADE"), primary_key=True)
    slot: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
    release: Mapped[str] = mapped_column(Text)
    machine: Mapped[str] = mapped_column(Text)
    request_id: Mapped[str | None] = mapped_column(Text)
    trace_id: Mapped[str | None] = mapped_column(Text)
    sentence: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, str]] = mapped_column(JSONB)
    frames: Mapped[list[dict[str, str | int | bool]]] = mapped_column(JSONB)


class ErrorWriter(Base):
    """Up to which batch a process has written its errors: one that is tried again is not counted again."""

    __tablename__ = "operations_error_writer"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    batch: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]


class PromiseStep(Base):
    """What one process counted in a few minutes, or, with the id of nobody, all of them in an hour that is over."""

    __tablename__ = "operations_promise_step"

    began_at: Mapped[datetime] = mapped_column(primary_key=True)
    writer: Mapped[UUID] = mapped_column(primary_key=True)
    requests: Mapped[int] = mapped_column(BigInteger)
    failed: Mapped[int] = mapped_column(BigInteger)
    answered: Mapped[int] = mapped_column(BigInteger)
    slow: Mapped[int] = mapped_column(BigInteger)


class LogLevel(Base):
    """How much a logger, and those below it, are to write in all processes until a moment."""

    __tablename__ = "operations_log_level"

    logger: Mapped[str] = mapped_column(Text, primary_key=True)
    level: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime]
