"""Files of cards that wait for the virus scanner, apart from pictures: whatever reads those never sees these."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base


class CardUpload(Base):
    """A file that was sent while the scanner was away, and what became of it; its bytes are here only while it waits.

    `owner_id` is who sent it, null for a service, and `reach` whose pictures they reached, null for everybody's: what
    comes of it is kept as if they had sent it then. `photo_ids` are the pictures that came of it, `refused` the files
    of an archive that were not taken.
    """

    __tablename__ = "crm_card_upload"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'taken', 'refused')", name="state_known"),
        CheckConstraint("scan IN ('none', 'waiting', 'clean', 'infected')", name="scan_known"),
        CheckConstraint("state <> 'taken' OR scan IN ('none', 'clean')", name="taken_was_looked_at"),
        CheckConstraint("num_nonnulls(code, sentence) = CASE state WHEN 'refused' THEN 2 ELSE 0 END", name="reason"),
        CheckConstraint("(decided_at IS NULL) = (state = 'waiting')", name="decided_at_some_time"),
        CheckConstraint("char_length(filename) BETWEEN 1 AND 255", name="filename_in_range"),
        CheckConstraint("jsonb_typeof(refused) = 'array'", name="refused_list"),
        # The same file of the same person waits once.
        Index(
            None,
            "sha256",
            "owner_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(None, "batch_id", "created_at", "id"),
        Index(None, "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("crm_card_batch.id", ondelete="CASCADE"))
    owner_id: Mapped[UUID | None]
    reach: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid))
    filename: Mapped[str] = mapped_column(Text)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    size_bytes: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(Text, server_default=text("'waiting'"))
    scan: Mapped[str] = mapped_column(Text, server_default=text("'waiting'"))
    code: Mapped[str | None] = mapped_column(Text)
    sentence: Mapped[str | None] = mapped_column(Text)
    photo_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default=text("'{}'"))
    refused: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    decided_at: Mapped[datetime | None]


class CardUploadChunk(Base):
    """A part of a file that waits."""

    __tablename__ = "crm_card_upload_chunk"

    upload_id: Mapped[UUID] = mapped_column(ForeignKey("crm_card_upload.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
