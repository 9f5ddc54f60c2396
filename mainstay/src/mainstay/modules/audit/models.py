"""The tables of the audit trail. All are appended to; only what seals is ever removed, and what has had its time."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, LargeBinary, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base

POSITION = "audit_entry.position"


class AuditEntry(Base):
    """One act; what the chain covers, and nothing that names anybody. People are no foreign keys: entries outlive them.

    `position` says nothing of the order in which entries were committed; that of the chain is `AuditLink.sequence`.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        CheckConstraint("act ~ '^[a-z]+[.][a-z_]+$'", name="act_named"),
        CheckConstraint("object_type ~ '^[a-z]+[.][a-z_]+$'", name="object_type_named"),
        Index(None, "happened_at"),
        Index(None, "act", "position"),
        Index(None, "actor_id", "position"),
        Index(None, "object_type", "object_id", "position"),
    )

    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    happened_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
    act: Mapped[str] = mapped_column(Text)
    object_type: Mapped[str] = mapped_column(Text)
    object_id: Mapped[str | None] = mapped_column(Text)
    actor_kind: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[UUID | None]
    actor_role: Mapped[str] = mapped_column(Text)
    approver_id: Mapped[UUID | None]
    request_id: Mapped[str] = mapped_column(Text)
    actor_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    change_digest: Mapped[bytes | None] = mapped_column(LargeBinary)


class AuditPrivate(Base):
    """What may be erased of an entry: who the `actor` was and from where, or the `change` with its reason."""

    __tablename__ = "audit_private"
    __table_args__ = (CheckConstraint("part IN ('actor', 'change')", name="part_known"),)

    position: Mapped[int] = mapped_column(BigInteger, ForeignKey(POSITION), primary_key=True)
    part: Mapped[str] = mapped_column(Text, primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[dict[str, object]] = mapped_column(JSONB)


class AuditLink(Base):
    """The place of an entry in the chain; each link names the hash of the one before, and none is named twice."""

    __tablename__ = "audit_link"

    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(BigInteger, ForeignKey(POSITION), unique=True)
    previous: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class AuditPending(Base):
    """That an entry waits for its place in the chain."""

    __tablename__ = "audit_pending"

    position: Mapped[int] = mapped_column(BigInteger, ForeignKey(POSITION), primary_key=True, autoincrement=False)


class AuditCheckpoint(Base):
    """Up to where entries have had their time and are gone: the chain goes on from this hash."""

    __tablename__ = "audit_checkpoint"

    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    removed: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
