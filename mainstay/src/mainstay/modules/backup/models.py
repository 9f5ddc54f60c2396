"""Backups that were made or failed, and which database this is."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base, HasId

STATES: Final = "state IN ('making', 'verified', 'unverified', 'broken', 'failed')"


class Database(Base):
    """Which database this is. A restored copy is another one: an archive holds the rows of neither of these tables.

    `alarm_since` says since when no verified archive is young enough, `told_at` when owners were last told.
    """

    __tablename__ = "backup_database"
    __table_args__ = (CheckConstraint("is_only", name="one_row"),)

    is_only: Mapped[bool] = mapped_column(primary_key=True, server_default=text("true"))
    id: Mapped[UUID]
    known_since: Mapped[datetime]
    alarm_since: Mapped[datetime | None]
    told_at: Mapped[datetime | None]


class Archive(HasId, Base):
    """A backup: `verified` was restored and compared, `unverified` could not be, `broken` failed that.

    Of one that `failed` there is no archive.
    """

    __tablename__ = "backup_archive"
    __table_args__ = (
        CheckConstraint("kind IN ('scheduled', 'asked')", name="kind_known"),
        CheckConstraint(STATES, name="state_known"),
        CheckConstraint("(ended_at IS NULL) = (state = 'making')", name="ended_unless_making"),
        CheckConstraint("(path IS NULL) = (state IN ('making', 'failed'))", name="path_where_made"),
        Index(None, "started_at", "id"),
    )

    database_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default=text("'making'"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    path: Mapped[str | None] = mapped_column(Text)
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    row_count: Mapped[int | None] = mapped_column(BigInteger)
    is_encrypted: Mapped[bool] = mapped_column(server_default=text("false"))
    reason: Mapped[str | None] = mapped_column(Text)
