"""Pictures of business cards, what was read from them, and what people corrected."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Integer, LargeBinary, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base

FIELD_KINDS = "'name', 'title', 'department', 'company', 'phone', 'email', 'website', 'address'"


class CardBatch(Base):
    """Pictures that were sent together."""

    __tablename__ = "crm_card_batch"
    __table_args__ = (Index(None, "created_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class CardPhoto(Base):
    """A picture: `content` at full size without metadata, `display` upright and smaller once it was looked at.

    `sha256` is of the file as it was sent, once for each owner; `owner_id` is who sent it, null for a service or a job.
    `engines` are those of its reading; `tries` counts how often reading it was
    begun since it was last asked for. `scan` says whether a virus scanner has looked at the file.
    """

    __tablename__ = "crm_card_photo"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'reading', 'done', 'failed')", name="state_known"),
        CheckConstraint("media_type IN ('image/jpeg', 'image/png', 'image/webp')", name="media_type_known"),
        CheckConstraint("scan IN ('none', 'clean')", name="scan_known"),
        CheckConstraint("char_length(filename) BETWEEN 1 AND 255", name="filename_in_range"),
        CheckConstraint("size_bytes = length(content)", name="size_is_of_content"),
        CheckConstraint("width > 0 AND height > 0", name="pixels_above_zero"),
        CheckConstraint("state <> 'failed' OR num_nulls(code, sentence) = 0", name="failed_with_reason"),
        Index(None, "sha256", "owner_id", unique=True, postgresql_nulls_not_distinct=True),
        Index(None, "owner_id", "created_at", "id"),
        Index(None, "batch_id", "created_at", "id"),
        Index(None, "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("crm_card_batch.id"))
    owner_id: Mapped[UUID | None]
    filename: Mapped[str] = mapped_column(Text)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    size_bytes: Mapped[int] = mapped_column(Integer)
    media_type: Mapped[str] = mapped_column(Text)
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    display: Mapped[bytes | None] = mapped_column(LargeBinary)
    engines: Mapped[str | None] = mapped_column(Text)
    scan: Mapped[str] = mapped_column(Text, server_default=text("'none'"))
    state: Mapped[str] = mapped_column(Text, server_default=text("'waiting'"))
    code: Mapped[str | None] = mapped_column(Text)
    sentence: Mapped[str | None] = mapped_column(Text)
    tries: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    read_at: Mapped[datetime | None]


class Card(Base):
    """A card of a picture: as it was read, as a reviewer has it now, and what became of it.

    `read` holds boxes and fields as they were read; `alone` is the draft as it was before other sides were joined.
    A card that is the other side of another is `joined_to` that one.
    """

    __tablename__ = "crm_card"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'accepted', 'skipped')", name="state_known"),
        CheckConstraint("number > 0", name="number_above_zero"),
        CheckConstraint("joined_to <> id", name="joined_to_another"),
        CheckConstraint("(state = 'draft') = (decided_at IS NULL)", name="decided_at_some_time"),
        CheckConstraint("jsonb_typeof(boxes) = 'array' AND jsonb_typeof(fields) = 'array'", name="boxes_and_fields"),
        CheckConstraint("jsonb_typeof(contact) = 'object'", name="contact_object"),
        Index(None, "photo_id", "number", unique=True),
        Index(None, "joined_to", postgresql_where=text("joined_to IS NOT NULL")),
        Index(None, "contact_id", postgresql_where=text("contact_id IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("crm_card_photo.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(Text, server_default=text("'draft'"))
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    place: Mapped[list[Any]] = mapped_column(JSONB)
    code: Mapped[str] = mapped_column(Text, server_default=text("''"))
    boxes: Mapped[list[Any]] = mapped_column(JSONB)
    fields: Mapped[list[Any]] = mapped_column(JSONB)
    contact: Mapped[dict[str, Any]] = mapped_column(JSONB)
    read: Mapped[dict[str, Any]] = mapped_column(JSONB)
    alone: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    joined_to: Mapped[UUID | None] = mapped_column(ForeignKey("crm_card.id", ondelete="SET NULL"))
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("crm_contact.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None]
    decided_by_name: Mapped[str] = mapped_column(Text, server_default=text("''"))


class CardResult(Base):
    """What engines made of a picture: found again by its content and their versions instead of being read again."""

    __tablename__ = "crm_card_reading"
    __table_args__ = (CheckConstraint("jsonb_typeof(readings) = 'array'", name="readings_list"),)

    sha256: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    engines: Mapped[str] = mapped_column(Text, primary_key=True)
    readings: Mapped[list[Any]] = mapped_column(JSONB)
    cpu_ms: Mapped[int] = mapped_column(Integer)
    hits: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class CardCorrection(Base):
    """What a reviewer made of a field: only ever added to, and gone with the picture."""

    __tablename__ = "crm_card_correction"
    __table_args__ = (
        CheckConstraint(f"kind IN ({FIELD_KINDS})", name="kind_known"),
        Index(None, "card_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    card_id: Mapped[UUID] = mapped_column(ForeignKey("crm_card.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(Text)
    index: Mapped[int] = mapped_column(Integer)
    read_value: Mapped[str | None] = mapped_column(Text)
    read_boxes: Mapped[list[Any]] = mapped_column(JSONB)
    kept_value: Mapped[str | None] = mapped_column(Text)
    kept_boxes: Mapped[list[Any]] = mapped_column(JSONB)
    box_texts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(Text)
    happened_at: Mapped[datetime] = mapped_column(server_default=func.now())
