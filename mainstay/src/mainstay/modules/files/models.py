"""Files, the pieces in which they come, and the smaller forms of pictures."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base, HasId

STATES: Final = "state IN ('receiving', 'quarantined', 'ready', 'refused')"
SCANS: Final = "scan IN ('none', 'waiting', 'clean', 'infected')"


class File(HasId, Base):
    """A file of a record. `received` bytes of `size` have come; `key` is where all of them lie, once they are whole.

    `scan` says what the scanner found, `none` where nobody looked. `turn` is by how many degrees a picture was turned
    clockwise. `missing_since` is when its bytes were not found where they should lie.
    """

    __tablename__ = "files_file"
    __table_args__ = (
        CheckConstraint(STATES, name="state_known"),
        CheckConstraint(SCANS, name="scan_known"),
        CheckConstraint("(state = 'refused') = (reason IS NOT NULL)", name="refused_for_a_reason"),
        CheckConstraint("(state IN ('quarantined', 'ready')) = (key IS NOT NULL)", name="whole_has_a_key"),
        CheckConstraint("received >= 0 AND received <= size", name="received_within_size"),
        CheckConstraint("turn IN (0, 90, 180, 270)", name="turn_known"),
        Index(None, "owner_kind", "owner_id", "created_at", "id"),
        Index("ix_files_file_unready", "created_at", postgresql_where=text("state <> 'ready'")),
    )

    owner_kind: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[UUID]
    filename: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    stored: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(Text, server_default=text("'receiving'"))
    reason: Mapped[str | None] = mapped_column(Text)
    scan: Mapped[str] = mapped_column(Text, server_default=text("'none'"))
    key: Mapped[str | None] = mapped_column(Text)
    sha256: Mapped[bytes | None] = mapped_column(LargeBinary)
    media_type: Mapped[str | None] = mapped_column(Text)
    width: Mapped[int | None]
    height: Mapped[int | None]
    turn: Mapped[int] = mapped_column(server_default=text("0"))
    created_by: Mapped[UUID | None]
    created_by_name: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    missing_since: Mapped[datetime | None]


class Piece(Base):
    """A piece of a file that is being received: it begins at `start` and lies under `key`."""

    __tablename__ = "files_piece"

    file_id: Mapped[UUID] = mapped_column(ForeignKey("files_file.id", ondelete="CASCADE"), primary_key=True)
    start: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    key: Mapped[str] = mapped_column(Text)


class Form(Base):
    """A smaller form of a picture, `thumbnail` or `screen`, turned as the picture was.

    The same in AVIF lies under `avif_key`, where that is smaller.
    """

    __tablename__ = "files_form"
    __table_args__ = (CheckConstraint("name IN ('thumbnail', 'screen')", name="name_known"),)

    file_id: Mapped[UUID] = mapped_column(ForeignKey("files_file.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    key: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int]
    height: Mapped[int]
    avif_key: Mapped[str | None] = mapped_column(Text)
    avif_size: Mapped[int | None] = mapped_column(BigInteger)
